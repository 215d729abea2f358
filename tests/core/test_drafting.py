import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.draft_edits import VERBS, Edit, EditRefused, apply
from bihuan.core.draft_faults import blocks, counts, faults, is_date
from bihuan.core.draft_institutions import proposed
from bihuan.core.draft_matching import Known, matched
from bihuan.core.draft_reading import mode_of, tree_of
from bihuan.core.drafting import FACTS, PARENTS, Tree, from_json, to_json
from bihuan.core.reading.document import Document
from tests.core import draft_samples as samples


def live() -> Tree:
    return tree_of(samples.feedback(), samples.FEEDBACK_LINES, mode="live")


def archive() -> Tree:
    return tree_of(samples.notice(), samples.NOTICE_LINES, mode="archive")


def plan(rows: int = 4) -> Tree:
    return tree_of(samples.plan(rows), samples.plan_lines(rows), mode="tasks")


def owned(tree: Tree) -> list[int]:
    return sorted(line for node in tree.nodes for line in node.lines)


def titles(tree: Tree, kind: str) -> list[str]:
    return [node.title for node in tree.of_kind(kind)]


def only(tree: Tree, kind: str, at: int = 0):
    return tree.of_kind(kind)[at]


def codes(tree: Tree) -> set[str]:
    return {fault.code for fault in faults(tree)}


@pytest.mark.parametrize(
    ("tree", "lines"),
    [(live(), samples.FEEDBACK_LINES), (archive(), samples.NOTICE_LINES), (plan(), samples.plan_lines())],
)
def test_every_line_belongs_to_exactly_one_node(tree, lines):
    assert owned(tree) == sorted(line.place.line for line in lines)


def test_feedback_gives_a_live_inspection_with_its_facts():
    tree = live()
    assert mode_of(samples.feedback()) == "live"
    assert tree.root.title == "2026年云洲市委园区专项巡察"
    assert tree.root.fact("feedback_on") == "2026-06-12"
    assert titles(tree, "aspect") == ["贯彻落实上级决策部署方面", "全面从严治党方面"]
    assert [node.number for node in tree.of_kind("problem")] == ["1", "2", "3"]
    assert not blocks(faults(tree))


def test_description_lines_belong_to_their_problem_and_headings_do_not():
    tree = live()
    assert only(tree, "problem").lines == (7, 8, 9)
    assert only(tree, "problem", 1).lines == (10,)
    assert only(tree, "problem", 2).lines == (13,)


def test_what_stands_outside_findings_is_kept_as_passages():
    assert [(node.fact("part"), node.line) for node in live().of_kind("passage")] == [
        ("opening", 2), ("body", 4), ("follow_up", 15),
    ]  # fmt: skip
    assert [(node.fact("part"), node.line) for node in archive().of_kind("passage")] == [
        ("opening", 2), ("organisation", 4), ("organisation", 5), ("follow_up", 14),
    ]  # fmt: skip


def test_page_furniture_stays_unmapped():
    assert [node.line for node in live().of_kind("unmapped")] == [16]


def test_a_notice_declares_its_figures_and_no_task_is_made_up():
    tree = archive()
    assert mode_of(samples.notice()) == "archive"
    assert {node.fact("key"): int(node.fact("value")) for node in tree.of_kind("declared")} == samples.TALLY
    assert {node.fact("as_of") for node in tree.of_kind("declared")} == {"2026-11-20"}
    assert tree.of_kind("task") == []


def test_institutions_are_proposed_once_with_the_likely_ones_ticked():
    assert [(node.title, node.skip) for node in archive().of_kind("institution")] == [
        ("学习管理办法", False), ("学习计划通知", True), ("研讨规则", False),
    ]  # fmt: skip


def test_titles_that_are_only_cited_are_not_proposed():
    assert proposed("按照《安全生产法》检查，学习《条例》。") == []


def test_counts_stand_beside_the_declared_ones_with_a_reason():
    rows = {row.key: row for row in counts(archive())}
    assert (rows["problems"].declared, rows["problems"].listed) == (14, 2)
    assert rows["tasks"].code == "documents.count-tasks-total-sums"
    assert rows["tasks"].params["sum"] == "39+7+3"
    assert rows["completed"].listed is None
    assert rows["policies"].listed == 2


def test_repeated_numbers_are_counted_through():
    document = samples.feedback()
    again = [
        one.__class__(**{**{name: getattr(one, name) for name in one.__slots__}, "number": "一"})
        for one in document.findings
    ]
    fresh = Document(name="x", kind="feedback", findings=tuple(again))
    tree = tree_of(fresh, samples.FEEDBACK_LINES, mode="live")
    assert [node.number for node in tree.of_kind("finding")] == ["一", "二"]


def test_a_plan_gives_tasks_whose_words_are_understood():
    task = only(plan(), "task")
    assert task.fact("category") == "at_once"
    assert task.fact("joint") == "部门2"
    assert task.cell == "A2"


def test_rows_match_by_number_then_by_title_and_the_rest_is_left_to_a_person():
    known = [Known(10, "1", "学习计划性不强。"), Known(20, "7", "研讨联系实际不紧")]
    tree = matched(plan(), known)
    by_number = {node.number: node for node in tree.of_kind("task")}
    assert by_number["1-1"].fact("problem_id") == "10"
    assert by_number["1-1"].fact("matched") == "both"
    assert by_number["2-1"].fact("problem_id") == "20"
    assert by_number["2-1"].fact("matched") == "title"
    assert by_number["3-1"].fact("problem_id") == ""
    assert "documents.fault-task-without-problem" in codes(tree)


def test_a_number_whose_title_differs_is_shown():
    assert "documents.fault-task-title-differs" in codes(matched(plan(), [Known(1, "1", "别的问题")]))


def test_a_person_s_choice_stays():
    tree = matched(plan(), [Known(1, "9", "甲"), Known(2, "8", "乙")])
    task = only(tree, "task")
    tree = apply(tree, Edit("change", task.id, {"problem_id": "2", "matched": "person"}))
    assert only(matched(tree, [Known(1, "1", "甲"), Known(2, "8", "乙")]), "task").fact("problem_id") == "2"


def test_retitle_changes_nothing_else():
    tree = live()
    problem = only(tree, "problem")
    after = apply(tree, Edit("change", problem.id, {"title": "计划性不强"}))
    assert only(after, "problem").title == "计划性不强"
    assert [node.id for node in after.nodes] == [node.id for node in tree.nodes]


def test_split_at_a_sentence_makes_two_problems():
    tree = live()
    problem = only(tree, "problem")
    at = problem.text.index("有两次")
    after = apply(tree, Edit("split", problem.id, {"field": "text", "at": str(at), "line": "9"}))
    first, second = after.of_kind("problem")[:2]
    assert (first.text, second.title, second.text) == (
        "2025年列专题12个，实际学习7个。",
        "有两次学习没有研讨记录",
        "",
    )
    assert (first.lines, second.lines, second.line) == ((7, 8), (9,), 9)
    assert "documents.fault-number-missing" in codes(after)


def test_merge_undoes_a_split():
    tree = live()
    problem = only(tree, "problem")
    after = apply(tree, Edit("split", problem.id, {"field": "title", "at": "2"}))
    back = apply(after, Edit("merge", only(after, "problem", 1).id))
    assert len(back.of_kind("problem")) == 3
    assert owned(back) == owned(tree)


def test_merge_takes_children_along():
    tree = live()
    second = only(tree, "finding", 1)
    moved = apply(tree, Edit("move", second.id, {"to": only(tree, "aspect").id}))
    joined = apply(moved, Edit("merge", second.id))
    assert {node.parent for node in joined.of_kind("problem")} == {only(tree, "finding").id}


def test_move_before_a_sibling_and_renumber_in_order():
    tree = live()
    one, two = tree.of_kind("problem")[:2]
    moved = apply(tree, Edit("move", two.id, {"to": two.parent, "before": one.id}))
    again = apply(moved, Edit("renumber", moved.root.id))
    assert [(node.number, node.title) for node in again.of_kind("problem")][:2] == [
        ("1", two.title), ("2", one.title),
    ]  # fmt: skip


def test_skipped_nodes_and_all_below_are_not_registered():
    tree = apply(live(), Edit("skip", only(live(), "finding").id))
    assert [node.number for node in tree.registered() if node.kind == "problem"] == ["3"]
    back = apply(tree, Edit("unskip", only(tree, "finding").id))
    assert len([node for node in back.registered() if node.kind == "problem"]) == 3


def test_an_unmapped_line_can_become_part_of_a_node_or_a_node():
    tree = live()
    loose, problem, finding = only(tree, "unmapped"), only(tree, "problem", 2), only(tree, "finding", 1)
    text = apply(tree, Edit("assign", loose.id, {"to": problem.id, "as": "text"}))
    assert (only(text, "problem", 2).text, only(text, "problem", 2).lines) == ("【打印】【关闭】", (13, 16))
    node = apply(tree, Edit("assign", loose.id, {"to": finding.id, "as": "problem"}))
    assert titles(node, "problem")[-1] == "【打印】【关闭】"
    assert owned(node) == owned(tree)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (Edit("move", "n3", {"to": "n4"}), "documents.edit-move-kind"),
        (Edit("merge", "n3", {}), "documents.edit-merge-first"),
        (Edit("skip", "n1", {}), "documents.edit-skip-kind"),
        (Edit("change", "n99", {}), "documents.edit-node-gone"),
        (Edit("change", "n4", {"colour": "red"}), "documents.edit-unknown-field"),
        (Edit("change", "n4", {"title": "\x00"}), "documents.edit-control-characters"),
        (Edit("split", "n4", {"field": "title", "at": "0"}), "documents.edit-split-nothing"),
        (Edit("split", "n4", {"field": "title", "at": "x"}), "documents.edit-not-a-number"),
        (Edit("assign", "n4", {"to": "n3", "as": "text"}), "documents.edit-assign-mapped"),
        (Edit("mode", "n1", {"mode": "tasks"}), "documents.edit-mode-reads-anew"),
        (Edit("fly", "n1", {}), "documents.edit-unknown"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_code(edit, code):
    with pytest.raises(EditRefused) as refused:
        apply(live(), edit)
    assert refused.value.code == code


def test_all_faults_are_told_at_once():
    tree = live()
    one, two = tree.of_kind("problem")[:2]
    for edit in (
        Edit("change", one.id, {"number": "2", "title": ""}),
        Edit("change", tree.root.id, {"ends_on": "2026-13-05", "kind": ""}),
    ):
        tree = apply(tree, edit)
    assert codes(tree) >= {
        "documents.fault-number-doubled", "documents.fault-title-empty", "documents.fault-date-impossible",
        "documents.fault-inspection-kind",
    }  # fmt: skip
    assert [fault.node for fault in faults(tree) if fault.code == "documents.fault-number-doubled"] == [
        one.id,
        two.id,
    ]


def test_a_due_date_before_the_feedback_blocks():
    tree = apply(plan(), Edit("change", "n1", {"feedback_on": "2026-09-01"}))
    assert "documents.fault-due-before-feedback" in codes(tree)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-10", True),
        ("2026-12-31", True),
        ("2026", True),
        ("2026-13", False),
        ("2026-02-30", False),
        ("2026-1", False),
        ("soon", False),
    ],
)
def test_dates_of_day_and_month_precision(text, good):
    assert is_date(text) is good


def test_json_of_another_version_is_not_read():
    with pytest.raises(ValueError, match="version"):
        from_json({"v": 99})


IDS = st.integers(1, 24).map(lambda at: f"n{at}")
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text(max_size=6), "field": st.sampled_from(["title", "text", "response", "measures"]),
        "at": st.integers(-2, 30).map(str), "line": st.integers(0, 20).map(str), "to": IDS, "before": IDS,
        "as": st.sampled_from(["text", "response", "problem", "finding", "passage", "aspect", "none", "measures"]),
        "number": st.text(max_size=2), "mode": st.sampled_from(["live", "archive", "tasks"]),
    },
)  # fmt: skip
EDITS = st.lists(st.builds(Edit, st.sampled_from(sorted(VERBS)), IDS, VALUES), max_size=12)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([live(), archive(), plan()]), EDITS)
def test_no_sequence_of_edits_loses_or_doubles_a_line(tree, edits):
    before = owned(tree)
    for edit in edits:
        try:
            tree = apply(tree, Edit(edit.verb, edit.node, fitting(tree, edit)))
        except EditRefused:
            continue
        assert owned(tree) == before
        by_id = {node.id: node for node in tree.nodes}
        assert len(by_id) == len(tree.nodes)
        assert len(list(tree.walk())) == len(tree.nodes)
        assert all(
            node.kind == "inspection" or by_id[node.parent].kind in PARENTS[node.kind] for node in tree.nodes
        )
    faults(tree), counts(tree)
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


def fitting(tree: Tree, edit: Edit) -> dict[str, str]:
    """Leave to `change` only values that the node may hold, so that it is not refused every time."""
    node = tree.find(edit.node)
    if edit.verb != "change" or node is None:
        return dict(edit.values)
    return {
        name: value for name, value in edit.values.items() if name in ("title", *FACTS.get(node.kind, ()))
    }


@pytest.mark.parametrize("value", ["", "abc", "1.5", "-1", "٣"])
def test_a_declared_figure_stays_a_whole_number(value):
    with pytest.raises(EditRefused) as refused:
        apply(archive(), Edit("change", only(archive(), "declared").id, {"value": value}))
    assert refused.value.code == "documents.edit-not-a-number"
