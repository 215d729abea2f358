"""Evidence in words for a page: facts, sizes, doubts, and the filters of its lists."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from bihuan.core.evidence.rules import PROVES
from bihuan.core.plan_rules import KINDS
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.core.source import Remark
from bihuan.findings.models import Evidence
from bihuan.findings.queries.evidence import Shown
from bihuan.findings.queries.sight import LIVE
from bihuan.findings.wording import day
from bihuan.web.catalogue import say
from bihuan.web.edge import language

_DAYS = ("day", "feedback")


def say_evidence(code: str, **params: str | int) -> str:
    """Return the sentence of ``evidence.<code>`` in the language of the page."""
    return say(f"evidence.{code}", params, lang=language())


def tell(one: Remark | FieldFault | Refused) -> str:
    """Return the sentence of a remark, fault or refusal; days as an official writes them."""
    params = {
        name: day(date.fromisoformat(str(value))) if name in _DAYS else value
        for name, value in one.params.items()
    }
    return say(one.code, params, lang=language())


def piece_told(one: Shown) -> dict[str, Any]:
    """Return what a list or a page shows of one piece."""
    row = one.row
    ending = row.name.rpartition(".")[2] if row.file and "." in row.name else ""
    return {
        "row": row,
        "ending": ending[:5] or say_evidence("no-ending"),
        "kind": say_evidence(f"kind-{row.kind}"),
        "proves": say_evidence(f"proves-{row.proves}"),
        "dated": day(row.dated_on) if row.dated_on else "",
        "taken": day(row.taken_on) if row.taken_on else "",
        "size": size_word(row.file.size) if row.file else "",
        "doubts": [tell(doubt) for doubt in one.doubts],
        "scan": say_evidence(f"scan-{one.seen.scan}") if one.seen else "",
        "unread": bool(one.seen and not one.seen.readable and one.seen.kind == "pdf"),
        "has_place": bool(one.seen and one.seen.has_place),
    }


def size_word(size: int) -> str:
    """Return a size as a person reads it.

    >>> size_word(36_000)
    '36 KB'
    """
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks of a list of evidence; unknown values ask nothing."""

    proves: str = ""
    kind: str = ""
    unit: int | None = None
    text: str = ""
    old: bool = False

    def narrow(self, rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
        """Return the rows that are asked for; older revisions and what was withdrawn only with `old`."""
        if not self.old:
            rows = rows.filter(withdrawn__in=LIVE, current=True)
        if self.proves:
            rows = rows.filter(proves=self.proves)
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.unit:
            rows = rows.filter(task__unit_id=self.unit)
        return rows.filter(name__icontains=self.text) if self.text else rows

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Return the kinds with their words."""
        return [(kind, say_evidence(f"kind-{kind}")) for kind in KINDS]

    @property
    def sides(self) -> list[tuple[str, str]]:
        """Return process and result with their words."""
        return [(one, say_evidence(f"proves-{one}")) for one in PROVES]


def filters_of(request: HttpRequest) -> Filters:
    """Return the filters of the address."""
    asked = request.GET
    unit = asked.get("unit", "")
    return Filters(
        proves=asked.get("proves", "") if asked.get("proves") in PROVES else "",
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        unit=int(unit) if unit.isdecimal() and len(unit) < 19 else None,
        text=asked.get("text", "").replace("\0", "").strip()[:100],
        old=asked.get("old") == "1",
    )
