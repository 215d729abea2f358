"""Groups with their seats and founding notice; the calendar and the deadlines of an organisation."""

from datetime import date, timedelta

import pytest
from django.test import Client

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core import access
from bihuan.core.founding import Founding, Seat, compose_founding
from bihuan.core.paper import Heading
from bihuan.core.refusal import Refused
from bihuan.formats.papers import write_paper
from bihuan.orgs import actions, queries
from bihuan.orgs.models import CalendarDay, DeadlineRule, Group, Membership, Unit
from bihuan.orgs.queries import directory
from bihuan.orgs.refusals import WrongInput
from bihuan.orgs.views.calendar import read_days
from tests.cast import TODAY, Cast, actor_for, make_person

ONE = timedelta(days=1)


@pytest.fixture
def group(cast: Cast) -> Group:
    values = {"name": "整改工作领导小组", "founded_on": TODAY - 30 * ONE, "office_unit": cast.environment}
    return actions.found_group(cast.organisation, kind="leading", values=values, actor=actor_for(cast.office))


def seat(group: Group, cast: Cast, **values: object) -> Membership:
    draft = actions.MemberDraft(**{"seat": "member", **values})
    return actions.add_member(group, draft=draft, actor=actor_for(cast.office))


def refused(code: str, act: object) -> None:
    count = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == f"orgs.{code}"
    assert Event.objects.count() == count


def test_a_group_is_founded_filled_and_dissolved_with_its_seats(cast: Cast, group: Group) -> None:
    head = seat(group, cast, seat="head", name="贺明渠", title="党工委书记")
    seat(group, cast, person=cast.reader, title="干事")
    assert [one.name for one in queries.seats_on(group, TODAY)] == ["贺明渠", "罗小满"]
    refused("group-has-head", lambda: seat(group, cast, seat="head", name="魏明"))
    refused("member-twice", lambda: seat(group, cast, person=cast.reader))
    refused("member-without-name", lambda: seat(group, cast, name=" "))
    refused("seat-unknown", lambda: seat(group, cast, seat="king", name="甲"))
    refused("member-before-group", lambda: seat(group, cast, name="甲", starts_on=TODAY - 60 * ONE))
    actions.end_member(head, ends_on=TODAY, actor=actor_for(cast.office))
    assert seat(group, cast, seat="head", name="魏明", starts_on=TODAY + ONE)
    assert [one.name for one in queries.seats_on(group, TODAY + ONE)] == ["罗小满", "魏明"]
    actions.dissolve_group(group, ends_on=TODAY + 5 * ONE, reason="机构调整", actor=actor_for(cast.office))
    assert queries.seats_on(group, TODAY + 6 * ONE) == []
    refused("group-dissolved", lambda: seat(group, cast, name="乙"))
    assert [one for one in table_breaks() if one.kind in ("group", "membership")] == []


def test_wrong_groups_are_refused(cast: Cast, group: Group) -> None:
    actor = actor_for(cast.office)

    def found(unit: Unit, kind: str = "supervision", **values: object) -> Group:
        given = {"name": "督查组", "founded_on": TODAY, **values}
        return actions.found_group(unit, kind=kind, values=given, actor=actor)

    refused("group-stands", lambda: found(cast.organisation, "leading"))
    refused("group-kind", lambda: found(cast.organisation, "party"))
    refused("group-no-organisation", lambda: found(cast.safety))
    refused("group-without-name", lambda: found(cast.organisation, name=" "))
    refused("group-office-outside", lambda: found(cast.organisation, office_unit=cast.elsewhere))
    refused("role-missing", lambda: found(cast.elsewhere))
    seat(group, cast, name="贺明渠")
    later = {"founded_on": TODAY}
    refused("group-founded-later", lambda: actions.edit_group(group, values=later, actor=actor))


def test_the_order_of_seats_is_the_order_of_the_notice(cast: Cast, group: Group) -> None:
    seats = [seat(group, cast, name=name) for name in ("甲", "乙", "丙")]
    actor = actor_for(cast.office)
    order = [seats[2].pk, seats[0].pk, seats[1].pk]
    assert actions.order_members(group, order=order, actor=actor) == 3
    assert actions.order_members(group, order=order, actor=actor) == 0
    assert (
        "成员：丙、甲、乙。"
        in write_paper(compose_founding(queries.founding_of(group)), "txt").content.decode()
    )
    for wrong in (order[:2], [*order, order[0]], [*order[:2], 999]):
        refused("order-not-whole", lambda wrong=wrong: actions.order_members(group, order=wrong, actor=actor))
    refused("role-missing", lambda: actions.order_members(group, order=order, actor=actor_for(cast.reader)))
    assert [one for one in table_breaks() if one.kind == "membership"] == []
    client = Client()
    client.force_login(cast.office)
    path = f"/groups/{group.pk}/order/"
    given = {f"place-{one.pk}": place for place, one in enumerate(seats)}
    assert client.post(path, {f"place-{seats[0].pk}": "x"}).status_code == 422
    assert client.post(path, given).status_code == 302
    assert [one.name for one in queries.seats_on(group, TODAY)] == ["甲", "乙", "丙"]


def test_the_order_of_posts_is_the_order_of_lists(cast: Cast) -> None:
    actor, unit = actor_for(cast.office), cast.organisation
    make_person("yi", "甲", unit=unit, role="leader")
    make_person("er", "乙", unit=unit, role="leader")
    posts = directory.posts_to_order(unit, TODAY)
    order = [one.pk for one in reversed(posts)]
    actions.order_posts(unit, order=order, actor=actor)
    assert [one.pk for one in directory.posts_in(unit)][: len(order)] == order
    assert [person.name for person, _grants in queries.portfolios(unit, TODAY)][:2] == ["乙", "甲"]
    client = Client()
    client.force_login(cast.office)
    assert client.get(f"/units/{unit.pk}/posts/order/").status_code == 200
    given = {f"place-{pk}": place for place, pk in enumerate(reversed(order))}
    assert client.post(f"/units/{unit.pk}/posts/order/", given).status_code == 302
    assert [one.pk for one in directory.posts_to_order(unit, TODAY)] == order[::-1]
    order.reverse()
    refused("order-not-whole", lambda: actions.order_posts(unit, order=order[1:], actor=actor))
    refused("role-missing", lambda: actions.order_posts(unit, order=order, actor=actor_for(cast.reader)))
    assert [one for one in table_breaks() if one.kind == "post-place"] == []


def test_who_sits_in_both_groups_is_named(cast: Cast, group: Group) -> None:
    values = {"name": "督查工作领导小组", "founded_on": TODAY}
    other = actions.found_group(
        cast.organisation, kind="supervision", values=values, actor=actor_for(cast.office)
    )
    for one in (group, other):
        seat(one, cast, person=cast.reader)
        seat(one, cast, name="贺明渠", starts_on=TODAY)
    seat(group, cast, person=cast.department_reader)
    assert queries.in_both(cast.organisation, TODAY) == ["罗小满", "贺明渠"]


def test_the_notice_numbers_what_is_there_and_leaves_out_the_rest(cast: Cast, group: Group) -> None:
    bare = compose_founding(queries.founding_of(group))
    assert [block.text for block in bare.blocks if isinstance(block, Heading)] == []
    assert bare.head is None and bare.addressee is None
    facts = Founding(
        "江澜高新区", "整改工作领导小组", (Seat("head", "贺\x00明渠", "书记"), Seat("office_head", "方静宜")),
        "2026-11-23", duties="一条\n\n二条；", office="办公室", addressee="各部门：", number="江管发〔2026〕9号",
    )  # fmt: skip
    paper = compose_founding(facts)
    text = write_paper(paper, "txt").content.decode()
    assert [block.text for block in paper.blocks if isinstance(block, Heading)] == [
        "一、组成人员", "二、主要职责", "三、工作机构",
    ]  # fmt: skip
    for words in (
        "组长：贺明渠（书记）。",
        "（一）一条。",
        "（二）二条；",
        "主任：方静宜。",
        "各部门：\n",
        "2026年11月23日",
    ):
        assert words in text
    assert write_paper(paper, "docx").content.startswith(b"PK")


def test_own_days_go_before_the_shipped_ones_and_are_told_by_source(cast: Cast) -> None:
    actor, organisation = actor_for(cast.office), cast.organisation
    calendar = queries.calendar_of(organisation.pk)
    assert calendar.years == {2025, 2026}
    days = [*read_days("2027-01-01至2027-01-03 休 元旦\n2027-01-04 班 元旦\n\n2026-10-08 休 园庆")]
    assert actions.set_days(organisation, days=days, source="通知", actor=actor) == (5, 0)
    count = Event.objects.count()
    assert actions.set_days(organisation, days=days, source="通知", actor=actor) == (0, 0)
    assert Event.objects.count() == count
    calendar = queries.calendar_of(organisation.pk)
    assert calendar.years == {2025, 2026, 2027}
    assert not calendar.works(date(2026, 10, 8))
    assert queries.calendar_of(cast.elsewhere.pk).works(date(2026, 10, 8))
    actions.drop_day(CalendarDay.objects.get(day=date(2026, 10, 8)), reason="取消", actor=actor)
    assert queries.calendar_of(organisation.pk).works(date(2026, 10, 8))
    refused(
        "calendar-twice",
        lambda: actions.set_days(organisation, days=[days[0]] * 2, source="通知", actor=actor),
    )
    refused("source-missing", lambda: actions.set_days(organisation, days=days, source=" ", actor=actor))
    refused("calendar-empty", lambda: actions.set_days(organisation, days=[], source="通知", actor=actor))
    refused("role-missing", lambda: actions.set_days(cast.elsewhere, days=days, source="通知", actor=actor))
    assert [one for one in table_breaks() if one.kind == "calendar-day"] == []


@pytest.mark.parametrize(
    "line",
    [
        "元旦",
        "2027-02-30 休 春节",
        "2027-01-01 休",
        "2027-01-05至2027-01-01 休 元旦",
        "2027-01-01至2028-01-01 休 长假",
    ],
)
def test_a_line_that_is_no_day_is_named(line: str) -> None:
    with pytest.raises(WrongInput) as refusal:
        list(read_days(f"2027-01-01 休 元旦\n{line}"))
    assert refusal.value.code == "orgs.calendar-line"
    assert refusal.value.params["line"] == 2


def test_a_deadline_is_set_with_its_source_and_given_back(cast: Cast) -> None:
    actor, organisation = actor_for(cast.office), cast.organisation

    def put(**values: object) -> DeadlineRule:
        given = {
            "code": "plan",
            "number": 20,
            "measure": "working_days",
            "source": "县委办〔2026〕3号",
            **values,
        }
        return actions.set_rule(organisation, **given, actor=actor)

    row = put()
    assert queries.deadlines_of(organisation.pk)["plan"].term.number == 20
    assert queries.deadlines_of(cast.elsewhere.pk)["plan"].row_id is None
    count = Event.objects.count()
    assert put() == row
    assert Event.objects.count() == count
    refused("deadline-unknown", lambda: put(code="lunch"))
    refused("measure-unknown", lambda: put(measure="moons"))
    refused("deadline-number", lambda: put(number=0))
    refused("deadline-number", lambda: put(number=121, measure="months"))
    refused("source-missing", lambda: put(source=""))
    actions.drop_rule(row, reason="按上级", actor=actor)
    assert queries.deadlines_of(organisation.pk)["plan"].row_id is None
    assert queries.thresholds_of(organisation.pk).near.number == 7


@pytest.mark.parametrize("role", sorted(access.ADMINISTRATORS))
def test_administrators_have_their_own_pages_only(cast: Cast, role: str) -> None:
    admin = make_person("sanyuan", "贺守一", unit=cast.organisation, role=role)
    client = Client()
    client.force_login(admin)
    page = client.get("/units/").content.decode()
    inside = page[page.index("<nav") : page.index("<main")] if "<main" in page else page
    assert "任务清单" not in inside
    assert ("变更记录" in inside) == (role == "audit_admin")
    assert ("单位和人员" in inside) == (role != "audit_admin")
    days = [actions.DayDraft(date(2027, 1, 1), False, "元旦")]
    actions.set_days(cast.organisation, days=days, source="通知", actor=actor_for(cast.office))
    shown = client.get("/record/").content.decode()
    assert ("设定工作日历" in shown) == (role == "audit_admin")
    for address in ("/tasks/", "/inspections/", "/"):
        assert client.get(address).status_code == 200
