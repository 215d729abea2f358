from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.orgs import actions, passwords
from bihuan.orgs.models import PastPassword, User
from bihuan.orgs.passwords import PROFILES, kinds, must_change, shape_faults
from bihuan.orgs.refusals import PasswordRefused, WrongInput
from tests.cast import NOW, PASSWORD, Cast, actor_for


def codes(password: str, profile: str, username: str = "fangjingyi") -> list[str]:
    return [remark.code for remark in shape_faults(password, username, PROFILES[profile])]


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("Qingliang1", []),
        ("Qinglia1", []),
        ("Qingli1", ["orgs.password-short"]),
        ("qingliang1", ["orgs.password-kinds"]),
        ("qingliang1!", []),
        ("清凉山水如画Aa", []),
        ("Fangjingyi-2026", ["orgs.password-name"]),
        ("abz", ["orgs.password-short", "orgs.password-kinds"]),
        ("password", ["orgs.password-kinds", "orgs.password-common"]),
        ("Aa1" + "x" * 125, []),
        ("Aa1" + "x" * 126, ["orgs.password-long"]),
    ],
)
def test_dengbao_asks_for_length_and_kinds(password: str, expected: list[str]) -> None:
    assert codes(password, "dengbao") == expected


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("correct horse battery", []),
        ("twelve chars", []),
        ("eleven char", ["orgs.password-short"]),
        ("fangjingyi fangjingyi", ["orgs.password-name"]),
    ],
)
def test_asvs_asks_for_length_and_no_composition(password: str, expected: list[str]) -> None:
    assert codes(password, "asvs") == expected


@given(st.text(max_size=200), st.text(max_size=10))
def test_any_text_is_judged_without_failing(password: str, username: str) -> None:
    for profile in PROFILES.values():
        assert all(
            remark.code.startswith("orgs.password-") for remark in shape_faults(password, username, profile)
        )
    assert 0 <= kinds(password) <= 4


def test_the_old_password_is_asked_for(cast: Cast) -> None:
    with pytest.raises(WrongInput) as refusal:
        actions.change_password(cast.office, old="x", new="Baishui-2026", actor=actor_for(cast.office))
    assert (refusal.value.code, refusal.value.field) == ("orgs.password-old-wrong", "old")


def test_the_present_and_the_last_three_are_not_taken_again(cast: Cast) -> None:
    names = [PASSWORD, "Baishui-2026", "Cangwu-2026", "Dongting-2026", "Emei-2026-shan"]
    for old, new in zip(names, names[1:], strict=False):
        actions.change_password(cast.office, old=old, new=new, actor=actor_for(cast.office))
    assert PastPassword.objects.filter(user=cast.office).count() == 3
    for again in names[1:]:
        with pytest.raises(PasswordRefused) as refusal:
            actions.change_password(cast.office, old=names[-1], new=again, actor=actor_for(cast.office))
        assert [remark.code for remark in refusal.value.remarks] == ["orgs.password-again"]
    actions.change_password(cast.office, old=names[-1], new=names[0], actor=actor_for(cast.office))


def test_every_fault_is_told_at_once(cast: Cast) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        actions.change_password(cast.office, old=PASSWORD, new="abz", actor=actor_for(cast.office))
    assert [remark.code for remark in refusal.value.remarks] == ["orgs.password-short", "orgs.password-kinds"]


def test_a_password_is_due_after_ninety_days_where_the_profile_says_so(settings: Any) -> None:
    user = User(password_changed_at=NOW)
    assert not must_change(user, NOW + timedelta(days=90))
    assert must_change(user, NOW + timedelta(days=90, seconds=1))
    settings.BIHUAN_PASSWORD_PROFILE = "asvs"
    assert not must_change(user, NOW + timedelta(days=9000))
    assert must_change(User(password_changed_at=None), NOW)
    assert must_change(User(password_changed_at=NOW, must_change_password=True), NOW)
    assert passwords.profile().least == 12
