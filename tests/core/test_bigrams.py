"""A phrase of pairs is found exactly where the words stand."""

from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.bigrams import BREAK, grams, phrases

WORDS = st.text(alphabet="整改情况甲乙abc12 ，。", max_size=30)


def holds(tokens: list[str], phrase: list[str]) -> bool:
    if len(phrase) == 1 and len(phrase[0]) == 1:
        return any(token.startswith(phrase[0]) for token in tokens)
    return any(tokens[i : i + len(phrase)] == phrase for i in range(len(tokens)))


def test_two_characters_are_found() -> None:
    assert all(holds(grams("重大事故隐患排查"), phrase) for phrase in phrases("隐患"))


def test_width_and_case_do_not_matter() -> None:
    assert grams("ＶＯＣs１２") == grams("vocs12")


@given(WORDS, st.integers(0, 29), st.integers(1, 6))
def test_every_part_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    if all(c >= "\u4e00" for c in part if c.isalnum()):
        assert all(holds(grams(text), phrase) for phrase in phrases(part))


def test_phrases_do_not_reach_across_punctuation() -> None:
    assert BREAK in grams("整改，情况")
    assert not holds(grams("整改，情况"), phrases("改情")[0])
