"""Plans: tables with a header found by its words, merged cells, repeated headers, and plans written as text."""

from bihuan.core.reading import read
from tests.core.reading_sources import from_rows, from_text

HEADER = ("序号", "反馈问题", "具体问题", "整改任务", "整改措施", "牵头领导", "牵头单位", "配合单位", "整改类型", "完成时限", "预期成效", "备注")  # fmt: skip


def test_a_row_is_a_task_with_its_problem_and_finding() -> None:
    document = read(
        from_rows(
            ("云岭县农机局党组整改任务表",),
            HEADER,
            ("1", "（一）学习不够深入", "1.计划不实", "修订计划", "列出专题；每月检查", "甲", "办公室", "人事科、财务科", "立行立改", "2022年12月底前", "学完12个专题", ""),
        )
    )  # fmt: skip
    (task,) = document.tasks
    assert (document.kind, task.number, task.title) == ("plan", "1", "修订计划")
    assert (task.problem_number, task.problem_title, task.finding_title) == ("1", "计划不实", "学习不够深入")
    assert (task.lead_leader, task.lead_unit, task.joint_units) == ("甲", "办公室", ("人事科", "财务科"))
    assert (task.category, task.due_on, task.expected) == ("立行立改", "2022-12", "学完12个专题")


def test_merged_cells_take_what_stands_above_within_their_problem() -> None:
    document = read(
        from_rows(
            HEADER,
            ("1", "学习不够深入", "计划不实", "修订计划", "列专题", "甲", "办公室", "人事科", "立行立改", "2022-12-31", "", ""),
            ("2", "", "", "公开进度", "季末公开", "", "", "", "", "", "", ""),
            ("3", "", "效果不好", "加强测试", "每季测试", "乙", "人事科", "", "长期", "长期坚持", "", ""),
        )
    )  # fmt: skip
    first, second, third = document.tasks
    assert (second.finding_title, second.problem_title, second.lead_leader) == (
        "学习不够深入",
        "计划不实",
        "甲",
    )
    assert second.due_on == first.due_on == "2022-12-31"
    assert (third.finding_title, third.problem_title, third.lead_unit) == (
        "学习不够深入",
        "效果不好",
        "人事科",
    )
    assert third.joint_units == ()


def test_a_time_limit_that_is_no_date_is_kept_as_printed() -> None:
    document = read(
        from_rows(
            HEADER, ("1", "学习不够", "计划不实", "修订", "列专题", "甲", "办", "", "", "长期坚持", "", "")
        )
    )
    assert document.tasks[0].due_on is None
    assert ("完成时限", "长期坚持") in document.tasks[0].other


def test_the_problems_of_a_plan_are_listed_once_each() -> None:
    document = read(
        from_rows(
            HEADER,
            ("1", "学习不够", "1.计划不实", "甲任务", "a", "", "", "", "", "", "", ""),
            ("2", "学习不够", "1.计划不实", "乙任务", "b", "", "", "", "", "", "", ""),
            ("3", "管理不严", "2.档案不全", "丙任务", "c", "", "", "", "", "", "", ""),
        )
    )
    assert [(f.title, [(p.number, p.title) for p in f.problems]) for f in document.findings] == [
        ("学习不够", [("1", "计划不实")]),
        ("管理不严", [("2", "档案不全")]),
    ]


def test_a_header_repeated_on_the_next_page_is_no_task() -> None:
    row = ("1", "学习不够", "计划不实", "修订", "列专题", "甲", "办", "", "", "", "", "")
    assert len(read(from_rows(HEADER, row, HEADER, row)).tasks) == 2


def test_columns_in_another_order_with_other_words_are_found() -> None:
    document = read(
        from_rows(
            ("编号", "存在问题", "整改时限", "责任单位", "具体措施", "责任领导", "完成情况"),
            ("1", "计划不实", "2022.9.30", "办公室", "列专题", "甲", "已完成"),
        )
    )
    (task,) = document.tasks
    assert (task.problem_title, task.due_on, task.lead_unit, task.measures, task.lead_leader, task.status) == (
        "计划不实", "2022-09-30", "办公室", "列专题", "甲", "已完成",
    )  # fmt: skip


def test_a_table_of_problems_with_answers_is_no_plan() -> None:
    document = read(
        from_rows(
            ("序号", "反馈问题", "具体问题", "整改情况"),
            ("1", "学习不够", "计划不实", "已修订计划，学习12次。"),
        )
    )
    (problem,) = document.findings[0].problems
    assert document.kind != "plan"
    assert (problem.title, problem.response, problem.figures[0].text) == (
        "计划不实",
        "已修订计划，学习12次。",
        "12次",
    )


def test_a_plan_written_as_text_gives_its_tasks() -> None:
    document = read(
        from_text(
            "云岭县农机局党组落实县委第五巡察组反馈意见的整改方案\n"
            "为认真落实县委第五巡察组反馈意见，制定本方案。\n"
            "一、总体要求\n坚持问题导向。\n二、整改任务\n（一）学习不够深入\n1.计划不实\n"
            "整改措施：列出专题；每月检查。\n责任领导：甲  责任单位：办公室\n完成时限：2022年12月底前\n"
            "2.效果不好\n整改措施：每季测试。\n牵头单位：人事科\n配合单位：办公室、财务科\n完成时限：长期坚持\n"
        )
    )
    assert document.kind == "plan"
    assert [(t.number, t.title, t.lead_unit, t.due_on) for t in document.tasks] == [
        ("1", "计划不实", "办公室", "2022-12"),
        ("2", "效果不好", "人事科", None),
    ]
    assert document.tasks[0].finding_title == "学习不够深入"
    assert document.tasks[0].lead_leader == "甲"
    assert document.tasks[1].joint_units == ("办公室", "财务科")
    assert [(f.title, [p.title for p in f.problems]) for f in document.findings] == [
        ("学习不够深入", ["计划不实", "效果不好"])
    ]
