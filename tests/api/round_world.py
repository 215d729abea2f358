"""What rounds have in the world of the access table: a round with a check, a form of a superior, an assessment."""

import io

from openpyxl import Workbook

from bihuan.core.form_mapping import Mapped
from bihuan.files.actions import store_file
from bihuan.findings.models import Inspection
from bihuan.oversight.actions.assessments import begin_assessment
from bihuan.oversight.actions.forms import map_cells, register_form
from bihuan.oversight.actions.round_checks import CheckDraft, record_checks
from bihuan.oversight.actions.rounds import create_round, freeze_list
from bihuan.oversight.models import RoundItem
from tests.cast import NOW, TODAY, Cast, actor_for, make_person


def make_rounds(cast: Cast, inspection: Inspection, word: str) -> dict[str, int]:
    """Make one of each through the real actions; `word` stands in every text."""
    first = make_person("taosongling", "陶松龄", unit=cast.organisation, role="supervision")
    second = make_person("yeqingtai", "叶青苔", unit=cast.organisation, role="supervision")
    actor = actor_for(first)
    values = {"kind": "full", "title": f"{word}督查", "starts_on": TODAY, "ends_on": TODAY}
    prepared = create_round(inspection, values, actor=actor)
    row = freeze_list(create_round(inspection, values, actor=actor), actor=actor)
    items = list(RoundItem.objects.filter(round=row).order_by("position"))
    file = store_file([word.encode()], actor=actor, type_="png")
    found = CheckDraft(
        items[0].pk, "unseen", first.pk, second.pk, NOW, note=f"{word}停产", file=file, file_name="现场.png"
    )
    check = record_checks(row, [found], via="screen", actor=actor)[0]
    form = register_form(
        cast.organisation, name=f"{word}表样", file_name="表.xlsx", data=_book(), subject="inspection",
        actor=actor_for(cast.office),
    )  # fmt: skip
    map_cells(form, [Mapped("Sheet!B1", "tally.tasks")], actor=actor_for(cast.office))
    assessment = begin_assessment(inspection, title=f"{word}评估", as_of=TODAY, actor=actor)
    return {
        "round_id": row.pk, "prepared_round_id": prepared.pk, "round_item_id": items[-1].pk, "check_id": check.pk,
        "form_id": form.pk, "assessment_id": assessment.pk,
    }  # fmt: skip


def _book() -> bytes:
    book, file = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "任务数"
    book.save(file)
    return file.getvalue()
