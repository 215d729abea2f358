"""Shortcuts of the reader find what the plain patterns find: they spare time and nothing else."""

import random
import re
import unicodedata
from pathlib import Path

import pytest

from bihuan.core.reading import damage, figure_words, folding, measures, tally_words
from bihuan.core.reading.numerals import WORDS

FOLDER = Path(__file__).parent / "data" / "trial"
PRINTED = "".join(path.read_text() for path in sorted(FOLDER.glob("*.txt")))
FOLDED = "".join(unicodedata.normalize("NFKC", PRINTED).split(" "))
YEAR = r"(?:19|20)\d{2}"
PLAIN = {
    "noun": (tally_words.NOUN, re.compile(re.sub(r"^\(\?=\[[^]]*\]\)", "", tally_words.NOUN.pattern))),
    "state": (tally_words.STATE, re.compile(re.sub(r"^\(\?=\[[^]]*\]\)", "", tally_words.STATE.pattern))),
    "trigger": (
        figure_words.TRIGGER,
        re.compile(rf"\d[\d,.]*|百分之|[{WORDS}]+|[〔\[(](?={YEAR}[〕\])])"),
    ),
    "listed": (
        measures._LISTED,
        re.compile(r"(?:(?<=^)|(?<=[。;!?:,\s]))[一二三四五六七八九十]{1,2}(?:是|要)(?!否|方面)"),
    ),
}


def mixed(
    seed: int, alphabet: str = "一二十要是。,0123年月日2019〔〕[百分之未已完成问题个全部整改 \n"
) -> str:
    """Return words of the trial texts with characters of the alphabet between them."""
    rng = random.Random(seed)
    start = rng.randrange(len(FOLDED) - 200)
    return "".join(c + rng.choice(("", "", rng.choice(alphabet))) for c in FOLDED[start : start + 200])


@pytest.mark.parametrize("name", PLAIN)
def test_a_pattern_with_a_shortcut_finds_what_the_plain_one_finds(name: str) -> None:
    short, plain = PLAIN[name]
    for text in (FOLDED, *map(mixed, range(300))):
        assert [m.span() for m in short.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_broken_dates_are_found_as_by_three_patterns() -> None:
    plain = re.compile(r"(?<!\d)\d{3,9}日|(?:19|20)\d{2}\d{1,2}月|年\d{2,4}日")
    for text in map(lambda seed: mixed(seed, "0129年月日"), range(600)):
        for piece in text.split("。"):
            assert bool(damage._BROKEN.search(piece)) == bool(plain.search(piece)), piece


def test_what_cannot_be_printed_holds_all_noise_but_the_blank() -> None:
    noise = re.compile(rf"[\s{folding.UNSEEN}]")
    unseen = [chr(code) for code in range(0x110000) if noise.match(chr(code))]
    assert [char for char in unseen if char.isprintable()] == [" "]


def test_every_sign_of_damage_is_seen_by_the_quick_look() -> None:
    kinds = (
        folding.PINYIN,
        damage._LOST,
        damage._HIDDEN,
        damage._TURNED,
        damage._DOUBLED,
        damage._SPUN,
        damage._SPAM,
    )
    rng = random.Random(3)
    spoils = "?\ufffd\u200b\u202e，,。。；;、：:经(jīng)转头看博彩\x07"
    for _ in range(4000):
        text = "".join(rng.choice(spoils + "整改到位") for _ in range(12))
        if any(kind.search(text) for kind in kinds):
            assert any(sign.search(text) for sign in damage._SIGNS), text
