"""An assessment: begun with its indicators, scored line by line with a reason, concluded with the facts frozen."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.assessment import CONCLUDED, INDICATORS, SCORING, Indicator, frozen, score_faults, thawed
from bihuan.core.refusal import NotAllowed, Refused
from bihuan.core.register import FieldFault, text_faults
from bihuan.findings.actions.saving import filed, locked, refuse
from bihuan.findings.models import Inspection
from bihuan.oversight.models import Assessment, AssessmentScore
from bihuan.oversight.queries.assessments import VETO, counts, require_scorer, veto_of


@transaction.atomic
def begin_assessment(
    inspection: Inspection,
    *,
    title: str,
    as_of: date,
    indicators: Sequence[Indicator] = INDICATORS,
    actor: Actor,
) -> Assessment:
    """Begin an assessment of an inspection as of a day that has come.

    :raises Invalid: with every fault.
    """
    require_scorer(actor.user_id, inspection.organisation_id, actor.today)
    faults = list(text_faults({"title": title}, required=("title",)))
    if as_of > actor.today:
        faults.append(FieldFault("as_of", "assessment.future"))
    refuse(faults)
    row = Assessment.objects.create(
        organisation_id=inspection.organisation_id, inspection=inspection, title=title.strip()[:200], as_of=as_of,
        indicators=frozen(indicators), made_by_id=actor.user_id or 0, created_at=actor.at,
    )  # fmt: skip
    record(actor=filed(actor, row.organisation_id), action="assessment.create", created=[row])
    return row


@transaction.atomic
def give_scores(assessment: Assessment, given: Mapping[str, tuple[int | None, str]], *, actor: Actor) -> int:
    """Give marks (tenths) with their reasons; what stands already is not written again. Returns how many were.

    :raises Invalid: with every fault; nothing is written.
    """
    row = _open(assessment, actor)
    indicators = thawed(row.indicators)
    refuse(
        [
            FieldFault(f"{fault.field}-{code}", fault.code, fault.params)
            for code, (tenths, reason) in given.items()
            for fault in score_faults(indicators, code, tenths, reason)
        ]
    )
    old = {
        one.indicator: one
        for one in AssessmentScore.objects.select_for_update().filter(assessment=row, current=True)
    }
    fresh = {
        code: (tenths or 0, reason.strip())
        for code, (tenths, reason) in given.items()
        if code not in old or (old[code].tenths, old[code].reason) != (tenths, reason.strip())
    }
    gone = [old[code] for code in fresh if code in old]
    AssessmentScore.objects.filter(pk__in=[one.pk for one in gone]).update(current=False)
    for one in gone:
        one.current = False
    made = AssessmentScore.objects.bulk_create(
        AssessmentScore(
            assessment=row,
            indicator=code,
            tenths=tenths,
            reason=reason,
            by_id=actor.user_id or 0,
            at=actor.at,
        )
        for code, (tenths, reason) in fresh.items()
    )
    if made:
        changed = [(one, ("current",)) for one in gone]
        record(
            actor=filed(actor, row.organisation_id), action="assessment.score", created=made, changed=changed
        )
    return len(made)


@transaction.atomic
def conclude_assessment(assessment: Assessment, *, opinion: str, actor: Actor) -> Assessment:
    """Conclude an assessment: every line has its mark; the facts are frozen as they are counted now.

    :raises Refused: assessment.unscored while a line has none.
    """
    row = _open(assessment, actor)
    refuse(list(text_faults({"remark": opinion})))
    indicators = thawed(row.indicators)
    scored = set(row.scores.filter(current=True).values_list("indicator", flat=True))
    if left := [one for one in indicators if one.code not in scored]:
        raise Refused("assessment.unscored", count=len(left), title=left[0].title)
    names = [fact for one in indicators for fact in one.facts]
    row.facts = counts([*names, "untrue"], row.inspection, row.as_of) | {VETO: veto_of(row)[0]}
    row.state, row.opinion = CONCLUDED, opinion.strip()
    row.concluded_by_id, row.concluded_on = actor.user_id, actor.today
    row.revision += 1
    fields = ["facts", "state", "opinion", "concluded_by_id", "concluded_on"]
    row.save(update_fields=[*[name.removesuffix("_id") for name in fields], "revision"])
    record(actor=filed(actor, row.organisation_id), action="assessment.conclude", changed=[(row, fields)])
    return row


def _open(assessment: Assessment, actor: Actor) -> Assessment:
    row = locked(assessment)
    require_scorer(actor.user_id, row.organisation_id, actor.today)
    if row.state != SCORING:
        raise NotAllowed("assessment.concluded")
    return row
