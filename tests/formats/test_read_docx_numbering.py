import pytest

from bihuan.formats import read_bytes
from bihuan.formats.docx_numbering import FORMATS, chinese
from tests.formats.read_samples import docx_file, p


def level(index: int, kind: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def item(text: str, index: int = 0, number: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{number}"/></w:numPr>')


def numbered(body: str, numbering: str, styles: str = "") -> list[str]:
    return [
        line.text for line in read_bytes("a.docx", docx_file(body, numbering=numbering, styles=styles)).lines
    ]


OFFICIAL = abstract(
    0,
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircle", "%4"),
) + num(1, 0)


def test_official_levels_are_written_out_and_restart_below_a_new_heading() -> None:
    body = (
        item("甲")
        + item("乙", 1)
        + item("丙", 2)
        + item("丁", 2)
        + item("戊", 3)
        + item("己")
        + item("庚", 1)
    )
    assert numbered(body, OFFICIAL) == ["一、甲", "（一）乙", "1. 丙", "2. 丁", "① 戊", "二、己", "（一）庚"]


def test_levels_above_show_in_the_number() -> None:
    numbering = abstract(
        0, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>")
    ) + num(1, 0)
    assert numbered(item("甲") + item("乙", 1) + item("丙", 1), numbering) == [
        "第一章 甲",
        "1.1 乙",
        "1.2 丙",
    ]


def test_number_runs_on_across_headings_when_told_never_to_restart() -> None:
    numbering = abstract(
        0, level(0, "chineseCounting", "（%1）"), level(1, "decimal", "%2.", '<w:lvlRestart w:val="0"/>')
    ) + num(1, 0)
    body = item("甲") + item("乙", 1) + item("丙") + item("丁", 1)
    assert numbered(body, numbering) == ["（一）甲", "1. 乙", "（二）丙", "2. 丁"]


def test_two_lists_of_one_kind_count_on_and_an_override_starts_anew() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, level(0, "decimal", "%1.")) + num(1, 0) + num(2, 0) + num(3, 0, override)
    body = item("甲") + item("乙", number=2) + item("丙", number=3) + item("丁", number=3)
    assert numbered(body, numbering) == ["1. 甲", "2. 乙", "1. 丙", "2. 丁"]


def test_level_can_be_replaced_for_one_list() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimalEnclosedParen", "%1")}</w:lvlOverride>'
    numbering = abstract(0, level(0, "decimal", "%1.")) + num(1, 0, override)
    assert numbered(item("甲"), numbering) == ["⑴ 甲"]


def test_number_comes_from_the_style_and_its_level() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="h{n}"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        for n in (1, 2)
    )
    numbering = abstract(
        0,
        level(0, "chineseCounting", "%1、", '<w:pStyle w:val="h1"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="h2"/>'),
    ) + num(1, 0)
    body = p("甲", '<w:pStyle w:val="h1"/>') + p("乙", '<w:pStyle w:val="h2"/>')
    assert numbered(body, numbering, styles) == ["一、甲", "（一）乙"]


def test_paragraph_can_turn_the_number_of_its_style_off() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = p("甲", '<w:pStyle w:val="h"/><w:numPr><w:numId w:val="0"/></w:numPr>') + p(
        "乙", '<w:pStyle w:val="h"/>'
    )
    assert numbered(body, OFFICIAL, styles) == ["甲", "一、乙"]


def test_list_that_names_a_style_uses_the_list_of_that_style() -> None:
    linked = '<w:abstractNum w:abstractNumId="5"><w:numStyleLink w:val="list"/></w:abstractNum>'
    styles = '<w:style w:type="numbering" w:styleId="list"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbering = linked + abstract(0, level(0, "chineseCounting", "%1、")) + num(1, 0) + num(2, 5)
    assert numbered(item("甲", number=2), numbering, styles) == ["一、甲"]


def test_bullets_of_symbol_fonts_become_plain_ones() -> None:
    numbering = abstract(0, level(0, "bullet", "\uf06c"), level(1, "bullet", "\uf123")) + num(1, 0)
    assert numbered(item("甲") + item("乙", 1), numbering) == ["● 甲", "• 乙"]


def test_list_that_is_not_there_gives_no_number() -> None:
    assert numbered(item("甲", number=9) + item("乙", 7), OFFICIAL) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("chineseCounting", 10, "十"), ("chineseCounting", 19, "十九"), ("chineseCounting", 20, "二十"),
        ("chineseCountingThousand", 101, "一百零一"), ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 2005, "二千零五"), ("japaneseCounting", 32, "三十二"),
        ("ideographDigital", 20, "二〇"), ("chineseLegalSimplified", 12, "壹拾贰"), ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"), ("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedCircle", 51, "51"), ("decimalEnclosedFullstop", 2, "⒉"), ("decimalFullWidth", 12, "１２"),
        ("upperRoman", 14, "XIV"), ("lowerLetter", 28, "bb"), ("decimalZero", 7, "07"), ("none", 4, ""),
    ],
)  # fmt: skip
def test_number_formats_print_as_word_does(kind: str, number: int, text: str) -> None:
    assert FORMATS[kind](number) == text


@pytest.mark.parametrize("kind", FORMATS)
def test_every_number_format_answers_for_any_number(kind: str) -> None:
    assert all(isinstance(FORMATS[kind](number), str) for number in (0, 1, 99, 1_000, 999_999))


def test_chinese_counting_says_zero_once() -> None:
    assert [chinese(n) for n in (1001, 1010, 1100, 11, 111)] == [
        "一千零一",
        "一千零一十",
        "一千一百",
        "十一",
        "一百一十一",
    ]
