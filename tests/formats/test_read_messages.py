"""Every code of a reader has its sentence in both languages, with exactly the parameters that are given."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import bihuan.formats
from bihuan.core.source import UnreadableFile
from bihuan.formats import read_bytes
from bihuan.web.catalogue import LOCALE, say

FOLDER = Path(bihuan.formats.__file__).parent
LANGUAGES = ("zh_Hans", "en")


def used() -> dict[str, set[str]]:
    """Return each code with the parameters given at the places that raise or remark it."""
    found: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            codes = [
                c.value
                for c in ast.walk(node.args[0])
                if isinstance(c, ast.Constant) and str(c.value).startswith("formats.")
            ]
            names = {str(k.arg) for k in node.keywords}
            for argument in node.args[1:]:
                if isinstance(argument, ast.Dict):
                    names |= {key.value for key in argument.keys if isinstance(key, ast.Constant)}
            for code in codes:
                found.setdefault(code, set()).update(names)
    return found


def sentences(language: str) -> dict[str, str]:
    with (LOCALE / language / "LC_MESSAGES" / "formats.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_and_every_sentence_a_code(language: str) -> None:
    codes = {str(c.value) for path in FOLDER.glob("*.py") for c in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(c, ast.Constant) and isinstance(c.value, str) and c.value.startswith("formats.")}  # fmt: skip
    codes = {code for code in codes if " " not in code}
    assert codes == set(sentences(language))
    assert all(sentences(language).values())


def test_both_languages_use_the_same_parameters() -> None:
    chinese, english = (sentences(language) for language in LANGUAGES)
    for code, sentence in chinese.items():
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (sentence, english[code])
        ]
        assert fields[0] == fields[1], code


def test_sentences_ask_for_no_parameter_that_is_not_given() -> None:
    given = used()
    for code, sentence in sentences("en").items():
        fields = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
        if code in given and given[code]:
            assert fields <= given[code], code


def test_chinese_sentences_are_written_as_an_office_writes() -> None:
    for code, sentence in sentences("zh_Hans").items():
        assert sentence.endswith("。"), code
        assert not set(sentence) & set("!！,;"), code


def test_refusal_reads_as_a_sentence_in_both_languages() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("台账.pdf", b"<html><body>x</body></html>")
    error = refusal.value
    assert (
        say(error.code, error.params)
        == "文件没有收。“台账.pdf”的扩展名是.pdf，内容却是HTML。请核对来源，重新导出后上传。"
    )
    assert "its content is HTML" in say(error.code, error.params, lang="en")
