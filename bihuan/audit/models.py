"""The sealed record: one event per changed object, and the head of the chain."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Event(models.Model):
    """One sealed event. `sealed` is the canonical text whose leaf hash is `hash`; `opened` holds the salts and values
    behind its commitments and may be erased without breaking the chain."""

    seq = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField()
    organisation_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    sealed = models.TextField()
    opened = models.TextField(null=True)  # noqa: DJ001 - erased is null, which is not the same as empty
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "object_id", "seq"], name="event_object"),
            models.Index(fields=["organisation_id", "seq"], name="event_organisation"),
            models.Index(fields=["batch"], name="event_batch"),
            models.Index(fields=["organisation_id", "-seq"], condition=Q(seq=F("batch")), name="event_act"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.kind} {self.object_id}"


class Head(models.Model):
    """The last event's number and hash: the one row that every writer locks, and locks last."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.seq}"
