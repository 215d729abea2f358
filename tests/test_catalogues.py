"""No gaps in the catalogues: every code and every sentence of a page in Chinese and in English."""

import re
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from bihuan.web.catalogue import say

PACKAGE = Path(__file__).resolve().parents[1] / "bihuan"
AREAS = PACKAGE / "web" / "locale"
CODE = re.compile(r"""["']([a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)+|[a-z]+\.[a-z]+)["']""")


def messages(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {
            str(m.id if isinstance(m.id, str) else m.id[0]): str(
                m.string if isinstance(m.string, str) else "".join(m.string)
            )
            for m in read_po(file)
            if m.id
        }


def area(language: str, name: str) -> dict[str, str]:
    path = AREAS / language / "LC_MESSAGES" / f"{name}.po"
    return messages(path) if path.exists() else {}


NAMES = sorted({path.stem for path in AREAS.glob("*/LC_MESSAGES/*.po")} - {"django"})


@pytest.mark.parametrize("name", NAMES)
def test_every_code_speaks_both_languages(name: str) -> None:
    chinese, english = area("zh_Hans", name), area("en", name)
    assert set(chinese) == set(english)
    assert [code for code in chinese if not chinese[code] or not english[code]] == []
    assert [code for code in chinese if not code.startswith(f"{name}.")] == []


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_take_the_same_parameters(name: str) -> None:
    def fields(sentence: str) -> set[str]:
        return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}

    chinese, english = area("zh_Hans", name), area("en", name)
    assert {
        code: fields(text) ^ fields(english[code])
        for code, text in chinese.items()
        if fields(text) ^ fields(english[code])
    } == {}


def choices(sentence: str) -> list[str]:
    return [spec for _, _, spec, _ in string.Formatter().parse(sentence) if spec]


def test_english_counts_one_thing_and_many() -> None:
    said = say("checking.corrupt-text.control", {"count": 1}, lang="en")
    assert said == "1 control character stands here. Please remove it."
    said = say("checking.corrupt-text.control", {"count": 2}, lang="en")
    assert said == "2 control characters stand here. Please remove them."
    assert "0 findings, 1 problem, 49 tasks" in say(
        "reading.listed", {"findings": 0, "problems": 1, "tasks": 49}, lang="en"
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_choice_of_words_has_two_and_stands_in_english_only(name: str) -> None:
    assert [
        spec for text in area("en", name).values() for spec in choices(text) if spec.count("|") != 1
    ] == []
    assert [spec for text in area("zh_Hans", name).values() for spec in choices(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_counted_word_is_left_in_the_plural(name: str) -> None:
    """A count may be 1, so the word behind it is chosen; what is a limit stands behind most, least or than."""
    counted = re.compile(
        r"(?<!most )(?<!least )(?<!than )\{(?:n|count|findings|problems|tasks|rows|files|days)\} [a-z]+s\b"
    )
    assert [text for text in area("en", name).values() if counted.search(text)] == []


def test_every_code_that_the_program_names_has_a_sentence() -> None:
    known = {code for name in NAMES for code in area("zh_Hans", name)}
    missing = set()
    for path in PACKAGE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            prefix, _, rest = code.partition(".")
            if prefix in NAMES and "-" in rest and code not in known:
                missing.add(f"{path.relative_to(PACKAGE)}: {code}")
    assert sorted(missing) == []


def test_chinese_sentences_use_chinese_marks_and_no_shouting() -> None:
    bad = []
    for name in NAMES:
        for code, text in area("zh_Hans", name).items():
            bare = re.sub(r"\{[^{}]*\}|[A-Za-z0-9_.:/%+-]+(?:[,;:][A-Za-z0-9_.:/%+-]+)*", "", text)
            if re.search(r"[,;!?！]", bare) or re.search("操作成功|系统异常|失败！|非法", text):
                bad.append((code, text))
    assert bad == []


def template_sentences() -> dict[str, str]:
    """Every sentence that templates, forms and views ask gettext for, with where it stands."""
    found = {}
    keywords = {name: None for name in ("gettext", "gettext_lazy", "gettext_noop", "_")} | {
        "ngettext": (1, 2),
        "ngettext_lazy": (1, 2),
        "pgettext": ((1, "c"), 2),
    }
    for path in [*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.py")]:
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text, origin=str(path))
        for _, function, message, _ in extract_python(
            BytesIO(text.encode()), keywords, [], {"encoding": "utf-8"}
        ):
            first = message[0] if isinstance(message, tuple) else message
            if function and isinstance(first, str):
                found[first] = f"{path.relative_to(PACKAGE)}"
    return found


def test_every_sentence_of_a_page_has_english() -> None:
    english: dict[str, str] = {}
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"):
        english |= messages(path)
    missing = {
        sentence: where for sentence, where in template_sentences().items() if not english.get(sentence)
    }
    assert missing == {}
