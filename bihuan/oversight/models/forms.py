"""What a superior asks for in a form of its own: its cells mapped once, and the assessment form (评估表)."""

from typing import ClassVar

from django.db import models


class FormTemplate(models.Model):
    """A docx or xlsx form of a superior, known by the hash of its file. `stale` when another took its place."""

    sealed_as: ClassVar[str] = "form_template"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "name", "kind", "subject", "file_id", "sha256", "made_by_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("name",)

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    subject = models.CharField(max_length=12)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=models.Q(withdrawn=False),
                name="form_template_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormCell(models.Model):
    """What goes into one cell of a form: `place` as of core.form_mapping, the word of a field, once or row by row."""

    sealed_as: ClassVar[str] = "form_cell"
    sealed_fields: ClassVar[tuple[str, ...]] = ("template_id", "place", "field", "repeats")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    template = models.ForeignKey(FormTemplate, on_delete=models.PROTECT, related_name="cells")
    place = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    repeats = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "place"], name="form_cell_place")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.field}"


class Assessment(models.Model):
    """An assessment form (评估表) of an inspection as of a day. `indicators` is what was asked when it was begun.

    `facts` is null while it is worked on (then it is read from the register) and frozen when it is concluded.
    """

    sealed_as: ClassVar[str] = "assessment"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "title", "as_of", "indicators", "state", "facts", "untrue",
        "made_by_id", "concluded_by_id", "concluded_on", "opinion", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("title", "opinion")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(
        "findings.Inspection", on_delete=models.PROTECT, related_name="assessments"
    )
    title = models.CharField(max_length=200)
    as_of = models.DateField()
    indicators = models.JSONField()
    state = models.CharField(max_length=12, default="scoring")
    facts = models.JSONField(null=True)
    untrue = models.JSONField(default=list)
    made_by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    concluded_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    concluded_on = models.DateField(null=True)
    opinion = models.TextField(blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "-as_of"], name="assessment_list")
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentScore(models.Model):
    """What a person gave for an indicator, in tenths of a mark, and why; corrected by a new row."""

    sealed_as: ClassVar[str] = "assessment_score"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "assessment_id", "indicator", "tenths", "reason", "by_id", "at", "current",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("reason",)

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores")
    indicator = models.CharField(max_length=20)
    tenths = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "indicator"],
                condition=models.Q(current=True),
                name="assessment_score_current",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.tenths}"
