"""Weekly dispatches and special meetings: who was there, who stood aside, what was decided."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

ONE_SITTING = Q(dispatch__isnull=False, meeting__isnull=True) | Q(
    dispatch__isnull=True, meeting__isnull=False
)


class Dispatch(models.Model):
    """A weekly dispatch (周调度) of the week that begins on `monday`. `state`: preparing, held or cancelled.

    Without `inspection` it is about all live inspections of the organisation. `agenda` is null while it is prepared
    (then it is read from the register) and frozen as of `as_of` when it is held.
    """

    sealed_as: ClassVar[str] = "dispatch"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "number", "monday", "held_on", "place", "chair", "secretary_id",
        "state", "as_of", "agenda", "note",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("place", "chair", "agenda", "note")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(
        "findings.Inspection", null=True, on_delete=models.PROTECT, related_name="dispatches"
    )
    number = models.PositiveIntegerField()
    monday = models.DateField()
    held_on = models.DateField(null=True)
    place = models.CharField(max_length=200, blank=True, default="")
    chair = models.CharField(max_length=60, blank=True, default="")
    secretary = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default="preparing")
    as_of = models.DateField(null=True)
    agenda = models.JSONField(null=True)
    note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="dispatch_number"),
            models.UniqueConstraint(
                fields=["organisation", "monday"],
                condition=Q(inspection=None) & ~Q(state="cancelled"),
                name="dispatch_week",
            ),
            models.UniqueConstraint(
                fields=["inspection", "monday"],
                condition=Q(inspection__isnull=False) & ~Q(state="cancelled"),
                name="dispatch_inspection_week",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-monday"], name="dispatch_list")]

    def __str__(self) -> str:
        return f"{self.number} {self.monday}"


class Meeting(models.Model):
    """A meeting on rectification; `kind` one of core.meetings.KINDS, `state` called, held or cancelled."""

    sealed_as: ClassVar[str] = "meeting"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "kind", "number", "title", "held_on", "place", "chair",
        "recorder_id", "topics", "account", "state",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("title", "place", "chair", "topics", "account")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(
        "findings.Inspection", null=True, on_delete=models.PROTECT, related_name="meetings"
    )
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    held_on = models.DateField()
    place = models.CharField(max_length=200, blank=True, default="")
    chair = models.CharField(max_length=60, blank=True, default="")
    recorder = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    topics = models.TextField(blank=True, default="")
    account = models.TextField(blank=True, default="")
    state = models.CharField(max_length=12, default="called")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "number"], name="meeting_number")
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-held_on"], name="meeting_list")]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Someone who was to be at a dispatch or meeting; `manner`: present, absent, online or guest."""

    sealed_as: ClassVar[str] = "attendance"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "dispatch_id", "meeting_id", "person_id", "name", "post", "unit_id", "manner", "reason", "position",
        "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("name", "post", "reason")

    dispatch = models.ForeignKey(Dispatch, null=True, on_delete=models.PROTECT, related_name="attendance")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    post = models.CharField(max_length=60, blank=True, default="")
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    manner = models.CharField(max_length=12)
    reason = models.CharField(max_length=200, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=ONE_SITTING, name="attendance_one_sitting")]

    def __str__(self) -> str:
        return self.name


class MeetingRecusal(models.Model):
    """A person who stands aside in a meeting from a task, or from every task of a problem, and why."""

    sealed_as: ClassVar[str] = "meeting_recusal"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "meeting_id", "person_id", "task_id", "problem_id", "reason", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("reason",)

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey("findings.Task", null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.ForeignKey("findings.Problem", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, problem__isnull=True)
                | Q(task__isnull=True, problem__isnull=False),
                name="recusal_one_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.person_id}"


class Decision(models.Model):
    """What a dispatch or meeting decided (议定事项): who does it, until when, what became of it.

    `asked`: laid before the leading group (请决定) with the office's `advice`; `answer` is empty until it is agreed,
    declined or changed by `answered_by` (in words: `answer_text`). What was declined is not tracked.
    """

    sealed_as: ClassVar[str] = "decision"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "dispatch_id", "meeting_id", "position", "text", "unit_id", "person_id", "person_name",
        "task_id", "due_on", "done_on", "note", "asked", "advice", "answer", "answer_text", "answered_by",
        "answered_on", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = (
        "text", "person_name", "note", "advice", "answer_text", "answered_by",
    )  # fmt: skip

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    dispatch = models.ForeignKey(Dispatch, null=True, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=60, blank=True, default="")
    task = models.ForeignKey("findings.Task", null=True, on_delete=models.PROTECT, related_name="decisions")
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    asked = models.BooleanField(default=False)
    advice = models.TextField(blank=True, default="")
    answer = models.CharField(max_length=10, blank=True, default="")
    answer_text = models.TextField(blank=True, default="")
    answered_by = models.CharField(max_length=60, blank=True, default="")
    answered_on = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=ONE_SITTING, name="decision_one_sitting")]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "done_on", "due_on"], name="decision_open")
        ]

    def __str__(self) -> str:
        return self.text[:40]
