"""Who was held to account, as counts and never names; institutions with what shows that they are used."""

from datetime import date
from pathlib import Path

import pytest

from bihuan.core.refusal import Conflict, NotAllowed
from bihuan.findings.actions import accountability, editing, institutions
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import Accountability, Inspection, InstitutionUse
from bihuan.findings.queries.accountability import accountability_summary, inspection_to_account
from tests.cast import TODAY, Cast, actor_for
from tests.findings.browsing import signed_in
from tests.findings.planning import Crew, make_crew
from tests.findings.test_editing import whole_record_holds
from tests.making import make_inspection, make_institution


@pytest.fixture
def crew(cast: Cast) -> Crew:
    return make_crew(cast)


@pytest.fixture
def inspection(cast: Cast) -> Inspection:
    return make_inspection(cast)


GIVEN = {"form": "first", "persons": 3, "decided_on": date(2026, 9, 1), "manner": "批评教育"}


def test_counts_add_up_by_form(cast: Cast, inspection: Inspection) -> None:
    actor = actor_for(cast.office)
    for form, persons, recovered in (
        ("first", 3, 0),
        ("second", 1, 0),
        ("criminal", 1, 1_234_50),
        ("first", 2, 1),
    ):
        values = {**GIVEN, "form": form, "persons": persons, "recovered": recovered}
        row = accountability.add_accountability(inspection, values, actor=actor)
    found = accountability_summary(inspection.pk)
    assert (dict(found.persons), found.four_forms, found.yuan) == (
        {"first": 5, "second": 1, "criminal": 1}, 6, "1234.51",
    )  # fmt: skip
    accountability.withdraw_accountability(row, reason="重复登记", actor=actor)
    assert accountability_summary(inspection.pk).four_forms == 4
    assert whole_record_holds()


def test_a_name_of_the_directory_is_refused_in_every_text(
    cast: Cast, crew: Crew, inspection: Inspection
) -> None:
    bad = {**GIVEN, "manner": "对温 若诫勉谈话", "basis": "关于贺明渠的决定"}
    with pytest.raises(Invalid) as refused:
        accountability.add_accountability(inspection, bad, actor=actor_for(cast.office))
    assert [(one.field, one.code) for one in refused.value.faults] == [
        ("manner", "accountability.name"), ("basis", "accountability.name"),
    ]  # fmt: skip
    row = accountability.add_accountability(inspection, GIVEN, actor=actor_for(cast.office))
    with pytest.raises(Invalid):
        accountability.withdraw_accountability(row, reason="贺明渠申诉", actor=actor_for(cast.office))
    with pytest.raises(Conflict):
        accountability.edit_accountability(row, {"persons": 4}, revision=7, actor=actor_for(cast.office))
    assert Accountability.objects.get().persons == 3


def test_it_is_open_to_four_roles_only(cast: Cast, crew: Crew, inspection: Inspection) -> None:
    for who in (cast.office, crew.group, crew.supervision, crew.superior):
        assert inspection_to_account(who, inspection.pk, TODAY) == inspection
    with pytest.raises(NotAllowed) as refused:
        inspection_to_account(cast.reader, inspection.pk, TODAY)
    assert refused.value.code == "accountability.restricted"
    with pytest.raises(NotAllowed):
        accountability.add_accountability(inspection, GIVEN, actor=actor_for(crew.group))


def test_wrong_figures_are_told_at_once(cast: Cast, inspection: Inspection) -> None:
    bad = {"form": "fifth", "persons": -1, "recovered": -1, "decided_on": date(2027, 1, 1)}
    with pytest.raises(Invalid) as refused:
        accountability.add_accountability(inspection, bad, actor=actor_for(cast.office))
    assert {one.code for one in refused.value.faults} == {
        "accountability.unknown-form", "accountability.persons-range", "accountability.recovered-range",
        "plan.done-future",
    }  # fmt: skip


def test_an_institution_not_used_since_it_is_in_force_says_so(
    cast: Cast, crew: Crew, settings, tmp_path: Path
) -> None:
    settings.BIHUAN_FILES = tmp_path
    row = make_institution(
        cast,
        effective_on=date(2026, 9, 1),
        review_on=date(2026, 11, 1),
        unit_id=cast.environment.pk,
        number="Z1",
    )
    client = signed_in(cast.office)
    page = client.get(f"/institutions/{row.pk}/").content.decode()
    assert "生效以来还没有执行记录" in page and "复审逾期" in page
    with pytest.raises(Invalid) as refused:
        institutions.add_use(
            row, {"done_on": date(2026, 8, 31), "text": "抽查"}, actor=actor_for(crew.liaison)
        )
    assert refused.value.code == "institutions.use-early"
    with (tmp_path / "记录.txt").open("wb") as paper:
        paper.write("抽查记录：20户".encode())
    with (tmp_path / "记录.txt").open("rb") as paper:
        sent = {"done_on": "2026-10-01", "text": "按制度抽查20户", "file": paper}
        answer = client.post(f"/institutions/{row.pk}/uses/new/", sent)
    assert answer.status_code == 302
    use = InstitutionUse.objects.get()
    assert use.name == "记录.txt"
    assert b"20" in b"".join(client.get(f"/institution-uses/{use.pk}/file/").streaming_content)
    assert "生效以来还没有执行记录" not in client.get(f"/institutions/{row.pk}/").content.decode()
    with pytest.raises(NotAllowed):
        institutions.add_use(
            row, {"done_on": date(2026, 10, 2), "text": "x"}, actor=actor_for(crew.safety_liaison)
        )
    assert whole_record_holds()


def test_what_took_the_place_of_an_institution_makes_no_circle(cast: Cast) -> None:
    old, new = (
        make_institution(cast, title="旧制度", number="1"),
        make_institution(cast, title="新制度", number="2"),
    )
    actor = actor_for(cast.office)
    editing.edit_institution(old, {"superseded_by_id": new.pk}, revision=1, actor=actor)
    with pytest.raises(Invalid) as refused:
        bad = {
            "superseded_by_id": old.pk,
            "number": "1",
            "effective_on": date(2026, 9, 1),
            "review_on": date(2026, 8, 1),
        }
        editing.edit_institution(new, bad, revision=1, actor=actor)
    assert {one.code for one in refused.value.faults} == {
        "institutions.superseded-circle", "findings.number-taken", "institutions.review-early",
    }  # fmt: skip
