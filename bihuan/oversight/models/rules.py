"""Thresholds, rhythm and ladder as data with their source."""

from typing import ClassVar

from django.db import models


class Rule(models.Model):
    """What an organisation sets in place of a shipped rule: `key` as of core.oversight.RULES, where it comes from."""

    sealed_as: ClassVar[str] = "oversight_rule"
    sealed_fields: ClassVar[tuple[str, ...]] = ("organisation_id", "key", "value", "source", "starts_on")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40)
    value = models.JSONField()
    source = models.CharField(max_length=300)
    starts_on = models.DateField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "key", "starts_on"], name="oversight_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"
