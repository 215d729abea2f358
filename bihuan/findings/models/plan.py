"""The plan: look-around, milestones, what evidence is asked for, versions, opinions, and changes after approval.

draft ─opinions→ review ─approve→ approved (locked); a change of it is asked for, decided by the approver of its rank.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bihuan.findings.models.register import Inspection, Names, Problem, Task

OPEN_PLANS = ("draft", "opinions", "review")


class LookAround(models.Model):
    """Where else one looked for the same problem (举一反三), how many were found and put right."""

    sealed_as: ClassVar[str] = "look_around"
    sealed_fields: ClassVar[Names] = (
        "problem_id", "organisation_id", "position", "scope", "found", "fixed", "note", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("scope", "note")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="look_arounds")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    scope = models.TextField()
    found = models.PositiveIntegerField(default=0)
    fixed = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fixed__lte=models.F("found")), name="look_around_fixed")
        ]

    def __str__(self) -> str:
        return self.scope[:20]


class Milestone(models.Model):
    """A point on the way (阶段节点) of a staged or long-term task."""

    sealed_as: ClassVar[str] = "milestone"
    sealed_fields: ClassVar[Names] = ("task_id", "position", "title", "due_on", "done_on", "withdrawn")
    veiled_fields: ClassVar[Names] = ("title",)

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="milestones")
    position = models.PositiveIntegerField()
    title = models.TextField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title[:20]


class EvidenceNeed(models.Model):
    """One line of a task's checklist of evidence: its kind, what it proves (process or result), whether it may lack."""

    sealed_as: ClassVar[str] = "evidence_need"
    sealed_fields: ClassVar[Names] = (
        "task_id", "position", "kind", "title", "proves", "optional", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title",)

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="needs")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    proves = models.CharField(max_length=10)
    optional = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class OutsideWait(models.Model):
    """A task waits for an outside body: the letter, until when a reply is due, and the reply."""

    sealed_as: ClassVar[str] = "outside_wait"
    sealed_fields: ClassVar[Names] = (
        "task_id", "organisation_id", "body", "matter", "letter", "sent_on", "reply_due_on", "replied_on",
        "reply", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("matter", "reply")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="waits")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=200)
    matter = models.TextField()
    letter = models.CharField(max_length=100, blank=True, default="")
    sent_on = models.DateField()
    reply_due_on = models.DateField()
    replied_on = models.DateField(null=True)
    reply = models.TextField(blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "replied_on", "reply_due_on"], name="outside_wait_open")
        ]

    def __str__(self) -> str:
        return self.body


class Plan(models.Model):
    """One version of an inspection's plan (整改方案). `content` freezes what it says, `digest` is its SHA-256.

    `state`: draft, opinions, review, approved, superseded, withdrawn. `approved_for`: whose delegate approved.
    """

    sealed_as: ClassVar[str] = "plan"
    sealed_fields: ClassVar[Names] = (
        "inspection_id", "organisation_id", "version", "state", "title", "document_number", "digest", "meeting",
        "made_by_id", "approved_by_id", "approved_for_id", "approved_on", "reason",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title", "reason")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="plans")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, default="draft")
    title = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True, default="")
    content = models.TextField(blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    meeting = models.CharField(max_length=200, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    made_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    approved_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "version"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(state="approved"), name="plan_approved_once"
            ),
            models.UniqueConstraint(
                fields=["inspection"], condition=Q(state__in=OPEN_PLANS), name="plan_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class PlanOpinion(models.Model):
    """An opinion on one item of a plan, of a unit of ours or an outside body, and what became of it.

    `answer`: empty, adopted or declined; declined needs `answer_text`.
    """

    sealed_as: ClassVar[str] = "plan_opinion"
    sealed_fields: ClassVar[Names] = (
        "plan_id", "organisation_id", "unit_id", "body", "item", "task_id", "problem_id", "text", "received_on",
        "answer", "answer_text", "answered_by_id", "answered_on", "file_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("text", "answer_text")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    body = models.CharField(max_length=200, blank=True, default="")
    item = models.CharField(max_length=40, blank=True, default="")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    received_on = models.DateField()
    given_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, blank=True, default="")
    answer_text = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    answered_on = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.text[:20]


class PlanChange(models.Model):
    """A change of an approved plan: asked for with a reason, decided by the approver of its rank, then carried out.

    `kind`: edit, add, withdraw, extend. `changes` holds field → [before, after] as JSON; an extension its days too, as
    the `nth` of its task. `rank` is the role that decides: unit_head, leader or leading_group.
    """

    sealed_as: ClassVar[str] = "plan_change"
    sealed_fields: ClassVar[Names] = (
        "plan_id", "inspection_id", "organisation_id", "kind", "task_id", "problem_id", "changes", "reason", "rank",
        "nth", "old_due_on", "new_due_on", "state", "asked_by_id", "asked_for_id", "asked_on", "decided_by_id",
        "decided_for_id", "decided_on", "decision_note",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("changes", "reason", "decision_note")

    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="changes_asked")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="plan_changes")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="plan_changes")
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.TextField(blank=True, default="")
    reason = models.TextField()
    rank = models.CharField(max_length=20)
    nth = models.PositiveSmallIntegerField(default=0)
    old_due_on = models.DateField(null=True)
    new_due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, default="asked")
    asked_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_for = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    decision_note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(state="asked", kind="extend"), name="extension_asked_once"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=models.F("decided_by"))
                & ~Q(asked_for=models.F("decided_by"))
                & ~Q(asked_by=models.F("decided_for"))
                & ~Q(asked_for=models.F("decided_for")),
                name="plan_change_other_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "rank"], name="plan_change_open"),
            models.Index(fields=["task", "kind", "state"], name="plan_change_task"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id}"
