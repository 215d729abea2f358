"""Who there is and what each may see: unit › post of a person › grant; and the account behind the person.

A sealed model names its state in `sealed_fields` (audit.record reads it). Not sealed: UnitLink (follows from
Unit.parent), SessionRecord, PastPassword and every hash of a secret (docs/accounts.md lists them).
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

KINDS = ("organisation", "department", "enterprise", "superior")
PURPOSES = ("first", "start", "reset", "recovery")


class UserManager(BaseUserManager["User"]):
    """Finds an account by the name it signs in with; accounts are made by `actions` only."""


class User(AbstractBaseUser):
    """A person with an account. Disabled for ever or for a time by `is_active`, never deleted."""

    sealed_as: ClassVar[str] = "user"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "username", "name", "email", "is_active", "must_change_password", "password_changed_at", "created_at",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("username", "name", "email")

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    email = models.EmailField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=16, default="zh-Hans")
    large_type = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the person's name."""
        return self.name

    def get_short_name(self) -> str:
        """Return the person's name."""
        return self.name


class Unit(models.Model):
    """An organisation, a department of it, an enterprise or a superior body: one node of the tree."""

    sealed_as: ClassVar[str] = "unit"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "name", "short_name", "kind", "parent_id", "position", "is_active",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=32)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("parent", "name"), name="unit_name_once_under_parent"),
            models.UniqueConstraint(fields=("name",), condition=Q(parent=None), name="unit_name_once_at_top"),
        )

    def __str__(self) -> str:
        return self.name


class UnitLink(models.Model):
    """One pair of the tree's closure: `descendant` lies `depth` levels below `ancestor`, or is it (0)."""

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="links_down")
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="links_up")
    depth = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ancestor", "descendant"), name="unit_link_once"),)

    def __str__(self) -> str:
        return f"{self.ancestor_id}>{self.descendant_id}"


class Post(models.Model):
    """A person's post in a unit, both days included; ending the day before its start, it never ran."""

    sealed_as: ClassVar[str] = "post"
    sealed_fields: ClassVar[tuple[str, ...]] = ("person_id", "unit_id", "title", "starts_on", "ends_on")
    veiled_fields: ClassVar[tuple[str, ...]] = ("title",)

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ("starts_on", "id")

    def __str__(self) -> str:
        return self.title


class PostPlace(models.Model):
    """Where a post stands among those of its unit; posts without a place come after, as they began."""

    sealed_as: ClassVar[str] = "post-place"
    sealed_fields: ClassVar[tuple[str, ...]] = ("post_id", "position")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="place")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.post_id} {self.position}"


class Grant(models.Model):
    """A role that a post carries over a unit and all below it, both days included, while the post runs."""

    sealed_as: ClassVar[str] = "grant"
    sealed_fields: ClassVar[tuple[str, ...]] = ("post_id", "role", "unit_id", "starts_on", "ends_on")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ("starts_on", "id")

    def __str__(self) -> str:
        return self.role


class Delegation(models.Model):
    """A principal's grant lent to another person's post for some days, over the grant's unit or one below it.

    It runs only while the grant, both posts and both accounts do, and never gives more than the grant.
    """

    sealed_as: ClassVar[str] = "delegation"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "grant_id", "post_id", "unit_id", "starts_on", "ends_on", "reason",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("reason",)

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="delegations")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="delegations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ("starts_on", "id")

    def __str__(self) -> str:
        return f"{self.grant_id}>{self.post_id}"


class Substitute(models.Model):
    """Who decides next, by `position`, when whoever holds `role` in the organisation may not."""

    sealed_as: ClassVar[str] = "substitute"
    sealed_fields: ClassVar[tuple[str, ...]] = ("organisation_id", "role", "person_id", "position")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    organisation = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="substitutes")
    role = models.CharField(max_length=32)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "role", "person"), name="substitute_once"),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.position}"


class Group(models.Model):
    """A leading or a supervision group of an organisation, with what its founding notice says."""

    sealed_as: ClassVar[str] = "group"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "kind", "name", "founded_on", "ended_on", "document_number", "addressee", "basis", "duties",
        "office_name", "office_unit_id", "office_duties",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("addressee", "basis", "duties", "office_duties")

    organisation = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=120)
    founded_on = models.DateField()
    ended_on = models.DateField(null=True)
    document_number = models.CharField(max_length=60, blank=True, default="")
    addressee = models.CharField(max_length=200, blank=True, default="")
    basis = models.TextField(blank=True, default="")
    duties = models.TextField(blank=True, default="")
    office_name = models.CharField(max_length=120, blank=True, default="")
    office_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="group_offices")
    office_duties = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("kind", "founded_on", "id")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A seat in a group, both days included: of a person of the directory, or of a name that never signs in."""

    sealed_as: ClassVar[str] = "membership"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "group_id", "person_id", "name", "title", "seat", "position", "starts_on", "ends_on",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("name", "title")

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="memberships")
    name = models.CharField(max_length=64)
    title = models.CharField(max_length=120, blank=True, default="")
    seat = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """A day of an organisation's own calendar: worked though a week-end, or free though not; it goes before the
    common days.
    """

    sealed_as: ClassVar[str] = "calendar-day"
    sealed_fields: ClassVar[tuple[str, ...]] = ("organisation_id", "day", "works", "name", "source")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    organisation = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calendar_days")
    day = models.DateField()
    works = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("organisation", "day"), name="calendar_day_once"),)

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class DeadlineRule(models.Model):
    """An organisation's own number of days or months for a deadline, in place of the one that is shipped."""

    sealed_as: ClassVar[str] = "deadline-rule"
    sealed_fields: ClassVar[tuple[str, ...]] = ("organisation_id", "code", "number", "measure", "source")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    organisation = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="deadline_rules")
    code = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    measure = models.CharField(max_length=16)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("organisation", "code"), name="deadline_rule_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.number} {self.measure}"


class Token(models.Model):
    """A personal token for the API: it may what its owner may. Only the SHA-256 of the secret is kept."""

    sealed_as: ClassVar[str] = "token"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "user_id", "name", "prefix", "created_at", "expires_on", "revoked_at",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("name",)

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    prefix = models.CharField(max_length=12)
    created_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.prefix


class OneTimeCode(models.Model):
    """A code used once in place of a password: first account, new person, reset, lost phone. Hash only."""

    sealed_as: ClassVar[str] = "code"
    sealed_fields: ClassVar[tuple[str, ...]] = ("user_id", "purpose", "created_at", "expires_at", "used_at")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="codes")
    purpose = models.CharField(max_length=16)
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.purpose


class SessionRecord(models.Model):
    """A session that its owner can see and end; only the SHA-256 of the session's key is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    key_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ("-last_seen_at",)

    def __str__(self) -> str:
        return self.device


class PastPassword(models.Model):
    """The hash of a password used before, kept so that it is not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.set_at)
