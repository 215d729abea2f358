"""What a notice says, taken from the register; the notices that were written, and the door to each.

inspection + day ─facts_of→ NoticeFacts ─core.notice_text→ Paper ─formats→ txt, docx, PDF
"""

import json
import re
from dataclasses import asdict
from datetime import date

from django.db.models import Q, QuerySet

from bihuan.core.findings import BASIC, COMPLETED, LONG_TERM, NOT_COMPLETED, OPEN_STATES
from bihuan.core.notice_text import (
    NoticeFacts,
    NoticeFinding,
    NoticeProblem,
    Opening,
    Passage,
    PublicContact,
    Tally,
)
from bihuan.core.refusal import NotVisible
from bihuan.findings.models import Declared, Inspection, Problem
from bihuan.findings.queries import states_as_of
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.orgs.queries import require, sight

ITEM = re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)](?P<head>[^。]{2,80}。)(?P<rest>.*)", re.DOTALL)


def facts_of(inspection: Inspection, *, as_of: date) -> NoticeFacts:
    """Return what the notice of `inspection` says as of the end of `as_of`. A constant number of queries.

    A live inspection is counted; of an archive the declared figures are repeated, and marked as declared. The passages
    kept of a live inspection are the inspectors' own words, so only an archive repeats its passages.
    """
    problems = (
        Problem.objects.filter(inspection=inspection, withdrawn=False)
        .select_related("finding")
        .order_by("position")
    )
    grouped: dict[int, tuple[str, str, list[NoticeProblem]]] = {}
    for problem in problems:
        _, _, listed = grouped.setdefault(
            problem.finding_id, (problem.finding.number, problem.finding.title, [])
        )
        listed.append(
            NoticeProblem(
                number=problem.number,
                title=problem.title,
                response=tuple(problem.response.splitlines()),
                status=problem.declared_state or None,
            )
        )
    live = inspection.mode == "live"
    return NoticeFacts(
        opening=Opening(
            subject=inspection.subject or inspection.organisation.name,
            kind=inspection.kind.name,
            authority=inspection.authority or None,
            team=inspection.team or None,
            starts_on=inspection.starts_on or None,
            ends_on=inspection.ends_on or None,
            feedback_on=inspection.feedback_on or None,
        ),
        tally=_counted(inspection, as_of) if live else _declared(inspection),
        findings=tuple(
            NoticeFinding(title=title, problems=tuple(listed), number=number)
            for number, title, listed in grouped.values()
        ),
        title=inspection.notice_title or None,
        organisation=() if live else _passages(inspection, "organisation"),
        follow_up=() if live else _passages(inspection, "follow_up"),
        contact=PublicContact(inspection.phone or None, inspection.post or None, inspection.email or None),
        signed_by=inspection.signed_by or inspection.subject or inspection.organisation.name,
        signed_on=inspection.signed_on or (as_of.isoformat() if live else None),
        mode="live" if live else "archive",
        declared_in=None if live else (inspection.notice_title or None),
    )


def _counted(inspection: Inspection, as_of: date) -> Tally:
    """Count a live inspection: every number is a query on the register as of the day."""
    states = states_as_of(inspection, as_of)
    problems = inspection.problems.filter(withdrawn=False)
    aspects = inspection.aspects.filter(withdrawn=False).count()
    return Tally(
        aspects=aspects or None,
        problems=problems.values("finding_id").distinct().count(),
        specific_problems=problems.count(),
        tasks=sum(states.values()) or None,
        completed=states.get(COMPLETED, 0) if states else None,
        basically_completed=states.get(BASIC) or None,
        in_progress=sum(states.get(state, 0) for state in OPEN_STATES) or None,
        long_term=states.get(LONG_TERM) or None,
        not_completed=states.get(NOT_COMPLETED) or None,
        policies=inspection.institutions.filter(withdrawn=False).count() or None,
        as_of=as_of.isoformat(),
    )


def _declared(inspection: Inspection) -> Tally:
    """Repeat what the archived document declares, unless its own sentence stands among the passages kept of it."""
    rows = list(Declared.objects.filter(inspection=inspection, withdrawn=False).order_by("pk"))
    kept = inspection.passages.filter(withdrawn=False, line__in={row.line for row in rows})
    if kept.exists():
        return Tally()
    known = {row.key: row for row in rows if row.key in Tally.__slots__}
    as_of = next((row.as_of for row in known.values() if row.as_of), None)
    return Tally(**{key: row.value for key, row in known.items()}, as_of=as_of)


def _passages(inspection: Inspection, part: str) -> tuple[Passage, ...]:
    texts = (
        inspection.passages.filter(part=part, withdrawn=False)
        .order_by("position")
        .values_list("text", flat=True)
    )
    found = []
    for text in texts:
        item = ITEM.fullmatch(text.strip())
        found.append(Passage(item["rest"], heading=item["head"].rstrip("。")) if item else Passage(text))
    return tuple(found)


def frozen(facts: NoticeFacts) -> str:
    """Return the facts as text that can be kept and read back by `thawed`."""
    return json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True)


def thawed(text: str) -> NoticeFacts:
    """Return the facts that `frozen` kept."""
    kept = json.loads(text)
    return NoticeFacts(
        **{
            **kept,
            "opening": Opening(**kept["opening"]),
            "tally": Tally(**kept["tally"]),
            "contact": PublicContact(**kept["contact"]),
            "organisation": tuple(Passage(**one) for one in kept["organisation"]),
            "follow_up": tuple(Passage(**one) for one in kept["follow_up"]),
            "findings": tuple(
                NoticeFinding(
                    title=one["title"],
                    number=one["number"],
                    problems=tuple(
                        NoticeProblem(**{**problem, "response": tuple(problem["response"])})
                        for problem in one["problems"]
                    ),
                )
                for one in kept["findings"]
            ),
        }
    )


def notices_seen(user: User, today: date) -> QuerySet[Notice]:
    """Return the notices in sight, newest first; who sees a department only sees none."""
    seen: Q = sight(user, today).q("organisation")
    return (
        Notice.objects.filter(seen, withdrawn=False)
        .select_related("inspection", "made_by")
        .order_by("-made_at")
    )


def notice_for(user: User, notice_id: int, today: date) -> Notice:
    """Return a notice in sight.

    :raises NotVisible: when there is none, or none for this person.
    """
    found = notices_seen(user, today).filter(pk=notice_id).first()
    if found is None:
        raise NotVisible("notices.not-found")
    return found


def require_office(user: User, organisation_id: int, today: date) -> None:
    """Let the office of the organisation pass.

    :raises NotAllowed: with the reason.
    """
    require("write", user, organisation_id, today=today)
