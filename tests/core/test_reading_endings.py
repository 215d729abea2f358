"""The end of a document: telephone, post, e-mail, signature and date in the forms that offices use."""

import pytest

from bihuan.core.reading import read
from bihuan.core.reading.document import Document
from tests.core.reading_sources import from_text

HEAD = (
    "根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。现将整改情况予以公布。\n"
    "一、反馈问题整改情况\n1.计划不实。\n整改情况：已补课。\n"
)


def ended(text: str) -> Document:
    return read(from_text(HEAD + text))


CONTACTS = (
    ("联系电话：07996001122；邮政信箱：云岭县人民路6号；电子邮箱：123456@qq.com。", ("07996001122", "云岭县人民路6号", "123456@qq.com")),
    ("欢迎监督。值班电话:0799-6001122(工作日8:00-18:00);通信地址:云岭县人民路6号县农机局,邮编:337000;电子邮件:ylnj@yl.gov.cn", ("0799-6001122", "云岭县人民路6号县农机局", "ylnj@yl.gov.cn")),
    ("如有意见建议，请及时反映。联系电话：（0799）6001122、6001133。", ("（0799）6001122、6001133", None, None)),
    ("监督举报电话：12388；邮政信箱：A026信箱", ("12388", "A026信箱", None)),
    ("联系方式：电话0799-6001122，邮寄地址：云岭县人民路6号，邮箱：a.b@yl.gov.cn", ("0799-6001122", "云岭县人民路6号", "a.b@yl.gov.cn")),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CONTACTS)
def test_the_ways_to_answer_are_read_as_printed(text: str, expected: tuple[str | None, ...]) -> None:
    contact = ended(text).contact
    assert (contact.phone, contact.post, contact.email) == expected


def test_ways_to_answer_on_lines_of_their_own() -> None:
    contact = ended("联系电话：0799-6001122\n通讯地址：云岭县人民路6号\n电子邮箱：ylnj@yl.gov.cn\n").contact
    assert (contact.phone, contact.post, contact.email) == (
        "0799-6001122",
        "云岭县人民路6号",
        "ylnj@yl.gov.cn",
    )


SIGNATURES = (
    ("中共云岭县农机局党组\n2022年12月16日", "中共云岭县农机局党组", "2022-12-16"),
    ("中共云岭县农机局党组 2022年12月16日", "中共云岭县农机局党组", "2022-12-16"),
    ("云岭县农业机械局\n二〇二二年十二月十六日", "云岭县农业机械局", "2022-12-16"),
    ("中共云岭县农机局党组\n2022年12月", "中共云岭县农机局党组", "2022-12"),
    ("（此件公开发布）", None, None),
    ("2022年12月16日", None, "2022-12-16"),
)


@pytest.mark.parametrize(("text", "who", "when"), SIGNATURES)
def test_signature_and_date_are_read(text: str, who: str | None, when: str | None) -> None:
    document = ended(text)
    assert (document.signed_by, document.signed_on) == (who, when)
    assert document.findings[-1].problems[-1].response == "已补课。" or who is None


def test_a_page_without_an_end_says_nothing_of_it() -> None:
    document = ended("")
    assert (document.signed_by, document.signed_on, document.published_on) == (None, None, None)
    assert document.contact.phone is document.contact.post is document.contact.email is None


def test_what_is_attached_is_no_answer() -> None:
    document = ended("附件：1.问题清单\n2.任务清单\n中共云岭县农机局党组\n2022年12月16日\n")
    assert document.findings[-1].problems[-1].response == "已补课。"
    assert [part.kind for part in document.parts][-3:] == ["attachment", "signature", "date"]
