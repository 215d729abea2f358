"""A report of progress and the workbooks of both departments, for the access table."""

from bihuan.findings.actions.progress import report_progress
from bihuan.findings.actions.workbooks import make_workbooks
from bihuan.findings.models import Inspection, Task
from tests.cast import Cast, actor_for


def make_books(cast: Cast, inspection: Inspection, own_task: Task) -> dict[str, int]:
    """Report on a task of the one department, and give out the workbooks; the other's is named."""
    actor = actor_for(cast.office)
    [report] = report_progress([own_task.pk], {"text": "江澜样表已发"}, actor=actor)
    rows = make_workbooks(inspection, "2026年11月", None, actor=actor)
    [other] = [row for row in rows if row.unit_id == cast.safety.pk]
    return {"report_id": report.pk, "workbook_id": other.pk}
