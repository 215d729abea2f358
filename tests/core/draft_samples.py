"""Documents made by hand for the tests of drafts: a feedback text, a notice and a plan, with their lines."""

from bihuan.core.reading.document import (
    Contact,
    Document,
    Finding,
    Heading,
    InspectionFacts,
    Part,
    PlanTask,
    Problem,
    TallyFigure,
    Unmapped,
)
from bihuan.core.source import Line, Place


def lines(*texts: str) -> list[Line]:
    return [Line(text, Place(at)) for at, text in enumerate(texts, 1) if text]


FACTS = InspectionFacts(
    kind="巡察", team="云洲市委园区专项巡察组", subject="江澜高新区党工委", starts_on="2026-03-16", ends_on="2026-04-24",
    feedback_on="2026-06-12",
)  # fmt: skip

FEEDBACK_LINES = lines(
    "关于巡察江澜高新区党工委的反馈意见",
    "2026年3月16日至4月24日，巡察组进行了专项巡察。",
    "一、总体评价",
    "发现三个方面2个反馈问题3个具体问题。",
    "二、贯彻落实上级决策部署方面",
    "（一）学习不够深入",
    "1.学习计划性不强",
    "2025年列专题12个，实际学习7个。",
    "有两次学习没有研讨记录。",
    "2.研讨联系实际不紧",
    "三、全面从严治党方面",
    "（二）履行主体责任有差距",
    "3.研究部署不及时",
    "四、意见建议",
    "（一）把整改责任扛起来。",
    "【打印】【关闭】",
    "云洲市委园区专项巡察组",
)


def feedback() -> Document:
    first = Finding(
        "一", "学习不够深入", Place(6), aspect="贯彻落实上级决策部署方面",
        problems=(
            Problem("1", "学习计划性不强", Place(7), text="2025年列专题12个，实际学习7个。\n有两次学习没有研讨记录。"),
            Problem("2", "研讨联系实际不紧", Place(10)),
        ),
    )  # fmt: skip
    second = Finding(
        "二", "履行主体责任有差距", Place(12), aspect="全面从严治党方面", problems=(Problem("3", "研究部署不及时", Place(13)),)
    )  # fmt: skip
    return Document(
        name="反馈意见.docx", kind="feedback", title="关于巡察江澜高新区党工委的反馈意见", inspection=FACTS,
        tally=(TallyFigure("aspects", 3, "三个方面", Place(4)), TallyFigure("problems", 3, "3个具体问题", Place(4))),
        headings=(
            Heading("一、", "总体评价", 1, Place(3)), Heading("二、", "贯彻落实上级决策部署方面", 1, Place(5)),
            Heading("（一）", "学习不够深入", 2, Place(6)), Heading("1.", "学习计划性不强", 3, Place(7)),
            Heading("2.", "研讨联系实际不紧", 3, Place(10)), Heading("三、", "全面从严治党方面", 1, Place(11)),
            Heading("（二）", "履行主体责任有差距", 2, Place(12)), Heading("3.", "研究部署不及时", 3, Place(13)),
            Heading("四、", "意见建议", 1, Place(14)),
        ),
        findings=(first, second),
        parts=(
            Part("title", None, Place(1), 1), Part("opening", None, Place(2), 2), Part("body", "总体评价", Place(3), 4),
            Part("findings", "贯彻落实上级决策部署方面", Place(5), 13), Part("follow_up", "意见建议", Place(14), 15),
            Part("signature", None, Place(17), 17),
        ),
        unmapped=(Unmapped("【打印】【关闭】", Place(16)),),
        signed_by="云洲市委园区专项巡察组",
    )  # fmt: skip


NOTICE_LINES = lines(
    "关于巡察整改进展情况的通报",
    "2026年6月12日，巡察组反馈了意见。",
    "一、组织整改落实情况",
    "召开会议认领问题。",
    "三个方面14个具体问题49项分项任务，已完成整改39个，基本完成整改7个，长期整改3个，建章立制25项。",
    "二、巡察反馈问题整改情况",
    "（一）反馈问题：学习不够深入。",
    "1.学习计划性不强。",
    "整改情况：制定《学习管理办法》，印发《学习计划通知》。",
    "2.研讨联系实际不紧。",
    "整改情况：一是列出问题。",
    "二是修订《研讨规则》《学习管理办法》。",
    "三、下一步安排",
    "继续整改。",
    "联系电话：0720-5613028",
)
TALLY = {
    "aspects": 3, "problems": 14, "tasks": 49, "completed": 39, "basically_completed": 7, "long_term": 3, "policies": 25,
}  # fmt: skip


def notice() -> Document:
    problems = (
        Problem(
            "1", "学习计划性不强。", Place(8), response="制定《学习管理办法》，印发《学习计划通知》。", response_places=(Place(9),)
        ),
        Problem(
            "2", "研讨联系实际不紧。", Place(10), response="一是列出问题。\n二是修订《研讨规则》《学习管理办法》。",
            response_places=(Place(11), Place(12)),
        ),
    )  # fmt: skip
    return Document(
        name="整改通报.docx", kind="notice", title="关于巡察整改进展情况的通报", inspection=FACTS, as_of="2026-11-20",
        tally=tuple(TallyFigure(key, value, f"{value}", Place(5)) for key, value in TALLY.items()),
        findings=(Finding("一", "学习不够深入。", Place(7), problems=problems),),
        parts=(
            Part("title", None, Place(1), 1), Part("opening", None, Place(2), 2),
            Part("organisation", "组织整改落实情况", Place(3), 5), Part("tally", None, Place(5), 5),
            Part("rectification", "巡察反馈问题整改情况", Place(6), 12), Part("follow_up", "下一步安排", Place(13), 14),
            Part("contact", None, Place(15), 15),
        ),
        contact=Contact(phone="0720-5613028"), signed_by="江澜高新区党工委", signed_on="2026-11-20",
    )  # fmt: skip


def plan(rows: int = 4, problems: int = 3) -> Document:
    tasks = tuple(
        PlanTask(
            f"{at % problems + 1}-{at // problems + 1}", f"任务{at + 1}", Place(at + 2, cell=f"A{at + 2}"),
            problem_number=str(at % problems + 1),
            problem_title=("学习计划性不强", "研讨联系实际不紧", "研究部署不及时")[at % problems] if problems == 3 else None,
            measures="核对台账；逐户改正。", lead_leader="程立岩", lead_unit=f"部门{at % 15 + 1}",
            joint_units=(f"部门{(at + 1) % 15 + 1}",), category="立行立改", due_on="2026-08-31", expected="改正。",
        )
        for at in range(rows)
    )  # fmt: skip
    end = rows + 1
    return Document(
        name="整改方案.xlsx", kind="plan", tasks=tasks, parts=(Part("table", None, Place(1), end),),
    )  # fmt: skip


def plan_lines(rows: int = 4) -> list[Line]:
    head = [Line("编号\t整改任务", Place(1), role="row", cells=("编号", "整改任务"))]
    return head + [
        Line(f"1-{at}\t任务{at}", Place(at + 1), role="row", cells=(f"1-{at}", f"任务{at}"))
        for at in range(1, rows + 1)
    ]
