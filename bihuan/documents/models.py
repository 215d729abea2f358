"""Official documents as received, and the drafts in which a person corrects what was read of them."""

from typing import ClassVar

from django.db import models


class Received(models.Model):
    """A document as it came in: its file, and what it turned out to be.

    `kind` is a DocumentKind of core.reading.
    """

    sealed_as: ClassVar[str] = "document"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id",
        "file_id",
        "name",
        "kind",
        "title",
        "received_at",
    )
    veiled_fields: ClassVar[tuple[str, ...]] = ("name", "title")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    title = models.TextField(blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "file"], name="document_once")
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What was read of a document while a person corrects it; nothing of it is in the register yet.

    `tree` is the JSON form of core.drafting.Tree. `state`: open, registered, dropped, withdrawn. `mode`:
    live, archive or tasks (a plan that goes into `inspection_id`). `lines` are the document's lines as
    [number, text, page, cell, role]. `batch` is the record's batch of the registration, 0 before.
    """

    sealed_as: ClassVar[str] = "draft"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "document_id", "mode", "state", "inspection_id", "batch", "made_by_id",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Received, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="open")
    tree = models.JSONField()
    lines = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    inspection_id = models.BigIntegerField(null=True)
    batch = models.BigIntegerField(default=0)
    made_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(state="open"), name="draft_open_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state", "-changed_at"], name="draft_state")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.state}"
