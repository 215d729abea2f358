"""What a reader understood of a document. Unknown is None, never a guess; every value keeps its place.

Dates are ISO text of day or month precision (``2024-09-30`` or ``2024-09``), because documents print both.
Source of the field names: DESIGN §6, `bihuan read --json`.
"""

from dataclasses import dataclass, field
from typing import Literal

from bihuan.core.source import Place, Remark

DocumentKind = Literal["notice", "feedback", "plan", "audit", "env", "report", "list", "other"]

TALLY_KEYS = (
    "aspects", "categories", "problems", "specific_problems", "tasks", "measures",
    "completed", "basically_completed", "in_progress", "long_term", "not_completed", "policies",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InspectionFacts:
    """The opening sentence: by whom, of whom, when; `kind` is 巡视 巡察 审计 督察 督查 检查."""

    kind: str | None = None
    team: str | None = None
    subject: str | None = None
    starts_on: str | None = None
    ends_on: str | None = None
    feedback_on: str | None = None


@dataclass(frozen=True, slots=True)
class TallyFigure:
    """One number printed for the whole document, `key` one of TALLY_KEYS; `approx` as in Figure."""

    key: str
    value: int
    text: str
    place: Place
    approx: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading: the marker as printed and the text after it up to the first sentence end."""

    marker: str
    text: str
    level: int
    place: Place


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a response. `start`/`end` count characters in the response's text; `value` is in the unit printed.

    `kind`: money, count, percent, date, period, area, capacity, docnumber, title, number.
    `approx`: over (余/多), near (近), about (约), None when exact. `base` is the text that names what a rate refers to
    (同比, 占…的), None when the text gives none.
    """

    text: str
    value: float | int | str | None
    unit: str | None
    kind: str
    approx: str | None
    base: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a response: an 一是/二是 item, or a clause."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One specific problem with its number as printed, its status words, its response and what was read in it."""

    number: str
    title: str
    place: Place
    text: str = ""  # what the problem says beyond its title (a feedback document's description), else ""
    status: str | None = None
    response: str | None = None
    response_places: tuple[Place, ...] = ()
    measures: tuple[Measure, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding (反馈问题) with its problems; `number` as printed without brackets, `aspect` its 方面."""

    number: str
    title: str
    place: Place
    problems: tuple[Problem, ...] = ()
    aspect: str | None = None


@dataclass(frozen=True, slots=True)
class PlanTask:
    """One row of a plan: a task under a problem. Texts are as printed; dates ISO where they can be read."""

    number: str
    title: str
    place: Place
    problem_number: str | None = None
    problem_title: str | None = None
    finding_title: str | None = None
    measures: str | None = None
    lead_leader: str | None = None
    lead_unit: str | None = None
    joint_units: tuple[str, ...] = ()
    category: str | None = None
    due_on: str | None = None
    expected: str | None = None
    status: str | None = None
    other: tuple[tuple[str, str], ...] = ()  # columns that no field knows: (header, text)


PartKind = Literal[
    "title", "chrome", "opening", "organisation", "tally", "rectification",
    "findings", "follow_up", "contact",
    "signature", "date", "table", "attachment", "body",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the document: `place` is where it begins, `end_line` the last line that belongs to it."""

    kind: PartKind
    title: str | None
    place: Place
    end_line: int


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Text that belongs to no part: page chrome and whatever was not understood."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Contact:
    """How the public is asked to answer, each as printed."""

    phone: str | None = None
    post: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document understood. See the module docstring."""

    name: str
    kind: DocumentKind
    title: str | None = None
    inspection: InspectionFacts = field(default_factory=InspectionFacts)
    as_of: str | None = None
    tally: tuple[TallyFigure, ...] = ()
    headings: tuple[Heading, ...] = ()
    findings: tuple[Finding, ...] = ()
    tasks: tuple[PlanTask, ...] = ()
    parts: tuple[Part, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    contact: Contact = field(default_factory=Contact)
    signed_by: str | None = None
    signed_on: str | None = None
    published_on: str | None = None
    warnings: tuple[Remark, ...] = ()

    def counted(self, key: str) -> int | None:
        """Return the declared number for `key` of TALLY_KEYS, None when the text does not print one."""
        return next((figure.value for figure in self.tally if figure.key == key), None)
