from datetime import timedelta

import pytest

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.core.refusal import NotAllowed, NotVisible
from bihuan.orgs import actions, codes, queries
from bihuan.orgs.models import OneTimeCode, User
from bihuan.orgs.refusals import CodeRefused, PasswordRefused, StepRefused, WrongInput
from tests.cast import NOW, TODAY, Cast, actor_for

CONSOLE = Actor(None, "console:root", NOW)
FIRST = actions.FirstDraft(
    organisation="江澜高新区", name="方静宜", username="fangjingyi", title="整改办主任"
)
ONE = timedelta(days=1)


@pytest.mark.django_db
def test_the_first_account_holds_the_office_of_its_organisation() -> None:
    code = actions.make_first_code(actor=CONSOLE)
    user = actions.create_first_account(code.lower(), draft=FIRST, password="Qingliang-2026", actor=CONSOLE)
    assert user.check_password("Qingliang-2026")
    unit = queries.units_seen(queries.sight(user, TODAY)).get()
    assert (unit.name, unit.kind) == ("江澜高新区", "organisation")
    assert queries.may_write(user, unit, TODAY)
    sealed = list(
        Event.objects.filter(action="account.first").values_list("kind", "actor_id", "organisation_id")
    )
    assert {kind for kind, _, _ in sealed} == {"user", "unit", "post", "grant", "code"}
    assert {(actor, filed) for _, actor, filed in sealed} == {(user.pk, unit.pk)}


@pytest.mark.django_db
def test_the_first_code_works_once_and_only_the_latest() -> None:
    earlier, code = (actions.make_first_code(actor=CONSOLE) for _ in range(2))
    for wrong in (earlier, "", "0000", code[:-1]):
        with pytest.raises(CodeRefused):
            actions.create_first_account(wrong, draft=FIRST, password="Qingliang-2026", actor=CONSOLE)
    with pytest.raises(PasswordRefused):
        actions.create_first_account(code, draft=FIRST, password="abc", actor=CONSOLE)
    assert not User.objects.exists()
    actions.create_first_account(code, draft=FIRST, password="Qingliang-2026", actor=CONSOLE)
    with pytest.raises(CodeRefused):
        actions.create_first_account(code, draft=FIRST, password="Qingliang-2026", actor=CONSOLE)
    with pytest.raises(StepRefused):
        actions.make_first_code(actor=CONSOLE)


@pytest.mark.django_db
def test_the_first_code_expires_after_a_week() -> None:
    code = actions.make_first_code(actor=CONSOLE)
    late = Actor(None, "console:root", NOW + timedelta(days=7))
    with pytest.raises(CodeRefused):
        actions.create_first_account(code, draft=FIRST, password="Qingliang-2026", actor=late)


def test_a_code_sets_a_password_once(cast: Cast) -> None:
    code = actions.issue_reset(cast.reader, actor=actor_for(cast.office))
    with pytest.raises(CodeRefused):
        actions.use_code(code, username="fangjingyi", password="Baishui-2026", at=NOW)
    user = actions.use_code(
        f" {code.lower().replace('-', ' ')} ", username="luoxiaoman", password="Baishui-2026", at=NOW
    )
    assert user.check_password("Baishui-2026")
    assert not user.must_change_password
    with pytest.raises(CodeRefused):
        actions.use_code(code, username="luoxiaoman", password="Cangwu-2026", at=NOW)


def test_a_refused_password_leaves_the_code_good(cast: Cast) -> None:
    code = actions.issue_reset(cast.reader, actor=actor_for(cast.office))
    with pytest.raises(PasswordRefused):
        actions.use_code(code, username="luoxiaoman", password="abc", at=NOW)
    actions.use_code(code, username="luoxiaoman", password="Baishui-2026", at=NOW)


def test_a_reset_is_good_for_a_day_and_replaces_the_earlier(cast: Cast) -> None:
    earlier, code = (actions.issue_reset(cast.reader, actor=actor_for(cast.office)) for _ in range(2))
    for wrong, at in ((earlier, NOW), (code, NOW + ONE)):
        with pytest.raises(CodeRefused):
            actions.use_code(wrong, username="luoxiaoman", password="Baishui-2026", at=at)
    actions.use_code(
        code, username="luoxiaoman", password="Baishui-2026", at=NOW + ONE - timedelta(seconds=1)
    )


def test_a_code_is_no_use_to_a_disabled_account(cast: Cast) -> None:
    code = actions.issue_reset(cast.reader, actor=actor_for(cast.office))
    actions.disable_person(cast.reader, reason="调离", actor=actor_for(cast.office))
    with pytest.raises(CodeRefused):
        actions.use_code(code, username="luoxiaoman", password="Baishui-2026", at=NOW)
    with pytest.raises(StepRefused):
        actions.issue_reset(cast.reader, actor=actor_for(cast.office))


def test_nobody_makes_a_code_for_oneself_or_without_the_office(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refusal:
        actions.issue_reset(cast.office, actor=actor_for(cast.office))
    assert refusal.value.code == "orgs.reset-self"
    with pytest.raises(NotAllowed):
        actions.issue_reset(cast.office, actor=actor_for(cast.reader))


def test_only_hashes_of_secrets_are_kept(cast: Cast) -> None:
    code = actions.issue_reset(cast.reader, actor=actor_for(cast.office))
    token, secret = actions.make_token(
        cast.reader, name="导出", expires_on=TODAY, actor=actor_for(cast.reader)
    )
    assert OneTimeCode.objects.get().sha256 == codes.digest(codes.tidy_code(code))
    assert token.sha256 == codes.digest(secret)
    assert secret.startswith(token.prefix)
    for event in Event.objects.all():
        assert secret not in event.sealed + (event.opened or "")
        assert token.sha256 not in event.sealed + (event.opened or "")


def test_a_token_works_until_its_last_day(cast: Cast) -> None:
    _token, secret = actions.make_token(
        cast.reader, name="导出", expires_on=TODAY, actor=actor_for(cast.reader)
    )
    found = queries.token_for(secret, TODAY)
    assert found is not None
    assert found.user == cast.reader
    assert queries.token_for(secret, TODAY + ONE) is None
    assert queries.token_for(secret + "0", TODAY) is None


@pytest.mark.parametrize("days", [-1, 367])
def test_a_token_ends_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(WrongInput):
        actions.make_token(
            cast.reader, name="导出", expires_on=TODAY + days * ONE, actor=actor_for(cast.reader)
        )


def test_a_token_is_revoked_by_its_owner_only(cast: Cast) -> None:
    token, secret = actions.make_token(
        cast.reader, name="导出", expires_on=TODAY, actor=actor_for(cast.reader)
    )
    with pytest.raises(NotVisible):
        actions.revoke_token(cast.office, token_id=token.pk, actor=actor_for(cast.office))
    actions.revoke_token(cast.reader, token_id=token.pk, actor=actor_for(cast.reader))
    assert queries.token_for(secret, TODAY) is None


def test_codes_are_read_however_they_are_typed() -> None:
    code = codes.new_code()
    assert len(codes.tidy_code(code)) == 24
    assert codes.tidy_code(code.lower().replace("-", "")) == codes.tidy_code(code)
    assert codes.tidy_code("ｏ０ｉ１ｌ") == "00111"
