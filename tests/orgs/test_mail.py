import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from bihuan.orgs.models import OneTimeCode, User
from tests.cast import Cast


@pytest.fixture
def with_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "smtp://user:p%40ss@mail.example:587/?tls=1&from=office@example.org"
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, mail_url=url))


def ask(client: Client, username: str) -> str:
    response = client.post("/forgot/", {"username": username}, follow=True)
    return response.content.decode()


@pytest.mark.usefixtures("with_mail")
def test_a_code_goes_to_the_address_of_the_account(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.reader.pk).update(email="luo@example.org")
    assert "一次性口令已经发出" in ask(client, "LuoXiaoman")
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email) == (["luo@example.org"], "office@example.org")
    code = re.findall(r"(?:\w{4}-){5}\w{4}", letter.body, re.ASCII)[0]
    values = {"username": "luoxiaoman", "code": code, "new": "Baishui-2026", "again": "Baishui-2026"}
    assert client.post("/code/", values).status_code == 302


@pytest.mark.usefixtures("with_mail")
def test_whether_an_account_exists_is_not_told(cast: Cast, client: Client) -> None:
    User.objects.filter(pk=cast.disabled.pk).update(email="tao@example.org")
    for username in ("nobody", "fangjingyi", "taojinghe"):
        assert "一次性口令已经发出" in ask(client, username)
    assert mail.outbox == []
    assert not OneTimeCode.objects.exists()


@pytest.mark.usefixtures("with_mail")
def test_a_letter_that_cannot_be_sent_leaves_no_code(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fails)
    User.objects.filter(pk=cast.reader.pk).update(email="luo@example.org")
    assert "一次性口令已经发出" in ask(client, "luoxiaoman")
    assert not OneTimeCode.objects.exists()


def test_without_mail_the_page_says_whom_to_ask(cast: Cast, client: Client) -> None:
    assert "请找本单位整改办生成一次性口令" in client.get("/forgot/").content.decode()
    client.post("/forgot/", {"username": "luoxiaoman"})
    assert mail.outbox == []
