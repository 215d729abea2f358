"""Numbers of headings, dates, pointers and repeats, each beside what is right."""

import pytest

from bihuan.core.checking import Fault, check
from bihuan.core.checking.days import days
from bihuan.core.reading import read
from bihuan.core.reading.document import Document, Heading, PlanTask
from bihuan.core.source import Line, Place, Source
from bihuan.formats import read_bytes
from tests.core.test_checking_words import FRAME, RIGHT, found


def faults_of(text: str) -> list[Fault]:
    source = read_bytes("通报.txt", text.encode())
    return list(check(source, read(source)))


def kinds(code: str, text: str) -> list[tuple[str, str]]:
    return [(fault.kind, fault.quote) for fault in faults_of(text) if fault.code == code]


def numbering(*markers: tuple[str, int]) -> list[str]:
    """Check headings given as (marker, level) and return the kinds of what is found."""
    lines = tuple(Line(f"{marker}标题", Place(at)) for at, (marker, _) in enumerate(markers, 1))
    headings = tuple(Heading(m, "标题", level, Place(at)) for at, (m, level) in enumerate(markers, 1))
    faults = check(Source("a.txt", "txt", lines), Document("a.txt", "other", headings=headings))
    return [f"{fault.kind} {fault.place.line}" for fault in faults if fault.code == "numbering"]


@pytest.mark.parametrize(
    "markers",
    [
        [
            ("一、", 1),
            ("（一）", 2),
            ("1.", 3),
            ("2.", 3),
            ("（二）", 2),
            ("3.", 3),
            ("二、", 1),
            ("（一）", 2),
            ("4.", 3),
        ],
        [
            ("一、", 1),
            ("（一）", 2),
            ("1.", 3),
            ("2.", 3),
            ("（二）", 2),
            ("1.", 3),
            ("2.", 3),
            ("二、", 1),
            ("（一）", 2),
        ],
        [("1.", 3), ("（1）", 4), ("（2）", 4), ("2.", 3), ("（1）", 4)],
        [("①", 5), ("②", 5), ("③", 5)],
        [("第一", 1), ("第二", 1), ("第三", 1)],
        [("3.", 3), ("4.", 3)],
        [("九、", 1), ("十、", 1), ("十一、", 1)],
    ],
)
def test_numbers_may_run_on_or_start_again(markers: list[tuple[str, int]]) -> None:
    assert numbering(*markers) == []


@pytest.mark.parametrize(
    ("markers", "expected"),
    [
        ([("一、", 1), ("三、", 1)], ["numbering.gap 2"]),
        ([("1.", 3), ("2.", 3), ("2.", 3)], ["numbering.repeat 3"]),
        ([("1.", 3), ("2.", 3), ("4.", 3), ("5.", 3)], ["numbering.gap 3"]),
        (
            [("（一）", 2), ("23.", 3), ("25.", 3), ("（二）", 2), ("25.", 3)],
            ["numbering.gap 3", "numbering.repeat 5"],
        ),
        ([("①", 5), ("③", 5)], ["numbering.gap 2"]),
    ],
)
def test_gaps_and_repeats_are_told(markers: list[tuple[str, int]], expected: list[str]) -> None:
    assert numbering(*markers) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("一是清理台账3本。二是追回2万元。三是公示5次。", []),
        ("一是清理台账3本。三是追回2万元。", ["numbering.inline-gap"]),
        ("一是清理台账3本。二是追回2万元。二是公示5次。", ["numbering.inline-repeat"]),
        ("坚持一是一、二是二，核对台账3本。", []),
    ],
)
def test_the_ordinals_within_an_answer_are_followed(answer: str, expected: list[str]) -> None:
    assert [kind for kind, _ in found("numbering", one=answer)] == expected


def test_two_tasks_with_one_number_are_told() -> None:
    lines = (Line("1-1\t甲", Place(1)), Line("1-2\t乙", Place(2)), Line("1-2\t丙", Place(3)))
    tasks = tuple(PlanTask(line.text[:3], line.text[4:], line.place) for line in lines)
    faults = check(Source("a.xlsx", "xlsx", lines), Document("a.xlsx", "plan", tasks=tasks))
    assert [(fault.kind, fault.place.line, fault.params["line"]) for fault in faults] == [
        ("numbering.task", 3, 2)
    ]


NOTICE = FRAME.format(**RIGHT)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("至5月16日", "至2月16日", ("date-order.ends", "2月16日")),
        ("2025年6月20日，市委", "2025年4月20日，市委", ("date-order.feedback", "2025年4月20日")),
        ("2025年12月1日", "2025年6月1日", ("date-order.signed", "2025年6月1日")),
        ("2025年12月1日", "2025年11月31日", ("date-order.impossible", "2025年11月31日")),
        ("召开专题会6次", "于2025年2月30日召开专题会6次", ("date-order.impossible", "2025年2月30日")),
    ],
)
def test_dates_that_go_backwards_or_do_not_exist_are_told(
    old: str, new: str, expected: tuple[str, str]
) -> None:
    assert expected in kinds("date-order", NOTICE.replace(old, new))


def test_a_publication_before_the_signature_is_told() -> None:
    text = NOTICE.replace("\n根据", "\n发布时间：2025-11-20\n根据", 1)
    assert kinds("date-order", text) == [("date-order.published", "2025-11-20")]
    assert kinds("date-order", text.replace("2025-11-20", "2026-08-20")) == []


def test_missing_dates_are_told() -> None:
    without = NOTICE.replace("2025年6月20日，市委第二巡察组反馈", "市委第二巡察组反馈")
    assert [kind for kind, _ in kinds("date-missing", without)] == ["date-missing.feedback"]
    unsigned = NOTICE.replace("\n2025年12月1日", "")
    assert [kind for kind, _ in kinds("date-missing", unsigned)] == ["date-missing.signature"]


def test_a_feedback_date_without_its_year_is_a_note_with_the_year() -> None:
    [fault] = [f for f in faults_of(NOTICE.replace("2025年6月20日", "6月20日")) if f.code == "date-year"]
    assert (fault.quote, fault.proposal, fault.severity) == ("6月20日", "2025年6月20日", "note")


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("9个项目已开工9个，12月底完成竣工。", "12月底完成竣工"),
        ("9个项目于2026年3月15日完成验收。", "2026年3月15日完成验收"),
        ("项目2026年6月全部投产，已招工300人。", "2026年6月全部投产"),
    ],
)
def test_an_act_after_the_signature_told_as_done_is_asked_about(answer: str, quote: str) -> None:
    assert found("future-act", two=answer) == [("future-act", quote)]


@pytest.mark.parametrize(
    "answer",
    [
        "9个项目计划于2026年3月15日前完成验收。",
        "预计12月底竣工9个。",
        "制度自2026年1月1日起施行，配套3项。",
        "11月底竣工9个。",
        "2025年7月至10月竣工9个。",
        "2024年12月的台账已补齐9份。",
        "启动2026年处置任务9宗。",
        "列为长期整改，2027年12月31日到期，已开工9个。",
        "印发《2026年1月工作要点》9条。",
    ],
)
def test_plans_rules_and_past_dates_are_no_future_acts(answer: str) -> None:
    assert found("future-act", two=answer) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("措施详见附件2。", ["cross-reference.attachment"]),
        ("同第9号问题一并整改。", ["cross-reference.problem"]),
        ("同第2号问题一并整改。", []),
        ("做法见三（五）。", ["cross-reference.part"]),
        ("做法见二（一）。", []),
        ("见湘办发〔2020〕27号文件第9条。", []),
    ],
)
def test_pointers_lead_somewhere(words: str, expected: list[str]) -> None:
    assert [kind for kind, _ in found("cross-reference", later=words)] == expected


def test_an_attachment_that_follows_is_enough() -> None:
    text = NOTICE.replace("防止问题反弹。", "防止问题反弹（详见附件）。") + "附件：整改任务清单\n"
    assert kinds("cross-reference", text) == []


def test_title_and_attachment_name_one_serial_number() -> None:
    text = "关于石溪区督察反馈问题（序号十）整改情况的公示\n根据要求，现将（序号十）整改情况公示如下。\n整改完成情况：已完成14处。\n附表：序号一公示表\n石溪区\n2025年8月4日\n"
    assert kinds("cross-reference", text) == [("cross-reference.serial", "序号一")]
    assert kinds("cross-reference", text.replace("序号一公", "序号十公")) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"later": "持续开展整改整改工作。"}, "duplicate-text.phrase"),
        (
            {
                "later": "对已经完成的任务每季度抽查一遍登记和实物。\n抓落实。对已经完成的任务每季度抽查一遍登记和实物。"
            },
            "duplicate-text.sentence",
        ),
        (
            {"later": "巩固整改成果，防止问题再次反弹。\n巩固整改成果，防止问题再次反弹。"},
            "duplicate-text.paragraph",
        ),
    ],
)
def test_text_typed_twice_is_told(changes: dict[str, str], kind: str) -> None:
    assert [one for one, _ in found("duplicate-text", **changes)] == [kind]


def test_two_problems_with_one_title_are_told() -> None:
    text = NOTICE.replace("2.项目推进不快。", "2.资金管理不严。")
    assert [kind for kind, _ in kinds("duplicate-text", text)] == ["duplicate-text.title"]


@pytest.mark.parametrize(
    "words", ["一项一项核对", "取得了实实在在的成效", "逐条逐条核对", "清清楚楚", "一个一个解决"]
)
def test_words_that_are_doubled_on_purpose_pass(words: str) -> None:
    assert found("duplicate-text", later=f"{words}。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年3月15日至4月25日", ["2023-03-15", "0000-04-25"]),
        ("二〇二三年十一月二日", ["2023-11-02"]),
        ("2023-12-27 16:11", ["2023-12-27"]),
        ("12月底", ["0000-12"]),
        ("2023 年 3 月 5 日", ["2023-03-05"]),
        ("3个月内", []),
        ("比例为2023-12", []),
    ],
)
def test_dates_are_read_as_printed(text: str, expected: list[str]) -> None:
    assert [day.iso() for day in days(text)] == expected
