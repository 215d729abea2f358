"""The text of a notice: what is known is said, what is not known leaves no trace."""

from dataclasses import replace

import pytest

from bihuan.core.notice_text import (
    NoticeFacts,
    NoticeFinding,
    NoticeProblem,
    Opening,
    Passage,
    PublicContact,
    Tally,
    compose_notice,
    notice_title,
    period,
)
from bihuan.core.paper import Heading, Paragraph

OPENING = Opening(
    subject="清江市临港经济开发区党工委",
    short="临港经开区党工委",
    kind="专项巡察",
    authority="清江市委巡察工作",
    team="清江市委第三巡察组",
    starts_on="2026-03-16",
    ends_on="2026-04-24",
    feedback_on="2026-06-12",
)
FACTS = NoticeFacts(
    OPENING,
    Tally(
        aspects=3,
        problems=32,
        tasks=49,
        completed=39,
        basically_completed=7,
        long_term=3,
        policies=25,
        as_of="2026-11-20",
    ),
    (
        NoticeFinding(
            "台账不全", (NoticeProblem("1", "档案缺少签收", ("已补齐58份,占100%.\n另抽查30份",), "已完成"),)
        ),
        NoticeFinding('落实"第一议题"有偏差', (NoticeProblem("2", "议题登记不全?"),)),
    ),
    organisation=(Passage("召开会议6次"),),
    follow_up=(
        Passage("整改取得进展。"),
        Passage("每季度抽查一次。", heading="守住成果"),
        Passage("逐项明确单位。", heading="用好制度"),
    ),
    contact=PublicContact(phone="0730-1234567", email="office@example.gov.cn"),
    signed_by="中共清江市临港经济开发区工作委员会",
    signed_on="2026-11-20",
)


def lines(facts: NoticeFacts, **options: bool) -> list[str]:
    """Return the text of the paper, one block a line."""
    blocks = compose_notice(facts, **options).blocks
    return [
        b.text + b.run_in if isinstance(b, Heading) else b.text
        for b in blocks
        if isinstance(b, Heading | Paragraph)
    ]


def test_the_notice_follows_the_order_of_the_genre() -> None:
    assert lines(FACTS) == [
        "根据清江市委巡察工作统一部署，2026年3月16日至4月24日，清江市委第三巡察组对清江市临港经济开发区党工委"
        "（以下简称“临港经开区党工委”）进行了专项巡察。2026年6月12日，清江市委第三巡察组向临港经开区党工委反馈了"
        "巡察意见。按照有关规定，现将巡察整改进展情况予以公布。",
        "一、组织整改落实情况",
        "召开会议6次",
        "截至2026年11月20日，巡察反馈的3个方面32个问题共分解为49项整改任务，已完成39项，基本完成7项，长期整改3项；"
        "建立完善制度25项。",
        "二、巡察反馈问题整改情况",
        "（一）反馈问题：台账不全。",
        "1.档案缺少签收。",
        "整改状态：已完成。",
        "整改情况：已补齐58份，占100%。",
        "另抽查30份",
        "（二）反馈问题：落实“第一议题”有偏差。",
        "2.议题登记不全？",
        "三、后续整改安排",
        "整改取得进展。",
        "（一）守住成果。每季度抽查一次。",
        "（二）用好制度。逐项明确单位。",
        "欢迎干部群众监督整改工作，有意见建议可通过以下方式反映。联系电话：0730-1234567；电子邮箱：office@example.gov.cn。",
    ]


def test_title_signature_and_date_come_from_the_facts() -> None:
    paper = compose_notice(FACTS)
    assert paper.title == "中共清江市临港经济开发区工作委员会关于巡察整改进展情况的通报"
    assert (paper.signed_by, paper.signed_on) == (FACTS.signed_by, "2026-11-20")
    assert compose_notice(replace(FACTS, title="关于整改的通报")).title == "关于整改的通报"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("常规巡察", "巡察"),
        ("省委巡视", "巡视"),
        ("经济责任审计", "审计"),
        ("环保督察", "督察"),
        ("安全生产督查", "督查"),
        ("回头看", "回头看"),
    ],
)
def test_the_title_names_the_kind_of_inspection(kind: str, word: str) -> None:
    assert notice_title("某局", kind) == f"某局关于{word}整改进展情况的通报"


def test_a_figure_that_is_not_known_is_not_printed_and_nought_is() -> None:
    text = "".join(lines(replace(FACTS, tally=Tally(tasks=49, not_completed=0, as_of="2026-11-20"))))
    assert "截至2026年11月20日，共有49项整改任务，未完成0项。" in text
    assert "长期整改" not in text


def test_without_any_figure_there_is_no_tally_sentence() -> None:
    assert not any(line.startswith("截至") for line in lines(replace(FACTS, tally=Tally())))


def test_problems_and_specific_problems_are_told_apart() -> None:
    text = "".join(lines(replace(FACTS, tally=Tally(problems=14, specific_problems=32))))
    assert "截至目前，巡察反馈的14个问题32个具体问题。" in text


def test_an_opening_of_which_little_is_known_is_still_a_sentence() -> None:
    text = lines(replace(FACTS, opening=Opening(subject="某局", kind="审计")))[0]
    assert text == "某局接受了审计。按照有关规定，现将审计整改进展情况予以公布。"


@pytest.mark.parametrize(
    ("start", "end", "printed"),
    [
        ("2023-12-04", "2024-02-06", "2023年12月4日至2024年2月6日"),
        ("2024-03", "2024-05", "2024年3月至5月"),
        (None, "2024-05-01", "2024年5月1日"),
        (None, None, ""),
    ],
)
def test_a_period_repeats_no_year(start: str | None, end: str | None, printed: str) -> None:
    assert period(start, end) == printed


def test_a_register_without_texts_gets_sentences_that_claim_only_what_it_knows() -> None:
    text = lines(replace(FACTS, organisation=(), follow_up=()))
    assert any("基本完成7项，长期整改3项" in line and "继续推进" in line for line in text)
    done = lines(replace(FACTS, follow_up=(), tally=Tally(tasks=3, completed=3)))
    assert not any("继续推进" in line for line in done)


def test_without_a_way_to_answer_the_public_is_not_asked_to() -> None:
    assert not any("欢迎" in line for line in lines(replace(FACTS, contact=PublicContact())))


def test_only_the_office_copy_says_whose_figures_these_are() -> None:
    archive = replace(FACTS, mode="archive", declared_in="关于整改进展情况的通报")
    assert not any("内部留存" in line for line in lines(archive))
    assert "《关于整改进展情况的通报》申报的数字" in lines(archive, office_copy=True)[-1]
    assert "由整改台账按2026年11月20日的状态统计得出" in lines(FACTS, office_copy=True)[-1]


def test_a_label_that_came_along_with_pasted_text_is_not_printed_twice() -> None:
    problem = NoticeProblem("1", "某事", ("整改情况:已办结。",))
    text = lines(replace(FACTS, findings=(NoticeFinding("反馈问题：某事", (problem,)),)))
    assert "（一）反馈问题：某事。" in text
    assert "整改情况：已办结。" in text


def test_the_number_of_a_finding_is_kept_when_it_has_one() -> None:
    facts = replace(FACTS, findings=(NoticeFinding("某事", (), number="七"),))
    assert "（七）反馈问题：某事。" in lines(facts)
