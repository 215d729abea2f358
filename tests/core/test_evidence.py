"""Marks, names and likeness of evidence: what is found, and what is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.evidence.likeness import ALIKE, alike, bands, sketch
from bihuan.core.evidence.marks import mark_in
from bihuan.core.evidence.naming import disk_name, plain_folder, plain_name

TITLE = "关于报送固体废物台账整改情况的报告"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("秘密", "秘密"), ("秘 密", "秘密"), ("秘　密", "秘密"), ("机密★", "机密"), ("机密★1年", "机密"),
        ("绝密★长期", "绝密"), ("秘密★6个月", "秘密"), ("秘密★启用前", "秘密"), ("密级：秘密", "秘密"),
        ("密级\t机密", "机密"), ("000123 秘密★1年 特急", "秘密"), ("№000017秘密☆1年", "秘密"), ("【机密】", "机密"),
        ("秘\u200b密", "秘密"), ("秘\ufeff密 ★ 3 年", "秘密"), ("機密", "机密"), ("绝 密 ★ 十 年", "绝密"),
        ("江高环〔2026〕9号 秘密★1年", "秘密"),
    ],
)  # fmt: skip
def test_a_mark_is_found(line: str, mark: str) -> None:
    assert mark_in([line, TITLE], top=15) == mark
    assert mark_in(["共江澜高新区工委", "", line, TITLE], top=15) == mark


@pytest.mark.parametrize(
    "line",
    [
        "保守国家秘密，人人有责", "商业秘密", "工作秘密", "机密级计算机管理制度", "不涉及国家秘密、商业秘密",
        "保密承诺书", "（本材料不涉密）", "密级：无", "密级：公开", "□绝密 □机密 □秘密", "秘密级★以上", "秘密警察",
        "定密机密度", "涉密人员不得在非涉密系统存储机密、秘密级信息", "密级", "秘书", "密码★",
    ],
)  # fmt: skip
def test_the_same_words_in_prose_are_no_mark(line: str) -> None:
    assert mark_in([line, TITLE], top=15) is None


def test_a_bare_word_counts_only_at_the_head() -> None:
    body = [TITLE] * 15
    assert mark_in([*body, "秘密"], top=15) is None
    assert mark_in([*body, "秘密★1年"], top=15) == "秘密"
    assert mark_in([], top=15, name="机密★通知.pdf") == "机密"
    assert mark_in([], top=15, name="秘密.pdf") is None


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\台账\\9月.xlsx", "9月.xlsx"), ("a\x00b\n.pdf", "ab.pdf"),
        ("台账\u202efdp.exe", "台账fdp.exe"), ("  .pdf", "pdf"), ("..", "未命名"), ("", "未命名"),
        ("名" * 400 + ".docx", "名" * 195 + ".docx"),
    ],
)  # fmt: skip
def test_names_are_kept_without_what_deceives(given_name: str, kept: str) -> None:
    assert plain_name(given_name) == kept


@given(st.text(max_size=300))
def test_every_name_becomes_one_that_can_be_kept(name: str) -> None:
    kept = plain_name(name)
    assert 0 < len(kept) <= 200
    assert kept == plain_name(kept)
    assert not set(kept) & set("/\\\0\n\r\u202e")
    assert ".." not in plain_folder(name).split("/")
    assert not set(disk_name(name)) & set('<>:"/\\|?*\0')


def test_a_device_is_no_name_on_a_disk() -> None:
    assert disk_name("con.pdf") == "_con.pdf"
    assert disk_name("说明：a/b?.pdf") == "说明：a_b_.pdf"


def report(seed: int, length: int = 1500) -> str:
    chance = random.Random(seed)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def test_a_copied_report_with_other_numbers_is_alike_and_another_is_not() -> None:
    text = report(1)
    copied = text.replace(text[100:104], "本部") + "2026年9月，整改12项。"
    one, other, third = sketch(text), sketch(copied), sketch(report(2))
    assert one and other and third
    assert alike(one, other) >= ALIKE
    assert set(bands(one)) & set(bands(other))
    assert alike(one, third) < 0.2
    assert not set(bands(one)) & set(bands(third))


def test_numbers_alone_make_no_difference_and_a_short_text_is_not_compared() -> None:
    text = report(3)
    assert sketch(text + "1234567890") == sketch(text + "55%")
    assert sketch("已完成整改。" * 10) is None
    assert all(-(2**63) <= key < 2**63 for key in bands(sketch(text) or ()))
