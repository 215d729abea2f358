"""After every action of `orgs`, folding the sealed events gives the tables."""

from datetime import timedelta

from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.orgs import actions
from bihuan.orgs.models import Grant, Post, User
from tests.cast import NOW, PASSWORD, TODAY, Cast, actor_for


def test_the_record_gives_the_tables_after_every_action(cast: Cast) -> None:
    office = actor_for(cast.office)
    unit = actions.create_unit(cast.organisation, name="财政金融部", actor=office)
    actions.edit_unit(unit, values={"name": "财政金融局", "position": 4}, actor=office)
    actions.move_unit(unit, parent=cast.environment, actor=office)
    draft = actions.PersonDraft(
        name="蒋予安",
        username="jiangyuan",
        title="联络员",
        starts_on=TODAY,
        role="reader",
        email="a@example.org",
    )
    person, code = actions.create_person(unit, draft=draft, actor=office)
    actions.use_code(code, username="jiangyuan", password="Baishui-2026", at=NOW)
    actions.edit_person(person, name="蒋予安甲", email="", actor=office)
    post = actions.add_post(person, unit=cast.safety, title="副部长", starts_on=TODAY, actor=office)
    grant = actions.give_grant(post, role="office", unit=cast.safety, starts_on=TODAY, actor=office)
    actions.end_grant(grant, ends_on=TODAY - timedelta(days=1), actor=office)
    actions.end_post(post, ends_on=TODAY, actor=office)
    own = actor_for(person)
    token, _ = actions.make_token(person, name="导出", expires_on=TODAY, actor=own)
    actions.revoke_token(person, token_id=token.pk, actor=own)
    actions.make_token(person, name="再导出", expires_on=TODAY, actor=own)
    actions.change_password(person, old="Baishui-2026", new=PASSWORD, actor=own)
    actions.set_preferences(person, language="en", large_type=True)
    actions.issue_reset(person, without_totp=True, actor=office)
    actions.issue_reset(person, actor=office)
    actions.disable_person(person, reason="调离", actor=office)
    actions.enable_person(person, reason="调回", actor=office)
    for running in Post.objects.filter(person=person, unit=unit):
        actions.end_post(running, ends_on=TODAY - timedelta(days=1), actor=office)
    actions.close_unit(unit, reason="合并", actor=office)
    actions.reopen_unit(unit, reason="拆分", actor=office)
    assert list(chain_breaks()) == []
    assert list(table_breaks()) == []


def test_a_row_changed_behind_the_record_is_named(cast: Cast) -> None:
    User.objects.filter(pk=cast.reader.pk).update(is_active=False)
    Grant.objects.filter(post__person=cast.reader).update(role="office")
    assert {(one.kind, one.object_id) for one in table_breaks()} == {
        ("user", cast.reader.pk),
        ("grant", Grant.objects.get(post__person=cast.reader).pk),
    }
