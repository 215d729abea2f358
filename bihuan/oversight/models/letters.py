"""Slips (督办单: blue, yellow, red) and letters, their numbers, what they are about, what was answered."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Series(models.Model):
    """The last number given in a series: dispatch, a kind of meeting, or a kind of letter in a year (else 0).

    Not sealed: it follows from the numbers given. Its row is locked while a number is given.
    """

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "year"], name="series_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.last}"


class Letter(models.Model):
    """A slip or letter to a unit; `kind` and `state` as of core.letters. Numbered in `year` when it is issued.

    `rung` names the step of the ladder that it answers (empty: written freely). A void letter keeps its number.
    """

    sealed_as: ClassVar[str] = "letter"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "kind", "year", "number", "unit_id", "addressee", "copies", "title",
        "text", "basis", "rung", "state", "drafted_by_id", "issued_by_id", "issued_on", "signer", "reply_due_on",
        "delivered_on", "delivered_to", "delivered_how", "closed_on", "note",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = (
        "addressee", "copies", "title", "text", "basis", "signer", "delivered_to", "note",
    )  # fmt: skip

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey(
        "findings.Inspection", null=True, on_delete=models.PROTECT, related_name="letters"
    )
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    addressee = models.CharField(max_length=200)
    copies = models.CharField(max_length=300, blank=True, default="")
    title = models.CharField(max_length=200)
    text = models.TextField()
    basis = models.CharField(max_length=300, blank=True, default="")
    rung = models.CharField(max_length=20, blank=True, default="")
    state = models.CharField(max_length=12, default="draft")
    drafted_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    issued_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField(null=True)
    signer = models.CharField(max_length=60, blank=True, default="")
    reply_due_on = models.DateField(null=True)
    delivered_on = models.DateField(null=True)
    delivered_to = models.CharField(max_length=60, blank=True, default="")
    delivered_how = models.CharField(max_length=20, blank=True, default="")
    closed_on = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "year", "number"],
                condition=Q(number__isnull=False),
                name="letter_number",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, year__isnull=True, issued_on__isnull=True)
                | Q(number__isnull=False, year__isnull=False, issued_on__isnull=False),
                name="letter_numbered_when_issued",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "reply_due_on"], name="letter_list"),
            models.Index(fields=["unit", "state"], name="letter_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class LetterTask(models.Model):
    """A task that a letter is about, and its due date when the letter was written."""

    sealed_as: ClassVar[str] = "letter_task"
    sealed_fields: ClassVar[tuple[str, ...]] = ("letter_id", "task_id", "due_on")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="subjects")
    task = models.ForeignKey("findings.Task", on_delete=models.PROTECT, related_name="letters")
    due_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["letter", "task"], name="letter_task_once")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.task_id}"


class LetterReply(models.Model):
    """What a unit answered to a letter, as text, as a file or both; `taken`: whether the issuer let it stand."""

    sealed_as: ClassVar[str] = "letter_reply"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "letter_id", "replied_on", "replied_by_id", "signer", "text", "file_id", "file_name", "taken", "note",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("signer", "text", "file_name", "note")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="replies")
    replied_on = models.DateField()
    replied_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    signer = models.CharField(max_length=60, blank=True, default="")
    text = models.TextField(blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200, blank=True, default="")
    taken = models.BooleanField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.letter_id} {self.replied_on}"
