"""Delegation, the three administrators, substitutes: what is refused, one at a time, and nothing written."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core import access
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.orgs import actions, queries
from bihuan.orgs.models import Delegation, Grant, Post, Substitute, Unit, User
from tests.cast import NOW, TODAY, Cast, actor_for, make_person, make_unit

ONE = timedelta(days=1)
CONSOLE = Actor(None, "console:tester", NOW)
SOON = TODAY + 10 * ONE


@pytest.fixture
def leader(cast: Cast) -> User:
    return make_person("weiming", "魏明", unit=cast.organisation, role="leader")


@pytest.fixture
def deputy(cast: Cast) -> User:
    return make_person("linshuang", "林霜", unit=cast.safety, role="liaison")


def grant_of(user: User) -> Grant:
    return Grant.objects.get(post__person=user)


def post_of(user: User) -> Post:
    return Post.objects.get(person=user)


def lend(
    principal: User,
    delegate: User,
    unit: Unit,
    *,
    by: User | None = None,
    first: date = TODAY,
    last: date = SOON,
    reason: str = "外出学习",
) -> Delegation:
    return actions.delegate(
        grant_of(principal),
        post=post_of(delegate),
        draft=actions.DelegationDraft(unit, first, last, reason),
        actor=actor_for(by or principal),
    )


def refused(code: str, act: object) -> None:
    before = Event.objects.count(), Delegation.objects.count(), Grant.objects.count()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert (Event.objects.count(), Delegation.objects.count(), Grant.objects.count()) == before


def test_the_principal_lends_and_takes_back(cast: Cast, leader: User, deputy: User) -> None:
    made = lend(leader, deputy, cast.safety)
    assert [c.principal_id for c in queries.capacities(deputy.pk, (cast.safety.pk,), TODAY)[cast.safety.pk]] == [
        None, leader.pk,
    ]  # fmt: skip
    actions.end_delegation(made, ends_on=TODAY - ONE, reason="提前返回", actor=actor_for(leader))
    assert queries.why_not_acting("sign", deputy.pk, cast.safety.pk, today=TODAY) == "orgs.delegation-ended"
    assert [one.kind for one in table_breaks() if one.kind == "delegation"] == []


def test_each_wrong_delegation_is_refused_by_its_own_name(cast: Cast, leader: User, deputy: User) -> None:
    head = make_person("head", "何首", unit=cast.safety, role="unit_head")
    far = make_person("far", "远方", unit=cast.elsewhere, role="leader")
    admin = make_person("admin", "贺守一", unit=cast.organisation, role="system_admin")
    office = cast.office
    cases = {
        "orgs.role-missing": lambda: lend(leader, deputy, cast.safety, by=deputy),
        "orgs.delegation-self": lambda: lend(leader, leader, cast.safety),
        "orgs.delegation-role": lambda: lend(office, deputy, cast.safety),
        "orgs.delegation-wider": lambda: lend(head, deputy, cast.organisation),
        "orgs.delegation-outside": lambda: lend(leader, far, cast.safety),
        "orgs.works-administrator": lambda: lend(leader, admin, cast.safety),
        "orgs.reason-missing": lambda: lend(leader, deputy, cast.safety, reason="  "),
        "orgs.ends-before-start": lambda: lend(leader, deputy, cast.safety, last=TODAY - ONE),
        "orgs.delegation-past": lambda: lend(leader, deputy, cast.safety, first=TODAY - ONE),
    }
    for code, act in cases.items():
        refused(code, act)
    lend(leader, deputy, cast.safety)
    refused("orgs.delegation-twice", lambda: lend(leader, deputy, cast.safety, first=SOON))
    refused("orgs.delegation-chain", lambda: lend(leader, head, cast.safety, by=deputy))
    Grant.objects.filter(post__person=head).update(ends_on=TODAY + ONE)
    refused("orgs.delegation-longer", lambda: lend(head, deputy, cast.safety))
    Post.objects.filter(person=head).update(ends_on=TODAY + ONE)
    refused("orgs.delegation-post-ends", lambda: lend(leader, head, cast.safety))
    User.objects.filter(pk=deputy.pk).update(is_active=False)
    refused("orgs.person-disabled", lambda: lend(leader, deputy, cast.environment))


def test_the_security_administrator_delegates_for_others_and_the_office_no_more(
    cast: Cast, leader: User, deputy: User
) -> None:
    lend(leader, deputy, cast.environment, by=cast.office)
    guard = make_person("guard", "安守正", unit=cast.organisation, role="security_admin")
    refused("orgs.rights-handed-over", lambda: lend(leader, deputy, cast.safety, by=cast.office))
    assert lend(leader, deputy, cast.safety, by=guard)
    refused("orgs.role-missing", lambda: lend(leader, deputy, cast.organisation, by=cast.outsider))


def test_a_delegate_cannot_be_made_administrator_and_an_administrator_no_delegate(
    cast: Cast, leader: User, deputy: User
) -> None:
    newcomer = make_person("new", "辛来", unit=cast.organisation, role="liaison", over=cast.elsewhere)
    Grant.objects.filter(post__person=newcomer).delete()
    lend(leader, newcomer, cast.safety, first=TODAY + 3 * ONE)

    def give(role: str, first: date) -> Grant:
        return actions.give_grant(
            post_of(newcomer),
            role=role,
            unit=cast.organisation,
            starts_on=first,
            actor=actor_for(cast.office),
        )

    refused("orgs.administrator-works", lambda: give("audit_admin", TODAY))
    give("audit_admin", SOON + ONE)
    refused(
        "orgs.works-administrator",
        lambda: lend(leader, newcomer, cast.environment, first=SOON, last=SOON + ONE),
    )


@pytest.mark.parametrize("first", sorted(access.ADMINISTRATORS))
@pytest.mark.parametrize("second", [*sorted(access.ADMINISTRATORS), "office", "reader", "liaison"])
def test_no_account_holds_two_of_them_or_works_beside(cast: Cast, first: str, second: str) -> None:
    if first == second:
        return
    person = make_person("admin", "贺守一", unit=cast.organisation, role=first)
    code = "orgs.two-administrators" if second in access.ADMINISTRATORS else "orgs.works-administrator"
    Grant.objects.filter(post__person=person).update(role=first, unit=cast.elsewhere)
    chief = actor_for(cast.office)

    def give(unit: Unit) -> Grant:
        return actions.give_grant(post_of(person), role=second, unit=unit, starts_on=TODAY, actor=chief)

    assert give(cast.safety)
    Grant.objects.filter(post__person=person, role=second).delete()
    Grant.objects.filter(post__person=person).update(unit=cast.organisation)
    if first in access.HANDED_OVER.values():
        chief = CONSOLE
    refused(code, lambda: give(cast.safety))


def test_the_three_are_appointed_at_once_and_take_over(cast: Cast) -> None:
    people = {
        role: make_person(role, name, unit=cast.organisation, role="reader")
        for role, name in zip(
            ("system_admin", "security_admin", "audit_admin"), ("甲一", "乙二", "丙三"), strict=True
        )
    }
    office = actor_for(cast.office)

    def appoint(**changes: User) -> list[Grant]:
        posts = {role: post_of(person) for role, person in {**people, **changes}.items()}
        return actions.appoint_administrators(cast.organisation, posts=posts, starts_on=TODAY, actor=office)

    refused("orgs.administrator-works", appoint)
    Grant.objects.filter(post__person__in=[p.pk for p in people.values()]).delete()
    refused("orgs.two-administrators", lambda: appoint(audit_admin=people["system_admin"]))
    refused(
        "orgs.three-administrators",
        lambda: actions.appoint_administrators(
            cast.organisation,
            posts={"audit_admin": post_of(people["audit_admin"])},
            starts_on=TODAY,
            actor=office,
        ),
    )
    assert len(appoint()) == 3
    refused("orgs.accounts-handed-over", appoint)
    draft = actions.PersonDraft("叶知秋", "yezhiqiu", "干事", TODAY, role="reader")
    refused(
        "orgs.accounts-handed-over", lambda: actions.create_person(cast.safety, draft=draft, actor=office)
    )
    system = actor_for(people["system_admin"])
    refused("orgs.role-missing", lambda: actions.create_person(cast.safety, draft=draft, actor=system))
    plain = actions.PersonDraft("叶知秋", "yezhiqiu", "干事", TODAY)
    made, _code = actions.create_person(cast.safety, draft=plain, actor=system)
    guard = actor_for(people["security_admin"])
    assert actions.give_grant(post_of(made), role="liaison", unit=cast.safety, starts_on=TODAY, actor=guard)
    with pytest.raises(NotAllowed):
        actions.disable_person(made, reason="试", actor=guard)
    with pytest.raises(NotAllowed):
        actions.disable_person(made, reason="试", actor=office)
    assert actions.disable_person(made, reason="离职", actor=system)
    for person in people.values():
        assert not queries.sight(person, TODAY).units.exists()


def test_a_unit_that_moves_makes_nobody_both(cast: Cast) -> None:
    branch = make_unit("北园", kind="organisation", parent=None)
    person = make_person("both", "双栖", unit=branch, role="audit_admin")
    Grant.objects.create(post=post_of(person), role="liaison", unit=cast.safety, starts_on=TODAY)
    make_person("chief", "北园办", unit=branch, role="office")
    refused(
        "orgs.administrator-works",
        lambda: actions.move_unit(branch, parent=cast.organisation, actor=CONSOLE),
    )
    assert Unit.objects.get(pk=branch.pk).parent_id is None


def test_the_order_of_substitutes_is_set_changed_and_taken_back(
    cast: Cast, leader: User, deputy: User
) -> None:
    office = actor_for(cast.office)

    def put(*people: User, role: str = "leader") -> list[Substitute]:
        return actions.set_substitutes(cast.organisation, role=role, people=people, actor=office)

    put(deputy, leader)
    assert queries.substitutes(cast.organisation.pk, "leader") == (deputy.pk, leader.pk)
    put(leader, deputy, cast.reader)
    assert queries.substitutes(cast.organisation.pk, "leader") == (leader.pk, deputy.pk, cast.reader.pk)
    count = Event.objects.count()
    put(leader, deputy, cast.reader)
    assert Event.objects.count() == count
    refused("orgs.substitute-twice", lambda: put(leader, leader))
    refused("orgs.substitute-outside", lambda: put(cast.outsider))
    refused("orgs.substitute-outside", lambda: put(cast.disabled))
    refused("orgs.role-unknown", lambda: put(leader, role="reader"))
    admin = make_person("admin", "贺守一", unit=cast.organisation, role="audit_admin")
    refused("orgs.substitute-administrator", lambda: put(admin))
    put()
    assert queries.substitutes(cast.organisation.pk, "leader") == ()
    assert [one for one in table_breaks() if one.kind == "substitute"] == []


def test_a_superior_body_appoints_its_further_people_by_itself(cast: Cast) -> None:
    body = make_unit("江澜市委巡察办", kind="superior")
    first = make_person("xieguanlan", "谢观澜", unit=body, role="superior", over=cast.organisation)
    keeper = make_person("anquan", "安全", unit=body, role="security_admin")
    second = make_person("lizhen", "李真", unit=body, role="reader", over=cast.elsewhere)
    post, actor = post_of(second), actor_for(keeper)

    def give(role: str = "superior", unit: Unit = cast.organisation, by: Actor = actor) -> Grant:
        return actions.give_grant(post, role=role, unit=unit, starts_on=TODAY, actor=by)

    refused("orgs.role-missing", lambda: give("office"))
    refused("orgs.role-missing", lambda: give(unit=cast.elsewhere))
    refused("orgs.role-missing", lambda: give(by=actor_for(cast.office)))
    refused("orgs.role-missing", lambda: give(by=actor_for(first)))
    own = post_of(keeper)
    refused(
        "orgs.appoint-self",
        lambda: actions.give_grant(
            own, role="superior", unit=cast.organisation, starts_on=TODAY, actor=actor
        ),
    )
    client = Client()
    client.force_login(keeper)
    page = f"/posts/{post.pk}/grants/add/"
    assert cast.organisation.name in client.get(page).content.decode()
    given = {"role": "superior", "unit": cast.organisation.name, "starts_on": TODAY.isoformat()}
    assert client.post(page, given).status_code == 302
    made = Grant.objects.get(post=post, role="superior")
    event = Event.objects.get(kind="grant", object_id=made.pk)
    assert (event.action, event.organisation_id) == ("grant.given", cast.organisation.pk)
    assert client.get(f"/grants/{made.pk}/end/").status_code == 200
    assert f"/grants/{made.pk}/end/" in client.get(f"/people/{second.pk}/").content.decode()
    outsider = Client()
    outsider.force_login(cast.outsider)
    assert outsider.get(f"/grants/{made.pk}/end/").status_code == 404
    actions.end_grant(made, ends_on=TODAY, actor=actor)
    refused("orgs.role-missing", lambda: actions.end_grant(grant_of(cast.reader), ends_on=TODAY, actor=actor))
    actions.end_grant(grant_of(first), ends_on=TODAY - ONE, actor=actor)
    actions.end_grant(made, ends_on=TODAY - ONE, actor=actor)
    refused("orgs.role-missing", give)
