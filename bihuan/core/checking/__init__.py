"""What is wrong with a document, by itself: one small pure function a kind of fault.

Source + Document ─bundle→ Reading ─CHECKS→ faults ─severity for the profile→ sorted by line
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bihuan.core.checking.answers import check_answer_missing
from bihuan.core.checking.contact import check_contact
from bihuan.core.checking.counts import check_declared_count
from bihuan.core.checking.damage import check_corrupt_text
from bihuan.core.checking.dates import check_date_missing, check_date_order, check_future_act
from bihuan.core.checking.fault import Fault, Profile, Severity
from bihuan.core.checking.numbering import check_numbering
from bihuan.core.checking.outcomes import check_input_not_result
from bihuan.core.checking.passages import Reading, bundle
from bihuan.core.checking.personal import check_personal_data
from bihuan.core.checking.rates import check_percent
from bihuan.core.checking.references import check_cross_reference
from bihuan.core.checking.repeats import check_duplicate_text, check_reused_measure
from bihuan.core.checking.severity import SEVERITY, severity_of
from bihuan.core.checking.sums import check_parts_sum
from bihuan.core.checking.terms import check_term_mixed
from bihuan.core.checking.unbacked import (
    check_absolute_without_figure,
    check_ratio_without_base,
    check_vague_count,
)
from bihuan.core.checking.wording import check_wording
from bihuan.core.reading.document import Document
from bihuan.core.source import Source

__all__ = ["CHECKS", "SEVERITY", "Fault", "Profile", "Reading", "Severity", "check"]

CHECKS: Final[tuple[Callable[[Reading], Iterator[Fault]], ...]] = (
    check_declared_count,
    check_numbering,
    check_parts_sum,
    check_percent,
    check_date_order,
    check_date_missing,
    check_future_act,
    check_reused_measure,
    check_duplicate_text,
    check_absolute_without_figure,
    check_vague_count,
    check_ratio_without_base,
    check_input_not_result,
    check_answer_missing,
    check_term_mixed,
    check_wording,
    check_contact,
    check_cross_reference,
    check_personal_data,
    check_corrupt_text,
)


def check(source: Source, document: Document, *, profile: Profile = "read") -> tuple[Fault, ...]:
    """Return every fault of a document, in the order of its lines, weighed for `profile`."""
    reading = bundle(source, document)
    faults = (
        replace(fault, severity=severity_of(fault.kind, profile)) for one in CHECKS for fault in one(reading)
    )
    return tuple(sorted(faults, key=lambda fault: (fault.place.line, fault.start or 0, fault.kind)))
