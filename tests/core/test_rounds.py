"""What the core decides of rounds, and what their papers say; the rest is tested where it is stored."""

from bihuan.core.paper import Heading, Paragraph, Table
from bihuan.core.round_papers import Line, RoundFacts, compose_report, compose_sheet
from bihuan.core.rounds import Inspector, Looked, person_faults, rates, risk_of

FACTS = RoundFacts(
    organisation="江澜高新区",
    inspection="云洲市委园区专项巡察",
    title="第一轮督查",
    kind="sampled",
    starts_on="2026-11-20",
    ends_on="2026-11-23",
    listed=49,
    lines=(
        Line("15-2", "培训产废企业", "生态环境部", "holds", "", ("陶松龄", "叶青苔"), "2026-11-22 09:10"),
        Line(
            "16-1",
            "补齐台账",
            "生态环境部",
            "fails",
            "3户没有台账",
            ("陶松龄", "叶青苔"),
            "2026-11-22 10:00",
            "已退回责任单位",
        ),
        Line("17-1", "现场标识", "安监部", "unseen", "企业停产。", ("陶松龄", "叶青苔"), "2026-11-22 11:00"),
    ),
    questions=("措施是否落实到位",),
    digest="9f" * 32,
    seed="3-5+" + "9f" * 32,
    draws=((1, "1-1", ""), (2, "3-5", "停电")),
    conclusion="总体落实。",
    reported_on="2026-11-23",
    issuer="督查办",
)


def text_of(paper: object) -> str:
    return "\n".join(block.text for block in paper.blocks if isinstance(block, (Heading, Paragraph)))


def test_the_report_counts_what_it_lists() -> None:
    paper = compose_report(FACTS)
    words = text_of(paper)
    for sentence in (
        "2026年11月20日至2026年11月23日", "列入名单49项，抽取3项检查", "检查3项：属实1项，不属实1项，未看到1项。",
        "第2次抽样：会上确定“3-5”。重抽理由：停电", "（一）16-1　补齐台账（生态环境部）", "3户没有台账。处理：已退回责任单位。",
        "未看到1项：17-1（企业停产）。", "总体落实。",
    ):  # fmt: skip
        assert sentence in words
    (table,) = paper.attachments[0].blocks
    assert isinstance(table, Table)
    assert len(table.rows) == 3


def test_the_sheet_has_a_row_an_item_and_room_for_two_names() -> None:
    paper = compose_sheet(FACTS)
    assert text_of(paper).count("签名") == 3
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == ["15-2", "16-1", "17-1"]


def test_who_acts_for_another_stands_in_his_shoes() -> None:
    looked = Looked(frozenset({7}), frozenset({3}))
    own = Inspector(1, "甲", True)
    assert person_faults(own, Inspector(2, "乙", True), looked) == []
    codes = [fault.code for fault in person_faults(own, Inspector(2, "乙", True, principal=1), looked)]
    assert codes == ["rounds.one-for-other"]
    codes = [fault.code for fault in person_faults(own, Inspector(2, "乙", True, principal=3), looked)]
    assert codes == ["rounds.took-part"]
    codes = [
        fault.code for fault in person_faults(own, Inspector(2, "乙", True, units=frozenset({7})), looked)
    ]
    assert codes == ["rounds.own-unit"]


def test_what_was_not_seen_counts_for_nothing() -> None:
    (rate,) = rates(
        [(1, "环境部", "holds"), (1, "环境部", "fails"), (1, "环境部", "unseen"), (1, "环境部", None)],
        confidence=95,
    )
    assert (rate.drawn, rate.seen, rate.failed, rate.interval) == (4, 2, 1, "9.4%—90.6%")
    (surer,) = rates([(1, "环境部", "holds"), (1, "环境部", "fails")], confidence=99)
    assert surer.low < rate.low < rate.high < surer.high


def test_risk() -> None:
    assert risk_of(extended=True, returned=0, state="doing") == "重点"
    assert risk_of(extended=False, returned=1, state="doing") == "重点"
    assert risk_of(extended=False, returned=0, state="long_term") == "重点"
    assert risk_of(extended=False, returned=0, state="todo") == "一般"
