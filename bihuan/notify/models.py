"""What people are told, how each wants to be told, and the robots of an organisation's chat groups.

Sealed is the robot (who lets the program speak where); what was told follows from the acts that it tells of.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

#: How a person wants letters: not at all, once a day, or at once.
LETTERS = ("none", "daily", "at_once")
ROBOTS = ("wecom", "dingtalk", "feishu")


class Notification(models.Model):
    """One thing told to one person: a code with its parameters, and where it leads. The same `key` is told once.

    `letter` names the letter that carries it, once one was begun; `mailed_at` says that it went out.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    organisation = models.ForeignKey("orgs.Unit", on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300)
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    letter = models.CharField(max_length=200, blank=True, default="")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notification_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notification_list"),
            models.Index(
                fields=["recipient", "organisation"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(fields=["recipient"], condition=Q(mailed_at=None), name="notification_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"


class Preference(models.Model):
    """How a person wants letters, and when none; without a row: once a day. Not sealed: nobody else is concerned."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    letters = models.CharField(max_length=10, default="daily")
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    weekends = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.letters


class Feed(models.Model):
    """The key with which other programs read a person's calendar: one a person, its hash only, until it is ended."""

    sealed_as: ClassVar[str] = "feed"
    sealed_fields: ClassVar[tuple[str, ...]] = ("user_id", "made_at")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.made_at)


class Robot(models.Model):
    """A robot in a chat group of an organisation. `url` and `secret` are secrets: never shown, never sealed.

    `error` is why the last message was not taken, `answer` the number that its vendor gave.
    """

    sealed_as: ClassVar[str] = "robot"
    sealed_fields: ClassVar[tuple[str, ...]] = ("organisation_id", "kind", "name", "is_active", "set_at")
    veiled_fields: ClassVar[tuple[str, ...]] = ("name",)

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=400)
    secret = models.CharField(max_length=200, blank=True, default="")
    is_active = models.BooleanField(default=True)
    set_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True, default="")
    answer = models.IntegerField(null=True)

    def __str__(self) -> str:
        return self.name
