"""What holds for every text: a result, nothing lost, offsets that fit, and time that grows with length only."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.reading import asdict, read
from bihuan.core.reading.document import Document
from bihuan.core.source import Source
from bihuan.formats import read_file
from tests.core.reading_sources import from_rows, from_text
from tests.core.test_reading_structure import NOTICE, SHARED

MARKS = (
    "一、",
    "（二）",
    "3.",
    "（4）",
    "⑤",
    "整改情况：",
    "反馈问题：",
    "第一部分",
    "1.1",
    "附件：",
    "《",
    "》",
    "“",
    "（以下简称",
    "对",
    "进行了巡察",
    "反馈了",
)
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def everything_is_accounted_for(source: Source, document: Document) -> bool:
    """Tell whether each line of the source is in exactly one part or left over."""
    covered = [line for part in document.parts for line in range(part.place.line, part.end_line + 1)]
    left = [u.place.line for u in document.unmapped]
    printed = [line.place.line for line in source.lines if line.text.strip()]
    both = set(covered) & set(left)
    return not both and set(printed) <= set(covered) | set(left) and len(left) == len(set(left))


def figures_fit(document: Document) -> bool:
    """Tell whether every figure is where it says it is."""
    return all(
        (p.response or "")[f.start : f.end] == f.text
        for finding in document.findings for p in finding.problems for f in p.figures
    )  # fmt: skip


@CALM
@given(st.text(max_size=400))
def test_any_text_is_read_and_nothing_is_lost(text: str) -> None:
    source = from_text(text)
    document = read(source)
    asdict(document)
    assert everything_is_accounted_for(source, document)


@CALM
@given(
    st.lists(
        st.one_of(st.sampled_from(MARKS), st.sampled_from(NOTICE.split("\n")), st.text(max_size=30)),
        max_size=40,
    )
)
def test_any_order_of_familiar_pieces_is_read(pieces: list[str]) -> None:
    source = from_text("\n".join(pieces))
    document = read(source)
    assert everything_is_accounted_for(source, document)
    assert figures_fit(document)


@CALM
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ("序号", "反馈问题", "整改措施", "完成时限", "1", "学习不够", "长期", "", "2022年12月底")
            ),
            min_size=4,
            max_size=4,
        ),
        max_size=12,
    )
)
def test_any_table_is_read(cells: list[list[str]]) -> None:
    source = from_rows(*(tuple(row) for row in cells))
    assert everything_is_accounted_for(source, read(source))


@pytest.mark.parametrize("seed", range(25))
def test_spoilt_notices_are_read(seed: int) -> None:
    chance = random.Random(seed)
    text = NOTICE
    for _ in range(chance.randint(1, 4)):
        text = chance.choice((_cut, _shuffled, _doubled, _sprinkled, _thinned))(text, chance)
    source = from_text(text)
    document = read(source)
    assert everything_is_accounted_for(source, document)
    assert figures_fit(document)


def _cut(text: str, chance: random.Random) -> str:
    return text[: chance.randint(0, len(text))]


def _shuffled(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    chance.shuffle(lines)
    return "\n".join(lines)


def _doubled(text: str, chance: random.Random) -> str:
    return text + text[chance.randint(0, len(text)) :]


def _sprinkled(text: str, chance: random.Random) -> str:
    signs = "\u202e\u200b\x00\x07?？\ufffd\u3000,,。"
    return "".join(c + (chance.choice(signs) if chance.random() < 0.03 else "") for c in text)


def _thinned(text: str, chance: random.Random) -> str:
    return "".join(c for c in text if chance.random() > 0.02)


def test_hidden_marks_and_blanks_change_nothing() -> None:
    spoilt = NOTICE.replace("年", "\u200b年").replace("巡察", "巡 察").replace("反馈", "\u202a反馈\u202c")
    plain, read_spoilt = asdict(read(from_text(NOTICE))), asdict(read(from_text(spoilt)))
    assert read_spoilt["tally"] == plain["tally"]
    assert read_spoilt["inspection"]["starts_on"] == plain["inspection"]["starts_on"]
    assert len(read_spoilt["findings"]) == len(plain["findings"])
    assert "reading.direction-marks" in {w["code"] for w in read_spoilt["warnings"]}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (
            lambda t: t.replace("领导", "領(lǐng)導(dǎo)").replace("组织", "組(zǔ)織(zhī)"),
            "reading.inserted-pinyin",
        ),
        (lambda t: t.replace("学习", "学?习"), "reading.lost-characters"),
        (lambda t: t.replace("2022年3月1日", "202231日"), "reading.mangled-date"),
        (lambda t: t.replace("，", "，，", 2), "reading.doubled-punctuation"),
        (lambda t: t.replace("学", "学\x07"), "reading.unseen-characters"),
        (lambda t: t.split("三、下一步")[0][:-10], "reading.cut-off"),
        (lambda t: t + "彩票平台开户链接\n", "reading.foreign-advertising"),
    ],
)
def test_damage_is_told(spoil: object, code: str) -> None:
    assert callable(spoil)
    assert code in {w.code for w in read(from_text(spoil(NOTICE))).warnings}


def test_a_sound_text_gives_no_warning() -> None:
    assert read(from_text(NOTICE)).warnings == ()


def test_no_text_is_one_clear_warning() -> None:
    document = read(from_text(""))
    assert (document.kind, [w.code for w in document.warnings]) == ("other", ["reading.no-text"])


SPUN_OUT = (
    ("paragraphs", lambda n: NOTICE * n),
    ("one line", lambda n: NOTICE.replace("\n", "") * n),
    ("numerals", lambda n: "一二三四五六七八九十" * 40 * n),
    ("digits", lambda n: "2022" * 100 * n),
    ("brackets", lambda n: "（" * 400 * n + "《" * 400 * n),
    ("blanks", lambda n: "根据" + " \u3000" * 400 * n + "部署"),
    ("marks", lambda n: "整改情况：" * 150 * n),
    ("headings", lambda n: "1.问题。\n整改情况：已改。\n" * 40 * n),
    ("lists", lambda n: "整改情况：\n" + "1.已改。\n" * 80 * n),
    ("as of", lambda n: "截至2022年，反馈的问题3个" * 40 * n),
    ("teams", lambda n: "市委第一巡察组对" * 80 * n),
    ("titles", lambda n: "中共某县某局关于巡察整改情况的通报\n" * 40 * n),
)


@pytest.mark.parametrize(("name", "text"), SPUN_OUT, ids=[name for name, _ in SPUN_OUT])
def test_time_grows_with_length_only(name: str, text: object) -> None:
    assert callable(text)
    once, much = from_text(text(8)), from_text(text(64))
    read(once)
    short, long = _seconds(once), _seconds(much)
    assert long < 8 * short * 3 + 0.3, f"{name}: {short:.4f} s, eight times the text {long:.4f} s"


def _seconds(source: Source) -> float:
    """Return the least processor time of three readings."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        read(source)
        taken.append(time.process_time() - begun)
    return min(taken)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "notices").exists(), reason="needs ../shared/notices beside the checkout")
def test_every_line_of_the_real_documents_is_accounted_for() -> None:
    for path in (
        SHARED / "notices" / "miluo-2023.txt",
        *sorted((SHARED / "notices" / "excerpts").glob("*.txt")),
    ):
        source = read_file(Path(path))
        assert everything_is_accounted_for(source, read(source)), path.name
