from datetime import timedelta

import pytest

from bihuan.audit.models import Event
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import actions, queries
from bihuan.orgs.models import Grant, Post, SessionRecord, Token, User
from bihuan.orgs.refusals import StepRefused, WrongInput
from tests.cast import NOW, TODAY, Cast, actor_for, make_person

ONE = timedelta(days=1)


def draft(**changes: object) -> actions.PersonDraft:
    values = {
        "name": "蒋予安",
        "username": "JiangYuan",
        "title": "联络员",
        "starts_on": TODAY,
        "role": "reader",
    }
    return actions.PersonDraft(**{**values, **changes})


def post_of(user: User) -> Post:
    return Post.objects.get(person=user)


def test_a_person_gets_a_post_a_right_and_a_code_in_one_step(cast: Cast) -> None:
    person, code = actions.create_person(cast.safety, draft=draft(), actor=actor_for(cast.office))
    assert person.username == "jiangyuan"
    assert person.must_change_password
    assert not person.has_usable_password()
    assert len(code.replace("-", "")) == 24
    assert queries.sight(person, TODAY).roles == {"reader"}
    kinds = set(
        Event.objects.filter(action__in=("person.created", "code.made")).values_list("kind", flat=True)
    )
    assert kinds == {"user", "post", "grant", "code"}
    assert not Event.objects.filter(sealed__contains=code).exists()


def test_names_and_accounts_are_sealed_as_commitments_only(cast: Cast) -> None:
    actions.create_person(cast.safety, draft=draft(), actor=actor_for(cast.office))
    event = Event.objects.get(action="person.created", kind="user")
    assert "蒋予安" not in event.sealed
    assert "jiangyuan" not in event.sealed
    assert "蒋予安" in (event.opened or "")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "ＬｕｏXiaoman"}, "orgs.username-taken"),
        ({"username": "jiang yuan"}, "orgs.username-unusable"),
        ({"username": ""}, "orgs.username-unusable"),
        ({"name": " "}, "orgs.person-without-name"),
        ({"title": " "}, "orgs.post-without-title"),
        ({"role": "king"}, "orgs.role-unknown"),
    ],
)
def test_a_wrong_draft_leaves_nothing_behind(cast: Cast, changes: dict[str, str], code: str) -> None:
    before = User.objects.count(), Post.objects.count(), Event.objects.count()
    with pytest.raises(WrongInput) as refusal:
        actions.create_person(cast.safety, draft=draft(**changes), actor=actor_for(cast.office))
    assert refusal.value.code == code
    assert (User.objects.count(), Post.objects.count(), Event.objects.count()) == before


def test_a_reader_and_an_outsider_register_nobody(cast: Cast) -> None:
    for user in (cast.reader, cast.outsider, cast.disabled):
        with pytest.raises(NotAllowed):
            actions.create_person(cast.safety, draft=draft(), actor=actor_for(user))


def test_a_right_reaches_no_further_than_the_office_of_the_giver(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.give_grant(
            post_of(cast.reader),
            role="office",
            unit=cast.elsewhere,
            starts_on=TODAY,
            actor=actor_for(cast.office),
        )
    head = make_person("shenjibai", "沈既白", unit=cast.safety, role="office")
    with pytest.raises(NotAllowed):
        actions.give_grant(
            post_of(head), role="office", unit=cast.organisation, starts_on=TODAY, actor=actor_for(head)
        )


def test_the_same_right_is_not_given_twice(cast: Cast) -> None:
    with pytest.raises(StepRefused) as refusal:
        actions.give_grant(
            post_of(cast.reader),
            role="reader",
            unit=cast.organisation,
            starts_on=TODAY,
            actor=actor_for(cast.office),
        )
    assert refusal.value.code == "orgs.grant-twice"


def test_ending_a_post_ends_its_rights_after_that_day(cast: Cast) -> None:
    actions.end_post(post_of(cast.reader), ends_on=TODAY, actor=actor_for(cast.office))
    assert queries.sight(cast.reader, TODAY).roles == {"reader"}
    assert queries.sight(cast.reader, TODAY + ONE).roles == frozenset()


def test_a_right_given_by_mistake_today_is_taken_back_at_once(cast: Cast) -> None:
    post = post_of(cast.department_reader)
    grant = actions.give_grant(
        post, role="office", unit=cast.organisation, starts_on=TODAY, actor=actor_for(cast.office)
    )
    assert queries.may_write(cast.department_reader, cast.organisation, TODAY)
    actions.end_grant(grant, ends_on=TODAY - ONE, actor=actor_for(cast.office))
    assert not queries.may_write(cast.department_reader, cast.organisation, TODAY)
    with pytest.raises(WrongInput):
        actions.end_grant(grant, ends_on=TODAY - ONE - ONE, actor=actor_for(cast.office))


def test_what_ended_is_not_prolonged(cast: Cast) -> None:
    post = post_of(cast.reader)
    actions.end_post(post, ends_on=TODAY, actor=actor_for(cast.office))
    with pytest.raises(WrongInput) as refusal:
        actions.end_post(post, ends_on=TODAY + ONE, actor=actor_for(cast.office))
    assert refusal.value.code == "orgs.ended-already"


def test_the_last_office_stays(cast: Cast) -> None:
    grant = Grant.objects.get(post__person=cast.office)
    for step in (
        lambda: actions.end_grant(grant, ends_on=TODAY, actor=actor_for(cast.office)),
        lambda: actions.end_post(grant.post, ends_on=TODAY, actor=actor_for(cast.office)),
    ):
        with pytest.raises(StepRefused) as refusal:
            step()
        assert refusal.value.code == "orgs.last-office"
    second = make_person("hanyifei", "韩亦非", unit=cast.organisation, role="office")
    actions.end_grant(grant, ends_on=TODAY, actor=actor_for(second))


def test_disabling_ends_sessions_and_tokens_at_once(cast: Cast) -> None:
    token, _secret = actions.make_token(
        cast.reader, name="导出", expires_on=TODAY, actor=actor_for(cast.reader)
    )
    SessionRecord.objects.create(
        user=cast.reader, key_sha256="0" * 64, created_at=NOW, last_seen_at=NOW, device="Edge Windows"
    )
    actions.disable_person(cast.reader, reason="调离", actor=actor_for(cast.office))
    token.refresh_from_db()
    assert token.revoked_at == NOW
    assert not SessionRecord.objects.filter(ended_at=None).exists()
    assert queries.sight(User.objects.get(pk=cast.reader.pk), TODAY).roles == frozenset()
    kinds = Event.objects.filter(action="person.disabled").values_list("kind", flat=True)
    assert sorted(kinds) == ["token", "user"]
    assert not Event.objects.filter(action="person.disabled", sealed__contains="调离").exists()


def test_nobody_disables_oneself_another_units_person_or_twice(cast: Cast) -> None:
    with pytest.raises(NotAllowed) as refusal:
        actions.disable_person(cast.office, reason="试", actor=actor_for(cast.office))
    assert refusal.value.code == "orgs.disable-self"
    with pytest.raises(NotAllowed) as refusal:
        actions.disable_person(cast.outsider, reason="试", actor=actor_for(cast.office))
    assert refusal.value.code == "orgs.person-outside"
    with pytest.raises(StepRefused):
        actions.disable_person(cast.disabled, reason="试", actor=actor_for(cast.office))


def test_the_office_of_a_department_does_not_manage_a_superior(cast: Cast) -> None:
    head = make_person("shenjibai", "沈既白", unit=cast.safety, role="office")
    for step in (
        lambda: actions.disable_person(cast.office, reason="试", actor=actor_for(head)),
        lambda: actions.issue_reset(cast.office, actor=actor_for(head)),
        lambda: actions.edit_person(cast.reader, name="罗大满", email="", actor=actor_for(head)),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_enabling_keeps_tokens_revoked(cast: Cast) -> None:
    actions.make_token(cast.reader, name="导出", expires_on=TODAY, actor=actor_for(cast.reader))
    actions.disable_person(cast.reader, reason="调离", actor=actor_for(cast.office))
    actions.enable_person(cast.reader, reason="调回", actor=actor_for(cast.office))
    assert queries.sight(User.objects.get(pk=cast.reader.pk), TODAY).roles == {"reader"}
    assert not Token.objects.filter(revoked_at=None).exists()
    with pytest.raises(StepRefused):
        actions.enable_person(cast.reader, reason="再来", actor=actor_for(cast.office))
