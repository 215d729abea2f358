"""One inspection from its feedback to its notice, by different people through the API, with 49 tasks in 160 days."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bihuan.audit.queries import chain_breaks, table_breaks
from tests.clock import Clock
from tests.scenario import beside
from tests.scenario import story as days
from tests.scenario.acts import Story
from tests.scenario.ledger import Ledger
from tests.scenario.people import let_in

MONDAYS = [date(2026, 7, 13) + timedelta(weeks=week) for week in range(15)]


def lived(clock: Clock) -> Story:
    """Live through the days in their order."""
    clock.at = clock.at.replace(2026, 6, 15)
    story = Story(clock, let_in(clock), Ledger())
    days.registers(story)
    days.plans(story)
    batches = days.batches()
    plan: list[tuple[date, int, Any]] = [(day, 11, days.dispatch) for day in MONDAYS]
    plan += [
        (day - timedelta(days=3), 12, lambda one, of=day: days.closes(one, batches[of])) for day in batches
    ]
    plan += [(day, 14, lambda one, of=day: one.meet(f"{of.month}月专题会议", batches[of],
              aside=[days.CONTESTED] if days.CONTESTED in batches[of] else [])) for day in batches]  # fmt: skip
    plan += [
        (date(2026, 7, 13), 10, days.begins),
        (date(2026, 7, 14), 10, beside.names),
        (date(2026, 7, 27), 10, beside.ticks),
        (date(2026, 7, 30), 10, beside.confirms),
        (date(2026, 7, 31), 10, beside.returned),
        (date(2026, 11, 10), 10, beside.held_to_account),
        (date(2026, 11, 17), 10, beside.accepts),
        (date(2026, 8, 20), 10, days.waits),
        (date(2026, 9, 22), 10, days.extends),
        (date(2026, 9, 25), 10, days.replied),
        (date(2026, 9, 3), 15, lambda one: days.round_of(one, "full", "第一轮督查")),
        (date(2026, 10, 20), 15, lambda one: days.round_of(one, "sampled", "第二轮督查", size=20)),
        (
            date(2026, 11, 9),
            15,
            lambda one: days.round_of(one, "recheck", "第三轮督查", fails=days.REBOUND, size=45),
        ),
    ]
    plan += [(date(2026, 8, 4) + timedelta(days=4 * place), 16, lambda one, at=place: days.institutes(one, at)) for place in range(25)]  # fmt: skip
    for day, hour, happens in sorted(plan, key=lambda one: one[:2]):
        story.on(day.month, day.day, hour)
        happens(story)
        told = story.office.get(f"inspections/{story.inspection}/tally")["states"]
        story.ledger.on_the_day[day] = told
    days.answers(story)
    return story


def told_apart(story: Story) -> None:
    """What stands beside closure: accepted, confirmed by those who were owed, reported, answered for."""
    accepted = [
        one
        for number in story.tasks
        for one in story.office.get(f"tasks/{story.tasks[number]['id']}/closures")["closures"][:1]
        if one["stage"] == "accepted"
    ]
    assert len(accepted) == 39
    summed = story.office.get(f"inspections/{story.inspection}/accountability")["summary"]
    assert (summed["four_forms"], summed["persons"]["talk"]) == (8, 9)
    owed = story.office.get(f"tasks/{story.tasks[beside.OWED]['id']}/recipients")
    assert sum(bool(one.get("sampled")) for one in owed) == 3
    reports = sum(story.office.get(f"tasks/{one['id']}/progress")["total"] for one in story.tasks.values())
    assert reports > 40


@pytest.mark.django_db
def test_from_feedback_to_notice(clock: Clock, settings: Any, tmp_path: Path) -> None:
    settings.BIHUAN_FILES = tmp_path / "files"
    story = lived(clock)
    story.on(11, 20)
    tallied = story.office.get(f"inspections/{story.inspection}/tally")
    assert tallied["states"] == {"completed": 39, "basically_completed": 7, "long_term": 3}
    assert (tallied["tasks"], tallied["institutions"]) == (49, 25)
    assert len(story.ledger.on_the_day) > 40
    day = date(2026, 6, 14)
    while day <= story.today:
        found = story.office.get(f"inspections/{story.inspection}/tally?as_of={day}")["states"]
        assert found == story.ledger.counts(day), day
        assert found == story.ledger.on_the_day.get(day, found), day
        day += timedelta(days=1)
    assert story.office.get("dispatches")["total"] == 15
    assert story.office.get("meetings")["total"] == 6
    assert story.office.get("rounds")["total"] == 3
    told_apart(story)
    assert (list(chain_breaks()), list(table_breaks())) == ([], [])
    notice = story.office.post(f"inspections/{story.inspection}/notices", {"as_of": "2026-11-20"}, status=201)
    written = story.office.get(f"notices/{notice['id']}")
    assert [fault for fault in written["faults"] if fault["severity"] == "error"] == []
    for words in ("已完成39项", "基本完成7项", "长期整改3项", "建立完善制度25项"):
        assert words in written["text"]
