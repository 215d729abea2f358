"""What may be said of a piece of evidence, and when it may change: values and stage → every fault at once."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from bihuan.core.register import FieldFault

PROVES = ("process", "result")
LONGEST_STATEMENT = 4000
LONGEST_NOTE = 2000
#: Once a verification rests on the evidence, the set is fixed until the claim comes back.
FIXED_STAGES = frozenset({"verified", "closed", "accepted"})


def evidence_faults(
    values: Mapping[str, object], *, kinds: Collection[str], needs: Collection[int], today: date
) -> list[FieldFault]:
    """Return what is wrong with the facts of a piece; `needs` are the lines of the task's checklist."""
    return list(_faults(values, kinds, needs, today))


def _faults(
    values: Mapping[str, object], kinds: Collection[str], needs: Collection[int], today: date
) -> Iterator[FieldFault]:
    if "kind" in values and values["kind"] not in kinds:
        yield FieldFault("kind", "evidence.kind-unknown")
    if "proves" in values and values["proves"] not in PROVES:
        yield FieldFault("proves", "evidence.proves-unknown")
    dated = values.get("dated_on")
    if isinstance(dated, date) and dated > today:
        yield FieldFault("dated_on", "evidence.dated-future", {"day": dated.isoformat()})
    if isinstance(dated, date) and dated.year < 1949:
        yield FieldFault("dated_on", "evidence.dated-early", {"day": dated.isoformat()})
    need = values.get("need_id")
    if need is not None and need not in needs:
        yield FieldFault("need_id", "evidence.need-unknown")
    for name, longest in (("note", LONGEST_NOTE), ("statement", LONGEST_STATEMENT), ("name", 200)):
        if len(str(values.get(name) or "")) > longest:
            yield FieldFault(name, "evidence.too-long", {"most": longest})
    if "statement" in values and not str(values["statement"]).strip():
        yield FieldFault("statement", "evidence.statement-missing")
