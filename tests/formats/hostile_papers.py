"""Every official paper with the longest that people write: names of 40 characters, a problem of 1,500, lists of 60."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bihuan.core.assessment import INDICATORS, Filled, compose_assessment, summed
from bihuan.core.brief import Brief, Part, fitted
from bihuan.core.founding import SEATS, Founding, Seat, compose_founding
from bihuan.core.letters import KINDS, LetterFacts, Subject, compose_letter, number_text
from bihuan.core.minutes import Decided, MinutesFacts, Present, compose_minutes
from bihuan.core.paper import Paper, Paragraph, Table
from bihuan.core.plan_text import Facts, compose_plan
from bihuan.core.plans import Item
from bihuan.core.round_papers import Line, RoundFacts, compose_report, compose_sheet
from bihuan.core.sign_sheet import Piece, SheetFacts
from bihuan.core.sign_sheet import compose_sheet as compose_sign_sheet

UNIT = "清江市临港经济技术开发区综合行政执法与应急管理安全生产监督协调联席会议办公室第二党支部"
PERSON = "阿卜杜热西提·买买提依明"
TITLE = "对2024年1月至2026年9月期间的123家规模以上企业逐户核查台账并建立“一企一档”限期销号（第2批）"
PROBLEM = (TITLE + "，涉及资金1,234,567.89万元、面积98765.4平方米，见清临工发〔2026〕12号。") * 25
HASH = "0123456789abcdef" * 4
DAY = "2026-12-31"
MANY = 60

assert len(UNIT) >= 40 and len(PERSON) >= 8 and len(PROBLEM) >= 1500


def letter(kind: str) -> Paper:
    subjects = tuple(Subject(f"{n}-{n}", TITLE, DAY, 100 * (n % 2)) for n in range(1, MANY + 1))
    return compose_letter(
        LetterFacts(
            kind, UNIT, UNIT, number_text(kind, 2026, 128, mark="清临高整"), f"{UNIT}、{UNIT}：",
            f"关于{TITLE}的{KINDS[kind].name}", PROBLEM, PROBLEM[:200], subjects, DAY, DAY, PERSON, "、".join([UNIT] * 6),
        )
    )  # fmt: skip


def minutes() -> Paper:
    manners = ("present", "online", "substitute", "absent", "guest")
    people = tuple(Present(PERSON, f"{UNIT}主任", manners[n % 5], "因公出差") for n in range(30))
    decisions = tuple(Decided(TITLE, f"{UNIT}{PERSON}", DAY) for _ in range(12))
    return compose_minutes(
        MinutesFacts(
            f"{UNIT}整改调度会议纪要", "第128期", f"{UNIT}巡察整改专题会议", DAY, f"{UNIT}第一会议室", PERSON, PERSON, UNIT,
            people, (("会议情况", (PROBLEM,)), ("销号事项", (TITLE,) * 20)), decisions,
            (f"{PERSON}（{UNIT}）回避{TITLE}",) * 3,
        )
    )  # fmt: skip


def founding() -> Paper:
    seats = tuple(Seat(seat, PERSON, f"{UNIT}党工委副书记、管委会主任") for seat in SEATS for _ in range(6))
    duties = "\n".join([PROBLEM[:300]] * 4)
    return compose_founding(
        Founding(UNIT, f"{UNIT}巡察整改工作领导小组", seats, DAY, TITLE, duties, f"{UNIT}整改办", UNIT, duties,
                 f"{UNIT}、{UNIT}", "清临工发〔2026〕128号")
    )  # fmt: skip


def plan() -> Paper:
    looked = [{"scope": UNIT, "found": 12, "fixed": 3}] * 3
    content = []
    for n in range(1, 21):
        content.append(Item(f"finding:{n}", {"number": "一", "title": TITLE}))
        content.append(
            Item(f"problem:{n}", {"number": str(n), "title": TITLE, "cause": PROBLEM if n == 1 else TITLE,
                                  "above": f"finding:{n}", "look_around": looked})
        )  # fmt: skip
        content.extend(
            Item(
                f"task:{n}{m}",
                {
                    "number": f"{n}-{m}", "title": TITLE, "measures": PROBLEM if n == 2 else TITLE, "leader": PERSON,
                    "unit": UNIT, "joint_units": [UNIT] * 2, "category": "at_once", "due_on": DAY, "first_due_on": DAY,
                    "expected": TITLE, "extended": 2, "milestones": [{"due_on": DAY, "title": TITLE}],
                    "needs": [{"title": TITLE, "proves": "result", "optional": True}],
                },
            )
            for m in range(1, 4)
        )  # fmt: skip
    words = {"category:at_once": "立行立改", "proves:result": "结果"}
    facts = Facts(f"{UNIT}巡察整改方案", UNIT, TITLE, "approved", 12, "清临工发〔2026〕128号", UNIT, UNIT, DAY,
                  f"{UNIT}领导小组会议", DAY, words)  # fmt: skip
    return compose_plan(facts, tuple(content))


def round_facts(kind: str = "sampled") -> RoundFacts:
    results = ("holds", "fails", "unseen")
    lines = tuple(
        Line(f"{n}-{n}", TITLE, UNIT, results[n % 3], TITLE if n != 4 else PROBLEM, (PERSON, PERSON), "2026-12-31 10:10",
             "已退回")
        for n in range(1, MANY + 1)
    )  # fmt: skip
    return RoundFacts(
        UNIT, f"{UNIT}专项巡察", f"第一轮督查（{UNIT}）", kind, "2026-09-04", DAY, 128, lines, (TITLE, UNIT), HASH,
        f"1-7-3-8-8+{HASH}", ((1, "1-7-3-8-8", ""), (2, "2-3-4", TITLE)), PROBLEM, DAY, UNIT,
    )  # fmt: skip


def sign_sheet(step: str) -> Paper:
    pieces = tuple(
        Piece(f"{n}-{n} {TITLE}_final_version_2026-12-31.xlsx", "result", HASH) for n in range(MANY)
    )
    return compose_sign_sheet(
        SheetFacts(
            step, "QPBM8DNFKJT9", "https://zhenggai.lingang.qingjiang.gov.cn/bihuan/sheets/code/QPBM8DNFKJT9/", UNIT,
            "12-3", TITLE, UNIT, DAY, PROBLEM, 3, "basically_completed", PROBLEM, TITLE, DAY, DAY, pieces,
            tuple((word, PERSON, DAY) for word in ("申请", "审签", "核查")), DAY,
        )
    )  # fmt: skip


def assessment() -> Paper:
    lines = tuple(
        (one, f"{TITLE}：12345项", 35, PROBLEM if one.code == "t1" else TITLE) for one in INDICATORS
    )
    total = summed(INDICATORS, {one.code: 35 for one in INDICATORS}, untrue=7, veto_from=5)
    return compose_assessment(Filled(f"{UNIT}整改评估表", UNIT, lines, total, 7, 5, TITLE, PROBLEM, DAY))


def binder_index() -> Paper:
    head = ("编号", "材料名称", "种类", "文件日期", "校验码")
    rows = tuple(
        (f"12-3-{n:02}", f"{TITLE}.xlsx", "台账、结果", "2026年12月31日", HASH[:16]) for n in range(MANY)
    )
    table = Table(head, rows, widths=(0.12, 0.31, 0.15, 0.21, 0.21))
    return Paper("第12号问题佐证材料目录", (Paragraph(TITLE), table), signed_on=DAY)


def brief() -> Brief:
    rows = tuple((f"{n}-{n}", TITLE, UNIT, PERSON, f"{n}天", "2026年12月31日") for n in range(1, MANY + 1))
    part = Part(
        "overdue",
        "逾期",
        ("编号", "事项", "责任单位", "牵头领导", "逾期", "期限"),
        (2.4, 8.6, 5.8, 3.6, 2.8, 5.6),
        rows,
    )
    asked = Part("asked", "请决定", ("序", "请示", "建议", "责任单位"), (1.6, 12, 9, 6.4),
                 tuple((str(n), TITLE, TITLE, UNIT) for n in range(9)), unit="件")  # fmt: skip
    return fitted(
        Brief(
            "整改调度专报",
            "第128期",
            UNIT,
            "2026年12月31日",
            TITLE,
            PROBLEM[:150],
            (part, asked),
            PROBLEM,
            UNIT,
        )
    )


PAPERS: Mapping[str, Callable[[], Paper]] = MappingProxyType(
    {
        **{f"letter-{kind}": (lambda kind=kind: letter(kind)) for kind in ("red", "reminder")},
        **{
            f"sheet-{step}": (lambda step=step: sign_sheet(step))
            for step in ("claim", "sign", "verify", "close")
        },
        "minutes": minutes,
        "founding": founding,
        "plan": plan,
        "round-sheet": lambda: compose_sheet(round_facts()),
        "round-report": lambda: compose_report(round_facts()),
        "assessment": assessment,
        "binder-index": binder_index,
    }
)
