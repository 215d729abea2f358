"""Notices that we issue: the words as they stood when each was made, so that it can be shown again."""

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One written notice of an inspection as of a day. `facts` is the frozen JSON of core.notice_text.NoticeFacts."""

    sealed_as: ClassVar[str] = "notice"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "as_of", "title", "facts", "made_by_id", "made_at", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("title", "facts")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey("findings.Inspection", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    title = models.CharField(max_length=300)
    facts = models.TextField()
    made_by = models.ForeignKey("orgs.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "-made_at"], name="notice_list")
        ]

    def __str__(self) -> str:
        return self.title
