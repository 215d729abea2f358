"""What stands beside closure as pages show it: who may do what here, and who may instead; remarks with their form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from bihuan.findings.actions.axes import MAY
from bihuan.findings.forms.beside import RemarkForm
from bihuan.findings.models import Comment
from bihuan.findings.queries.axes import comments_on, names_of
from bihuan.orgs.edge import user_of
from bihuan.orgs.queries import Capacity, capacities, roles_in
from bihuan.web.catalogue import say
from bihuan.web.edge import language


def say_beside(code: str, **params: str | int) -> str:
    """Return the sentence of ``beside.<code>`` in the language of the page."""
    return say(f"beside.{code}", params, lang=language())


@dataclass(frozen=True, slots=True)
class Hands:
    """What a person may do beside closure at some units, himself or for another."""

    held: Mapping[int, tuple[Capacity, ...]]

    def may(self, act: str, unit_id: int) -> bool:
        """Tell whether one of the steps that the act asks for is the person's at the unit."""
        return any(roles_in(self.held[unit_id], step) for step in MAY[act])


def hands(user_id: int, units: set[int], today: date) -> Hands:
    """Return what the person may do at these units today. Three queries."""
    return Hands(capacities(user_id, units, today))


def remarks_part(request: HttpRequest, subject: Any, form: RemarkForm | None = None) -> dict[str, Any]:
    """Return what a page shows of the remarks on an object, with the form for one more. Two queries."""
    user_id, rows = user_of(request).pk, comments_on(subject)
    names = names_of([person for row in rows for person in row.mentioned])
    return {
        "rows": [_remark(row, names, user_id) for row in rows],
        "count": sum(not row.withdrawn for row in rows),
        "form": form or RemarkForm(),
        "kind": subject.sealed_as,
        "pk": subject.pk,
    }


def _remark(row: Comment, names: Mapping[int, str], user_id: int) -> dict[str, Any]:
    told = [names[person] for person in row.mentioned if person in names]
    return {"row": row, "told": told, "own": row.by_id == user_id and not row.withdrawn}
