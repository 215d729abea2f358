"""What proves that a task was done: papers and photos, opinions on them, reports of progress, workbooks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bihuan.findings.models.plan import EvidenceNeed
from bihuan.findings.models.register import Inspection, Names, Task


class Evidence(models.Model):
    """One piece of evidence (佐证材料). A newer file is a revision: a new row that `revises` the old one.

    `proves`: process or result. `not_kept`: not kept at that time, with `statement` in place of a file. `accepted`: a
    verification rests on it, so that nothing of it changes any more. `taken_on`: the day that a photo says of itself.
    """

    sealed_as: ClassVar[str] = "evidence"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "task_id", "need_id", "file_id", "name", "kind", "proves", "dated_on", "taken_on",
        "not_kept", "statement", "note", "revises_id", "number", "current", "accepted", "unit_id", "by_id",
        "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("name", "statement", "note")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="evidence")
    need = models.ForeignKey(EvidenceNeed, null=True, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="document")
    proves = models.CharField(max_length=10)
    dated_on = models.DateField(null=True)
    taken_on = models.DateField(null=True)
    not_kept = models.BooleanField(default=False)
    statement = models.TextField(blank=True, default="")
    note = models.TextField(blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    revises = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="revised_by")
    number = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    accepted = models.BooleanField(default=False)
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(not_kept=True) & Q(file=None)) | (Q(not_kept=False) & Q(file__isnull=False)),
                name="evidence_file_or_statement",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["task", "withdrawn", "current", "position"], name="evidence_task"),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceOpinion(models.Model):
    """What a reviewer says of one piece of evidence: sufficient? appropriate? None: no answer."""

    sealed_as: ClassVar[str] = "evidence_opinion"
    sealed_fields: ClassVar[Names] = (
        "evidence_id", "organisation_id", "sufficient", "appropriate", "remark", "reviewer", "given_on", "by_id",
        "file_id",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("remark", "reviewer")

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="opinions")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    sufficient = models.BooleanField(null=True)
    appropriate = models.BooleanField(null=True)
    remark = models.TextField(blank=True, default="")
    reviewer = models.CharField(max_length=100, blank=True, default="")
    given_on = models.DateField()
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.remark[:20]


class ProgressReport(models.Model):
    """What a unit reports on a task on a day. `unchanged`: one tick in place of a text. `via`: page, api, workbook."""

    sealed_as: ClassVar[str] = "progress"
    sealed_fields: ClassVar[Names] = (
        "task_id", "organisation_id", "unit_id", "reported_on", "unchanged", "text", "next_step", "obstacle", "via",
        "by_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("text", "next_step", "obstacle")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="progress")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField()
    unchanged = models.BooleanField(default=False)
    text = models.TextField(blank=True, default="")
    next_step = models.TextField(blank=True, default="")
    obstacle = models.TextField(blank=True, default="")
    via = models.CharField(max_length=10, default="page")
    by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(unchanged=False) | Q(text=""), name="progress_unchanged_has_no_text"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["task", "withdrawn", "-reported_on"], name="progress_task"),
            models.Index(fields=["organisation", "reported_on"], name="progress_day"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.reported_on}"


class Workbook(models.Model):
    """A sheet (填报表) given to one unit for one period; `code` is hidden in it."""

    sealed_as: ClassVar[str] = "workbook"
    sealed_fields: ClassVar[Names] = (
        "inspection_id", "organisation_id", "unit_id", "code", "period", "due_on", "made_by_id", "returned_on",
        "returned_sha256", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ()

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="workbooks")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=32, unique=True)
    period = models.CharField(max_length=40)
    due_on = models.DateField(null=True)
    rows = models.PositiveIntegerField(default=0)
    base = models.TextField(blank=True, default="")
    made_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    returned_on = models.DateField(null=True)
    returned_sha256 = models.CharField(max_length=64, blank=True, default="")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "unit", "period"], condition=Q(withdrawn=False), name="workbook_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"
