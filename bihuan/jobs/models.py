"""Work to be done later: the queue, what recurs, which workers were seen. None of it is sealed (docs/accounts.md)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

#: A job that is neither done nor given up.
OPEN = Q(done_at=None, failed_at=None)


class Job(models.Model):
    """One piece of work, made once: (`kind`, `key`) is unique. `payload` holds ids and counts, never content.

    Whoever works on it holds a lease until `lease_until`; `attempts` counts the leases and tells them apart.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], condition=OPEN, name="job_open"),
            models.Index(fields=["failed_at"], condition=Q(failed_at__isnull=False), name="job_failed"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="job_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Schedule(models.Model):
    """What recurs, by its kind of job: the timing as configured, the next run, the last, and how many were missed."""

    kind = models.CharField(max_length=60, unique=True)
    every = models.CharField(max_length=8)
    at = models.TimeField()
    weekday = models.PositiveSmallIntegerField(default=0)
    working_days = models.BooleanField(default=False)
    payload = models.JSONField(default=dict)
    next_run = models.DateTimeField()
    last_run = models.DateTimeField(null=True)
    missed = models.PositiveIntegerField(default=0)
    missed_last = models.PositiveIntegerField(default=0)
    missed_seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.kind


class Worker(models.Model):
    """A worker that was seen: its name (machine and process), when it began, when it was last awake."""

    name = models.CharField(max_length=80, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
