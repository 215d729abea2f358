"""Closure that is earned: one row an attempt, with the person and the principal of each step; returns, paper, blockers.

Claimed → signed → verified → closed → accepted. The database itself keeps the persons of the steps apart.
"""

from itertools import combinations
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bihuan.findings.models.evidence import Evidence
from bihuan.findings.models.plan import EvidenceNeed
from bihuan.findings.models.register import Inspection, Names, Problem, Task

#: The past participles of the five steps, which name their columns: ``claimed_by``, ``claimed_for`` …
DONE = ("claimed", "signed", "verified", "closed", "accepted")


def _apart() -> list[models.CheckConstraint]:
    """Return a constraint for each pair of steps: no person, nor who was stood in for, stands on both sides."""
    made = []
    for one, other in combinations(DONE, 2):
        condition = Q()
        for left in (f"{one}_by", f"{one}_for"):
            for right in (f"{other}_by", f"{other}_for"):
                condition &= ~Q(**{left: F(right)})
        made.append(models.CheckConstraint(condition=condition, name=f"closure_{one}_{other}"))
    return made


class Closure(models.Model):
    """One attempt to close a task (销号). `live`: on its way; at most one a task.

    `stage`: claimed, signed, verified, closed, accepted; returned or withdrawn when it ended without. `end_state` is
    what is claimed; `text` what was done; `left_over` and `left_until` what is left (basically completed), `failures`
    which checks fail by name; `review_on` the next review (long-term). Each step holds by whom, for whom (null: for
    himself), the day on which it holds and the moment recorded, and how: screen, paper, meeting, api, workbook.
    """

    sealed_as: ClassVar[str] = "closure"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "inspection_id", "task_id", "number", "live", "stage", "end_state", "text", "left_over",
        "left_until", "failures", "review_on", "sufficient", "appropriate", "verify_note", "meeting",
        *(f"{step}_{part}" for step in DONE for part in ("by_id", "for_id", "on", "at", "via")),
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("text", "left_over", "failures", "verify_note")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="closures")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="closures")
    number = models.PositiveSmallIntegerField()
    live = models.BooleanField(default=True)
    stage = models.CharField(max_length=10)
    end_state = models.CharField(max_length=20)
    text = models.TextField()
    left_over = models.TextField(blank=True, default="")
    left_until = models.DateField(null=True)
    failures = models.TextField(blank=True, default="")
    review_on = models.DateField(null=True)
    sufficient = models.BooleanField(null=True)
    appropriate = models.BooleanField(null=True)
    verify_note = models.TextField(blank=True, default="")
    meeting = models.CharField(max_length=200, blank=True, default="")
    claimed_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_on = models.DateField(null=True)
    claimed_at = models.DateTimeField(null=True)
    claimed_via = models.CharField(max_length=10, blank=True, default="")
    signed_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_via = models.CharField(max_length=10, blank=True, default="")
    verified_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    verified_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    verified_on = models.DateField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_via = models.CharField(max_length=10, blank=True, default="")
    closed_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    closed_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_via = models.CharField(max_length=10, blank=True, default="")
    accepted_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    accepted_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    accepted_on = models.DateField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_via = models.CharField(max_length=10, blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task"], condition=Q(live=True), name="closure_live_once"),
            models.UniqueConstraint(fields=["task", "number"], name="closure_number_once"),
            models.CheckConstraint(
                condition=~Q(stage__in=("closed", "accepted"))
                | (
                    Q(claimed_by__isnull=False)
                    & Q(signed_by__isnull=False)
                    & Q(verified_by__isnull=False)
                    & Q(closed_by__isnull=False)
                    & Q(sufficient__isnull=False, sufficient=True)
                    & Q(appropriate=True, appropriate__isnull=False)
                ),
                name="closure_closed_by_four",
            ),
            models.CheckConstraint(
                condition=Q(live=True, stage__in=("claimed", "signed", "verified"))
                | Q(live=False, stage__in=("closed", "accepted", "returned", "withdrawn", "reopened")),
                name="closure_live_stage",
            ),
            *_apart(),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "live", "stage", "id"], name="closure_waiting"),
            models.Index(fields=["inspection", "stage", "closed_on"], name="closure_closed"),
            models.Index(fields=["stage", "live", "task"], name="closure_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.number} {self.stage}"


class ClosureReturn(models.Model):
    """A claim given back: from which stage to which (unit: to the unit), the coded reason, and what failed."""

    sealed_as: ClassVar[str] = "closure_return"
    sealed_fields: ClassVar[Names] = (
        "closure_id", "organisation_id", "task_id", "from_stage", "to_stage", "reason", "evidence_id", "need_id",
        "measure", "note", "by_id", "principal_id", "on",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("measure", "note")

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="returns")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="returns")
    from_stage = models.CharField(max_length=10)
    to_stage = models.CharField(max_length=10)
    reason = models.CharField(max_length=30)
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    need = models.ForeignKey(EvidenceNeed, null=True, on_delete=models.PROTECT, related_name="+")
    measure = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    principal = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "on"], name="closure_return_day")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.reason}"


class Reopening(models.Model):
    """A closed task taken up again: why (recheck, rebound, superior, mistake), by whom, found where."""

    sealed_as: ClassVar[str] = "reopening"
    sealed_fields: ClassVar[Names] = (
        "closure_id", "organisation_id", "task_id", "reason", "note", "source", "by_id", "principal_id", "on",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("note",)

    closure = models.ForeignKey(Closure, null=True, on_delete=models.PROTECT, related_name="reopenings")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reopenings")
    reason = models.CharField(max_length=20)
    note = models.TextField()
    source = models.CharField(max_length=100, blank=True, default="")
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    principal = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task_id} {self.reason}"


class SignSheet(models.Model):
    """A step done on paper: a printed sheet, its scan bound by a registrar and confirmed by a second person.

    `digest` is the SHA-256 of what was printed: a claim changed since makes the sheet void. `answers` as JSON: for a
    claim what is claimed (there is no attempt yet), else what the signer decided. `state`: printed, bound, confirmed,
    refused, void.
    """

    sealed_as: ClassVar[str] = "sign_sheet"
    sealed_fields: ClassVar[Names] = (
        "task_id", "closure_id", "organisation_id", "step", "code", "digest", "state", "printed_by_id", "printed_on",
        "signer_id", "signed_on", "answers", "file_id", "name", "bound_by_id", "bound_on", "confirmed_by_id",
        "confirmed_on", "note",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("answers", "name", "note")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="sheets")
    closure = models.ForeignKey(Closure, null=True, on_delete=models.PROTECT, related_name="sheets")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=10)
    code = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="printed")
    printed_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    printed_on = models.DateField()
    signer = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True)
    answers = models.TextField(blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True, default="")
    bound_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    bound_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(bound_by=F("signer"))
                & ~Q(confirmed_by=F("bound_by"))
                & ~Q(confirmed_by=F("signer")),
                name="sign_sheet_three_persons",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "state"], name="sign_sheet_state")]

    def __str__(self) -> str:
        return self.code


class Blocker(models.Model):
    """Why no task of a problem may be closed now (暂不具备销号条件); lifted with a reason, never deleted."""

    sealed_as: ClassVar[str] = "blocker"
    sealed_fields: ClassVar[Names] = (
        "problem_id", "organisation_id", "reason", "source", "raised_by_id", "raised_on", "lifted_by_id", "lifted_on",
        "lift_note",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("reason", "lift_note")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="blockers")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    source = models.CharField(max_length=100, blank=True, default="")
    raised_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    lifted_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_on = models.DateField(null=True)
    lift_note = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["problem", "lifted_on"], name="blocker_open")]

    def __str__(self) -> str:
        return self.reason[:20]


class Recusal(models.Model):
    """A person who takes no part in what is decided on a task (回避), in one meeting (`meeting`) or always (empty)."""

    sealed_as: ClassVar[str] = "recusal"
    sealed_fields: ClassVar[Names] = (
        "task_id", "organisation_id", "person_id", "meeting", "reason", "on", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("reason",)

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="recusals")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    meeting = models.CharField(max_length=200, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    on = models.DateField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "person", "meeting"], condition=Q(withdrawn=False), name="recusal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.person_id}"


class Recipient(models.Model):
    """Somebody who was owed something. `sampled`: to be asked; `confirmed`: the answer, None: not yet."""

    sealed_as: ClassVar[str] = "recipient"
    sealed_fields: ClassVar[Names] = (
        "task_id", "organisation_id", "name", "contact", "owed", "amount", "sampled", "asked_on", "confirmed", "how",
        "note", "asked_by_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("name", "contact", "owed", "note")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="recipients")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    contact = models.CharField(max_length=100, blank=True, default="")
    owed = models.TextField(blank=True, default="")
    amount = models.BigIntegerField(default=0)
    sampled = models.BooleanField(default=False)
    asked_on = models.DateField(null=True)
    confirmed = models.BooleanField(null=True)
    how = models.CharField(max_length=20, blank=True, default="")
    note = models.TextField(blank=True, default="")
    asked_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Dispute(models.Model):
    """A problem or task that the organisation does not accept: its written ground, and the superior's ruling.

    `ruling`: empty while open, upheld (the organisation is right), dismissed, partly.
    """

    sealed_as: ClassVar[str] = "dispute"
    sealed_fields: ClassVar[Names] = (
        "problem_id", "task_id", "organisation_id", "ground", "raised_by_id", "raised_on", "ruling", "ruling_text",
        "ruled_by_id", "ruled_on", "file_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("ground", "ruling_text")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="disputes")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    ground = models.TextField()
    raised_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField()
    ruling = models.CharField(max_length=10, blank=True, default="")
    ruling_text = models.TextField(blank=True, default="")
    ruled_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    ruled_on = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.ground[:20]


class LongTermReview(models.Model):
    """One review of a long-term task: what stands, and when the next one is."""

    sealed_as: ClassVar[str] = "long_term_review"
    sealed_fields: ClassVar[Names] = ("task_id", "organisation_id", "on", "text", "next_on", "by_id")
    veiled_fields: ClassVar[Names] = ("text",)

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reviews")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    text = models.TextField()
    next_on = models.DateField()
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.task_id} {self.on}"


class Comment(models.Model):
    """A remark on an object, which `kind` and `object_id` name as in the record."""

    sealed_as: ClassVar[str] = "comment"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "kind", "object_id", "text", "by_id", "mentioned", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("text",)

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    text = models.TextField()
    mentioned = models.JSONField(default=list)
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "object_id", "at"], name="comment_of")]

    def __str__(self) -> str:
        return self.text[:20]
