"""Reading the register: the doors to its objects (`doors`), the lists, tallies, trees and timelines."""

from bihuan.findings.queries.doors import (
    finding_for,
    inspection_for,
    institution_for,
    organisation_to_write,
    problem_for,
    saved_view_for,
    step_for,
    task_for,
)
from bihuan.findings.queries.sight import Reach, reach
from bihuan.findings.queries.tally import states_as_of

__all__ = [
    "Reach",
    "finding_for",
    "inspection_for",
    "institution_for",
    "organisation_to_write",
    "problem_for",
    "reach",
    "saved_view_for",
    "states_as_of",
    "step_for",
    "task_for",
]
