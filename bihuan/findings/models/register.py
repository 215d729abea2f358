"""The register: inspection › (aspect) › finding › problem › task › step, what was declared, and institutions.

Dates that documents print to the month are text (``2026-06`` or ``2026-06-12``) and sort as text. `withdrawn` marks
what was withdrawn by hand or with its import: it stays, it is not counted. `revision` lets an edit notice another's.
"""

from typing import ClassVar, TypeAlias

from django.db import models
from django.db.models import Q

Names: TypeAlias = tuple[str, ...]
KEPT = Q(withdrawn=False)


class InspectionKind(models.Model):
    """A kind of inspection as data: its code word, its names, and the words for its states."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    words = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Inspection(models.Model):
    """One inspection of one organisation. `mode`: live (its figures are counted) or archive (they are declared)."""

    sealed_as: ClassVar[str] = "inspection"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "kind_id", "mode", "title", "authority", "team", "subject", "starts_on",
        "ends_on", "feedback_on", "document_id", "notice_title", "signed_by", "signed_on", "published_on",
        "phone", "post", "email", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = (
        "title", "authority", "team", "subject", "notice_title", "signed_by", "phone", "post", "email",
    )  # fmt: skip

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(InspectionKind, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    authority = models.CharField(max_length=200, blank=True, default="")
    team = models.CharField(max_length=200, blank=True, default="")
    subject = models.CharField(max_length=200, blank=True, default="")
    starts_on = models.CharField(max_length=10, blank=True, default="")
    ends_on = models.CharField(max_length=10, blank=True, default="")
    feedback_on = models.CharField(max_length=10, blank=True, default="")
    document = models.ForeignKey("documents.Received", null=True, on_delete=models.PROTECT, related_name="+")
    notice_title = models.CharField(max_length=300, blank=True, default="")
    signed_by = models.CharField(max_length=200, blank=True, default="")
    signed_on = models.CharField(max_length=10, blank=True, default="")
    published_on = models.CharField(max_length=10, blank=True, default="")
    phone = models.CharField(max_length=100, blank=True, default="")
    post = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=200, blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "-feedback_on"], name="inspection_list")
        ]

    def __str__(self) -> str:
        return self.title


class Declared(models.Model):
    """A figure that a document declares for the whole inspection, with its words and place; never a count of ours."""

    sealed_as: ClassVar[str] = "declared"
    sealed_fields: ClassVar[Names] = (
        "inspection_id", "document_id", "key", "value", "as_of", "quote", "line", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("quote",)

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="declared")
    document = models.ForeignKey("documents.Received", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=30)
    value = models.BigIntegerField()
    as_of = models.CharField(max_length=10, blank=True, default="")
    quote = models.TextField()
    line = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "document", "key"], condition=KEPT, name="declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


class Passage(models.Model):
    """A paragraph of the document that belongs to no finding: organisation, follow_up. Kept to be written back."""

    sealed_as: ClassVar[str] = "passage"
    sealed_fields: ClassVar[Names] = ("inspection_id", "part", "position", "text", "line", "withdrawn")
    veiled_fields: ClassVar[Names] = ("text",)

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="passages")
    part = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    text = models.TextField()
    line = models.PositiveIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.text[:20]


class Aspect(models.Model):
    """One of the aspects (方面) under which findings are grouped; optional."""

    sealed_as: ClassVar[str] = "aspect"
    sealed_fields: ClassVar[Names] = ("inspection_id", "position", "title", "withdrawn")
    veiled_fields: ClassVar[Names] = ("title",)

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="aspects")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """A finding (反馈问题). `quote` and `line` are the words of the document and where they stand."""

    sealed_as: ClassVar[str] = "finding"
    sealed_fields: ClassVar[Names] = (
        "inspection_id", "organisation_id", "aspect_id", "position", "number", "title", "quote", "line",
        "document_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title", "quote")

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    aspect = models.ForeignKey(Aspect, null=True, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    title = models.TextField()
    quote = models.TextField(blank=True, default="")
    line = models.PositiveIntegerField(default=0)
    document = models.ForeignKey("documents.Received", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], condition=KEPT, name="finding_number")
        ]
        indexes: ClassVar = [models.Index(fields=["inspection", "position"], name="finding_order")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Problem(models.Model):
    """A specific problem (具体问题). `response`: what was done (整改情况); `declared_state`: its words.

    `cause` is why it came about (原因分析); where else one looked stands in LookAround.
    """

    sealed_as: ClassVar[str] = "problem"
    sealed_fields: ClassVar[Names] = (
        "finding_id", "inspection_id", "organisation_id", "position", "number", "title", "text", "line",
        "document_id", "response", "response_line", "declared_state", "cause", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title", "text", "response", "cause")

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="problems")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="problems")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    title = models.TextField()
    text = models.TextField(blank=True, default="")
    line = models.PositiveIntegerField(default=0)
    document = models.ForeignKey("documents.Received", null=True, on_delete=models.PROTECT, related_name="+")
    response = models.TextField(blank=True, default="")
    response_line = models.PositiveIntegerField(default=0)
    declared_state = models.CharField(max_length=40, blank=True, default="")
    cause = models.TextField(blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], condition=KEPT, name="problem_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["inspection", "position"], name="problem_order"),
            models.Index(fields=["organisation", "withdrawn", "inspection", "position"], name="problem_list"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Task(models.Model):
    """A task (分项任务): what is to be done, by whom, until when. `state` is one of core.findings.STATES.

    `first_due_on` is kept for ever; `due_on` is what holds now, after `extended` extensions. `leader` is the lead
    leader's name as the plan has it. `notice`: the paper by which it was due before the feedback (立行立改).
    `left_until`: until when what is left is done (basically completed); `review_on`: the next review of a long-term
    task. `owed`: people or firms were owed something.
    """

    sealed_as: ClassVar[str] = "task"
    sealed_fields: ClassVar[Names] = (
        "problem_id", "inspection_id", "organisation_id", "position", "number", "title", "measures",
        "unit_id", "leader", "category", "first_due_on", "due_on", "notice", "expected", "remark", "state",
        "extended", "left_until", "review_on", "owed", "document_id", "line", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title", "measures", "leader", "notice", "expected", "remark")

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    title = models.TextField()
    measures = models.TextField(blank=True, default="")
    unit = models.ForeignKey(
        "orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    leader = models.CharField(max_length=60, blank=True, default="")
    category = models.CharField(max_length=20, blank=True, default="")
    first_due_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    notice = models.CharField(max_length=200, blank=True, default="")
    expected = models.TextField(blank=True, default="")
    remark = models.TextField(blank=True, default="")
    state = models.CharField(max_length=20, default="todo")
    extended = models.PositiveSmallIntegerField(default=0)
    left_until = models.DateField(null=True)
    review_on = models.DateField(null=True)
    owed = models.BooleanField(default=False)
    document = models.ForeignKey("documents.Received", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(default=0)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], condition=KEPT, name="task_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["inspection", "withdrawn", "position"], name="task_order"),
            models.Index(fields=["organisation", "withdrawn", "due_on", "id"], name="task_due"),
            models.Index(fields=["organisation", "withdrawn", "state", "due_on", "id"], name="task_state"),
            models.Index(fields=["unit", "withdrawn", "due_on", "id"], name="task_unit"),
            models.Index(fields=["problem", "withdrawn", "state"], name="task_problem"),
            models.Index(fields=["inspection", "withdrawn", "state", "due_on", "id"], name="task_in_state"),
            models.Index(
                fields=["organisation", "withdrawn", "inspection", "position", "id"], name="task_list"
            ),
            models.Index(fields=["organisation", "withdrawn", "leader", "id"], name="task_leader"),
            models.Index(
                fields=["organisation", "withdrawn", "category", "due_on", "id"], name="task_category"
            ),
            models.Index(fields=["organisation", "withdrawn", "first_due_on", "id"], name="task_first_due"),
            models.Index(
                fields=["organisation", "withdrawn", "unit", "leader", "state", "due_on", "id"],
                name="task_answer",
            ),
            models.Index(
                fields=["organisation", "review_on"], condition=Q(review_on__isnull=False), name="task_review"
            ),
            models.Index(
                fields=["organisation", "left_until"], condition=Q(left_until__isnull=False), name="task_left"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class JointUnit(models.Model):
    """A unit that works with the lead unit on a task (配合单位)."""

    sealed_as: ClassVar[str] = "joint_unit"
    sealed_fields: ClassVar[Names] = ("task_id", "unit_id")
    veiled_fields: ClassVar[Names] = ()

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="joint_units")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "unit"], name="joint_unit_once")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.unit_id}"


class TaskState(models.Model):
    """The history of a task's state in two times: it held from `effective_on` until `effective_until` (exclusive,
    null = still), as known from `recorded_at` until `superseded_at` (null = still known so)."""

    sealed_as: ClassVar[str] = "task_state"
    sealed_fields: ClassVar[Names] = (
        "task_id", "inspection_id", "state", "effective_on", "effective_until", "recorded_at",
        "superseded_at",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ()

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="states")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    effective_on = models.DateField()
    effective_until = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(effective_until=None, superseded_at=None),
                name="task_state_current",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["inspection", "superseded_at", "effective_on"], name="task_state_as_of"),
            models.Index(fields=["task", "recorded_at"], name="task_state_task"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.state} {self.effective_on}"


class Step(models.Model):
    """A step (工作步骤) of a task: what, who, until when, done when."""

    sealed_as: ClassVar[str] = "step"
    sealed_fields: ClassVar[Names] = (
        "task_id", "position", "title", "person", "due_on", "done_on", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title", "person")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()
    title = models.TextField()
    person = models.CharField(max_length=60, blank=True, default="")
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """A list as one person wants it again: filters, order and columns as the address' query."""

    owner = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
