import pytest

from bihuan.audit.actor import Actor
from bihuan.audit.models import Event
from bihuan.core.refusal import NotAllowed
from bihuan.orgs import actions
from bihuan.orgs.models import Unit, UnitLink
from bihuan.orgs.refusals import StepRefused, WrongInput
from tests.cast import NOW, Cast, actor_for, make_unit


def closure() -> set[tuple[int, int, int]]:
    return set(UnitLink.objects.values_list("ancestor_id", "descendant_id", "depth"))


def told_by_parents() -> set[tuple[int, int, int]]:
    """The closure as the parents alone tell it."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    links = set()
    for unit in parents:
        above, depth = unit, 0
        while above is not None:
            links.add((above, unit, depth))
            above, depth = parents[above], depth + 1
    return links


def test_a_unit_is_created_last_among_its_sisters_and_sealed(cast: Cast) -> None:
    made = actions.create_unit(
        cast.organisation, name=" 财政金融部 ", short_name="财金部", actor=actor_for(cast.office)
    )
    assert (made.name, made.parent, made.kind) == ("财政金融部", cast.organisation, "department")
    assert made.position > 0
    assert closure() == told_by_parents()
    event = Event.objects.order_by("-seq").first()
    assert event is not None
    assert (event.action, event.kind, event.object_id) == ("unit.created", "unit", made.pk)
    assert event.organisation_id == cast.organisation.pk
    assert event.actor_id == cast.office.pk


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "  "}, "orgs.unit-without-name"),
        ({"name": "生态环境部"}, "orgs.unit-name-taken"),
        ({"name": "财政金融部", "kind": "club"}, "orgs.unit-kind"),
    ],
)
def test_a_unit_with_wrong_values_is_refused(cast: Cast, values: dict[str, str], code: str) -> None:
    before = Unit.objects.count(), Event.objects.count()
    with pytest.raises(WrongInput) as refusal:
        actions.create_unit(cast.organisation, **values, actor=actor_for(cast.office))
    assert refusal.value.code == code
    assert (Unit.objects.count(), Event.objects.count()) == before


def test_two_parents_may_each_have_a_unit_of_the_same_name(cast: Cast) -> None:
    for parent in (cast.environment, cast.safety):
        actions.create_unit(parent, name="综合科", actor=actor_for(cast.office))
    assert Unit.objects.filter(name="综合科").count() == 2


def test_a_reader_creates_no_unit(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.create_unit(cast.organisation, name="财政金融部", actor=actor_for(cast.reader))


def test_only_the_console_creates_a_unit_at_the_top(cast: Cast) -> None:
    with pytest.raises(StepRefused):
        actions.create_unit(None, name="云洲市", kind="superior", actor=actor_for(cast.office))
    made = actions.create_unit(None, name="云洲市", kind="superior", actor=Actor(None, "console:root", NOW))
    assert made.parent is None
    with pytest.raises(WrongInput):
        actions.create_unit(None, name="云洲市", kind="superior", actor=Actor(None, "console:root", NOW))


def test_editing_seals_what_changed_and_nothing_else(cast: Cast) -> None:
    before = Event.objects.count()
    actions.edit_unit(cast.safety, values={"name": "安全生产监管部"}, actor=actor_for(cast.office))
    assert Event.objects.count() == before
    actions.edit_unit(cast.safety, values={"name": "应急管理部", "position": 9}, actor=actor_for(cast.office))
    assert Event.objects.count() == before + 1
    cast.safety.refresh_from_db()
    assert (cast.safety.name, cast.safety.position) == ("应急管理部", 9)


def test_moving_takes_all_below_along(cast: Cast) -> None:
    branch = make_unit("北园", kind="organisation", parent=cast.organisation)
    desk = make_unit("环保科", parent=cast.environment)
    make_unit("环保一组", parent=desk)
    actions.move_unit(cast.environment, parent=branch, actor=actor_for(cast.office))
    assert closure() == told_by_parents()
    actions.move_unit(desk, parent=cast.organisation, actor=actor_for(cast.office))
    assert closure() == told_by_parents()


def test_a_unit_does_not_move_below_itself(cast: Cast) -> None:
    desk = make_unit("环保科", parent=cast.environment)
    for goal in (cast.environment, desk):
        with pytest.raises(StepRefused) as refusal:
            actions.move_unit(cast.environment, parent=goal, actor=actor_for(cast.office))
        assert refusal.value.code == "orgs.unit-below-itself"
    assert closure() == told_by_parents()


def test_moving_needs_the_office_on_both_sides(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.move_unit(cast.safety, parent=cast.elsewhere, actor=actor_for(cast.office))
    with pytest.raises(NotAllowed):
        actions.move_unit(cast.safety, parent=cast.elsewhere, actor=actor_for(cast.outsider))


def test_a_name_taken_beside_the_goal_stops_the_move(cast: Cast) -> None:
    branch = make_unit("北园", kind="organisation", parent=cast.organisation)
    make_unit("生态环境部", parent=branch)
    with pytest.raises(WrongInput):
        actions.move_unit(cast.environment, parent=branch, actor=actor_for(cast.office))


def test_a_unit_in_use_is_not_closed_and_an_empty_one_is(cast: Cast) -> None:
    with pytest.raises(StepRefused) as refusal:
        actions.close_unit(cast.environment, reason="机构改革", actor=actor_for(cast.office))
    assert refusal.value.params == {"unit": "生态环境部", "below": 0, "people": 1}
    closed = actions.close_unit(cast.safety, reason="机构改革", actor=actor_for(cast.office))
    assert not closed.is_active
    with pytest.raises(StepRefused):
        actions.create_unit(cast.safety, name="安全科", actor=actor_for(cast.office))
    with pytest.raises(StepRefused):
        actions.close_unit(cast.safety, reason="再停一次", actor=actor_for(cast.office))
    assert actions.reopen_unit(cast.safety, reason="恢复", actor=actor_for(cast.office)).is_active
    with pytest.raises(StepRefused):
        actions.reopen_unit(cast.safety, reason="再恢复", actor=actor_for(cast.office))
