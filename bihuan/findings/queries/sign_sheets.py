"""What a sheet of a step on paper shows and who may sign it: sheet ─facts_of→ core.sign_sheet.SheetFacts."""

from datetime import date, timedelta

from bihuan.core.closure import DONE, STEPS
from bihuan.core.sign_sheet import Piece, SheetFacts
from bihuan.findings.actions.sheets import claim_of, digest
from bihuan.findings.models import Evidence, SignSheet
from bihuan.findings.queries.closing import ROLES, Standing, closures_of, limits_of, standings
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import User
from bihuan.orgs.queries import holders

WORDS = {"claim": "申请", "sign": "审签", "verify": "核查", "close": "销号", "accept": "认可"}


def standing_of(sheet: SignSheet) -> Standing:
    """Return how the task of a sheet stands."""
    return standings([sheet.task_id])[0]


def is_stale(sheet: SignSheet, one: Standing) -> bool:
    """Tell whether the task changed since the sheet was printed, so that it cannot be used any more."""
    return sheet.state in ("printed", "bound") and digest(one, claim_of(sheet)) != sheet.digest


def facts_of(sheet: SignSheet, one: Standing, *, address: str) -> SheetFacts:
    """Return what the sheet shows. Two queries beside the standing."""
    task, claim = one.task, claim_of(sheet) or one.case.claim
    pieces = Evidence.objects.filter(task=task, withdrawn__in=LIVE, current=True).order_by("position", "pk")
    return SheetFacts(
        step=sheet.step,
        code=sheet.code,
        address=address,
        organisation=task.organisation.name,
        number=task.number,
        task=task.title,
        unit=task.unit.name if task.unit else "",
        due=task.due_on.isoformat() if task.due_on else "",
        problem=task.problem.text or task.problem.title,
        attempt=(one.closure.number if one.closure else 0) + (0 if one.case.stage else 1),
        end_state=claim.end_state if claim else "",
        text=claim.text if claim else "",
        left_over=claim.left_over if claim else "",
        left_until=claim.left_until.isoformat() if claim and claim.left_until else "",
        review_on=claim.review_on.isoformat() if claim and claim.review_on else "",
        pieces=[
            Piece(name, proves, sha256 or "")
            for name, proves, sha256 in pieces.values_list("name", "proves", "file__sha256")
        ],
        earlier=_earlier(one) if one.case.stage else (),
        printed_on=sheet.printed_on.isoformat(),
    )


def signers_of(sheet: SignSheet, today: date) -> list[User]:
    """Return who may have signed: holders of the role at the unit today, or on the earliest day that may be written."""
    unit, role = sheet.task.unit_id or sheet.organisation_id, ROLES[sheet.step]
    days = (today, today - timedelta(days=limits_of(sheet.organisation_id, today).backdate_days))
    found = set().union(*(holders([unit], [role], day).get((unit, role), frozenset()) for day in days))
    return list(User.objects.filter(pk__in=found).order_by("name", "pk"))


def _earlier(one: Standing) -> list[tuple[str, str, str]]:
    """Return the steps that were taken, each with its person and day. One query."""
    closure = closures_of(one.task)[0]
    return [
        (
            WORDS[step],
            getattr(closure, f"{DONE[step]}_by").name,
            getattr(closure, f"{DONE[step]}_on").isoformat(),
        )
        for step in STEPS
        if getattr(closure, f"{DONE[step]}_on") is not None
        and getattr(closure, f"{DONE[step]}_by") is not None
    ]
