"""What can be found: one entry an object, with who may see it; the pairs lie in the database's own text index."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One object that search can find. `organisation_id`, `unit_id` and its readers decide who sees it."""

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    title = models.TextField()
    context = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")
        ]

    def __str__(self) -> str:
        return self.title


class Reader(models.Model):
    """A unit besides the object's own whose people see it, as a unit that works with the lead unit on a task."""

    entry_id = models.BigIntegerField()
    unit_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit_id", "entry_id"], name="search_reader_once")
        ]
        indexes: ClassVar = [models.Index(fields=["entry_id"], name="search_reader_entry")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.unit_id}"
