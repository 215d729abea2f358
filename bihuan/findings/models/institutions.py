"""Institutions (建章立制) with the proofs that they are carried out, and who was held to account, as counts."""

from typing import ClassVar

from django.db import models

from bihuan.findings.models.register import Inspection, Names, Problem


class Institution(models.Model):
    """An institution (制度) made or mended in the course of rectification (建章立制).

    `number` runs within the organisation; `superseded_by` is what took its place.
    """

    sealed_as: ClassVar[str] = "institution"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "inspection_id", "problem_id", "title", "document_number", "issued_on",
        "unit_id", "line", "document_id", "number", "effective_on", "review_on", "superseded_by_id", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("title",)

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(
        Inspection, null=True, on_delete=models.PROTECT, related_name="institutions"
    )
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="institutions")
    title = models.CharField(max_length=300)
    document_number = models.CharField(max_length=60, blank=True, default="")
    issued_on = models.CharField(max_length=10, blank=True, default="")
    number = models.CharField(max_length=20, blank=True, default="")
    effective_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.PositiveIntegerField(default=0)
    document = models.ForeignKey("documents.Received", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "inspection"], name="institution_list")
        ]

    def __str__(self) -> str:
        return self.title


class InstitutionUse(models.Model):
    """One proof that an institution is carried out: what was done by it, when, with which paper."""

    sealed_as: ClassVar[str] = "institution_use"
    sealed_fields: ClassVar[Names] = (
        "institution_id", "organisation_id", "done_on", "text", "file_id", "name", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("text", "name")

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="uses")
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField()
    text = models.TextField()
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True, default="")
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.text[:20]


class Accountability(models.Model):
    """How many persons were held to account in which form (处理方式), and money recovered; never a name.

    `form` is a code word of core.accountability; amounts are in fen (分).
    """

    sealed_as: ClassVar[str] = "accountability"
    sealed_fields: ClassVar[Names] = (
        "organisation_id", "inspection_id", "problem_id", "form", "manner", "persons", "recovered", "decided_on",
        "basis", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[Names] = ("manner", "basis")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="accountabilities")
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="accountabilities")
    form = models.CharField(max_length=20)
    manner = models.CharField(max_length=100, blank=True, default="")
    persons = models.PositiveIntegerField(default=0)
    recovered = models.BigIntegerField(default=0)
    decided_on = models.DateField()
    basis = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.form} {self.persons}"
