"""What offices set for their plans: kinds of evidence, checklists by category, what is locked, who decides a change.

These tables are the defaults; each line says why it is so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from bihuan.core.access import LEADER, LEADING_GROUP, UNIT_HEAD
from bihuan.core.plans import PROCESS, RESULT
from bihuan.core.register import FieldFault


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence: what it usually proves, and whether it may lack. Words: plan.kind-<code>."""

    proves: str
    optional: bool = False


#: Photos and minutes show that something was done, not that it is cured, and often were not kept.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "document": Kind(RESULT),
        "ledger": Kind(RESULT),
        "photo": Kind(PROCESS, optional=True),
        "minutes": Kind(PROCESS, optional=True),
        "voucher": Kind(RESULT),
        "signed_page": Kind(RESULT),
        "other": Kind(PROCESS, optional=True),
    }
)


@dataclass(frozen=True, slots=True)
class Need:
    """A line of a checklist."""

    kind: str
    title: str
    proves: str
    optional: bool = False


def _need(kind: str, title: str, proves: str = "", *, optional: bool | None = None) -> Need:
    usual = KINDS[kind]
    return Need(kind, title, proves or usual.proves, usual.optional if optional is None else optional)


#: After a park's published closing file (report, new rules, inspection record, lists by firm, yearly self-assessment,
#: acceptance paper): ledgers.md F10. What cures at once is shown by its voucher, a lasting one by its rule being used.
CHECKLISTS: Mapping[str, tuple[Need, ...]] = MappingProxyType(
    {
        "at_once": (
            _need("document", "整改情况报告", PROCESS),
            _need("voucher", "办结凭证（退款、拆除、注销等）"),
            _need("photo", "整改前后对照照片"),
        ),
        "staged": (
            _need("document", "工作方案", PROCESS),
            _need("ledger", "逐户（逐项）核查台账"),
            _need("signed_page", "现场核查或验收记录签字页"),
            _need("minutes", "研究部署的会议纪要"),
            _need("photo", "现场照片"),
        ),
        "continuous": (
            _need("document", "新制定或修订的制度文件"),
            _need("ledger", "制度执行台账"),
            _need("document", "年度自查报告", PROCESS),
            _need("minutes", "研究部署的会议纪要"),
        ),
    }
)

#: Which deadline of the organisation proposes the due date of a category, counted from the feedback.
TERMS: Mapping[str, str] = MappingProxyType(
    {"at_once": "at_once", "staged": "intensive", "continuous": "closing"}
)

#: Fields of a task that an approved plan fixes; everything else is progress.
LOCKED_TASK = frozenset(
    {
        "number",
        "title",
        "measures",
        "unit_id",
        "leader",
        "category",
        "due_on",
        "first_due_on",
        "expected",
        "notice",
    }
)
LOCKED_PROBLEM = frozenset({"number", "title", "text", "cause"})
LOCKED_FINDING = frozenset({"number", "title", "quote", "aspect_id"})

EDIT, ADD, WITHDRAW, EXTEND = "edit", "add", "withdraw", "extend"
CHANGES = (EDIT, ADD, WITHDRAW, EXTEND)
ASKED, DONE, REFUSED, TAKEN_BACK = "asked", "approved", "declined", "withdrawn"

#: From the lowest to the highest; whoever stands higher may decide for whoever stands lower.
RANKS = (UNIT_HEAD, LEADER, LEADING_GROUP)
#: The step of core.access that a rank takes when it decides.
STEP_OF: Mapping[str, str] = MappingProxyType(
    {UNIT_HEAD: "claim", LEADER: "sign", LEADING_GROUP: "approve_plan"}
)
#: Who answers for a task, how heavy it is and whether it exists was weighed by the group, so the group weighs it again.
FIELD_RANKS: Mapping[str, str] = MappingProxyType(
    {
        "unit_id": LEADING_GROUP,
        "joint_unit_ids": LEADING_GROUP,
        "leader": LEADING_GROUP,
        "category": LEADING_GROUP,
        "number": LEADER,
        "title": LEADER,
        "measures": LEADER,
        "expected": LEADER,
        "cause": LEADER,
        "needs": LEADER,
        "milestones": LEADER,
    }
)
KIND_RANKS: Mapping[str, str] = MappingProxyType({ADD: LEADING_GROUP, WITHDRAW: LEADING_GROUP})
#: The first extension is the leader's in charge, every further one the group's; from the third on the superior has to
#: have consented in writing. The last line holds for all that follow.
EXTENSIONS: tuple[tuple[str, bool], ...] = ((LEADER, False), (LEADING_GROUP, False), (LEADING_GROUP, True))


def rank_of(kind: str, fields: Collection[str] = (), *, nth: int = 0) -> str:
    """Return the role that decides a change; the highest that one of its fields asks for.

    >>> rank_of("edit", ["measures"]), rank_of("edit", ["measures", "unit_id"]), rank_of("extend", nth=1)
    ('leader', 'leading_group', 'leader')
    """
    if kind == EXTEND:
        return extension(nth)[0]
    asked = (
        [KIND_RANKS[kind]]
        if kind in KIND_RANKS
        else [FIELD_RANKS.get(name, LEADING_GROUP) for name in fields]
    )
    return max(asked or [LEADING_GROUP], key=RANKS.index)


def extension(nth: int) -> tuple[str, bool]:
    """Return who decides the `nth` extension of a task, and whether the superior's written consent is needed."""
    return EXTENSIONS[min(max(nth, 1), len(EXTENSIONS)) - 1]


def steps_for(rank: str) -> tuple[str, ...]:
    """Return the steps whose holder may decide a change of `rank`, the rank's own first.

    >>> steps_for("leader")
    ('sign', 'approve_plan')
    """
    return tuple(STEP_OF[one] for one in RANKS[RANKS.index(rank) :])


def extension_faults(
    new: date, *, old: date | None, first: date | None, today: date, feedback: date | None
) -> list[FieldFault]:
    """Return what is wrong with a new due date: not later than today, the feedback, the first or the present one."""
    faults = []
    if new < today:
        faults.append(FieldFault("due_on", "plan.due-past", {"due": new.isoformat()}))
    if feedback is not None and new < feedback:
        faults.append(
            FieldFault("due_on", "plan.due-early", {"due": new.isoformat(), "feedback": feedback.isoformat()})
        )
    if first is not None and new < first:
        faults.append(
            FieldFault("due_on", "plan.first-due", {"due": new.isoformat(), "first": first.isoformat()})
        )
    elif old is not None and new <= old:
        faults.append(
            FieldFault("due_on", "plan.not-later", {"due": new.isoformat(), "old": old.isoformat()})
        )
    return faults


def need_faults(rows: Collection[Mapping[str, object]]) -> list[FieldFault]:
    """Return every fault of a checklist, by row: unknown kinds, unknown proofs, missing and doubled titles."""
    faults, seen = [], set()
    for at, row in enumerate(rows):
        if row.get("kind") not in KINDS:
            faults.append(
                FieldFault(f"{at}.kind", "plan.unknown-kind", {"value": str(row.get("kind", ""))[:30]})
            )
        if row.get("proves") not in (PROCESS, RESULT):
            faults.append(
                FieldFault(f"{at}.proves", "plan.unknown-proof", {"value": str(row.get("proves", ""))[:30]})
            )
        title = str(row.get("title", "")).strip()
        if title and (row.get("kind"), title) in seen:
            faults.append(FieldFault(f"{at}.title", "plan.need-twice", {"title": title[:40]}))
        seen.add((row.get("kind"), title))
    return faults
