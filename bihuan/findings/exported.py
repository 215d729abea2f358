"""What left the house: one row for each list that somebody took out as a file."""

from typing import ClassVar

from django.db import models


class Export(models.Model):
    """A list that was exported: which one, narrowed how, how many rows, and what the file's bytes add up to.

    `organisation` is null when rows of more than one organisation were in sight. The file itself is not kept.
    """

    sealed_as: ClassVar[str] = "export"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "list", "name", "filters", "rows", "sha256", "made_by_id", "made_at",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("filters",)

    organisation = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    filters = models.TextField(blank=True, default="")
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        app_label = "findings"

    def __str__(self) -> str:
        return self.name
