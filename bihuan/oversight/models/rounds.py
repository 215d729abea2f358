"""Rounds of supervision (督查): the frozen list, its draws, and what two persons found of each item."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Round(models.Model):
    """A round over the tasks of an inspection; `kind` and `state` as of core.rounds.

    `digest` is that of the frozen list (core.sampling.list_text), which is told before anybody knows the seed.
    `agreed` is the text agreed in public, `seed` the one that binds it to the list. `drawn` counts the draws.
    """

    sealed_as: ClassVar[str] = "round"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "organisation_id", "inspection_id", "number", "kind", "title", "starts_on", "ends_on", "questions", "strata",
        "weights", "state", "digest", "items", "size", "agreed", "seed", "drawn", "made_by_id", "conclusion",
        "reported_on", "withdrawn",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("title", "conclusion")

    organisation = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    inspection = models.ForeignKey("findings.Inspection", on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    questions = models.JSONField(default=list)
    strata = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="preparing")
    digest = models.CharField(max_length=64, blank=True, default="")
    items = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    agreed = models.CharField(max_length=130, blank=True, default="")
    seed = models.CharField(max_length=200, blank=True, default="")
    drawn = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    conclusion = models.TextField(blank=True, default="")
    reported_on = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inspection", "number"], name="round_number"),
            models.CheckConstraint(
                condition=Q(state="preparing", digest="") | (~Q(state="preparing") & ~Q(digest="")),
                name="round_frozen_has_digest",
            ),
            models.CheckConstraint(condition=Q(seed="") | ~Q(digest=""), name="round_list_before_seed"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "withdrawn", "-starts_on"], name="round_list"),
        ]

    def __str__(self) -> str:
        return self.title


class RoundItem(models.Model):
    """A row of the frozen list: the task under its id in the list, its strata, and its ticket once drawn.

    `closure` is the attempt that closed the task, where closed items are looked at again.
    """

    sealed_as: ClassVar[str] = "round_item"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "round_id", "task_id", "label", "unit_id", "unit_name", "risk", "state", "closure_id", "ticket", "rank",
        "chosen",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="listed", db_index=False)
    task = models.ForeignKey("findings.Task", on_delete=models.PROTECT, related_name="round_items")
    label = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    unit = models.ForeignKey("orgs.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=200, blank=True, default="")
    risk = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    closure = models.ForeignKey("findings.Closure", null=True, on_delete=models.PROTECT, related_name="+")
    ticket = models.CharField(max_length=64, blank=True, default="")
    rank = models.PositiveIntegerField(default=0)
    chosen = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "task"], name="round_item_task"),
            models.UniqueConstraint(fields=["round", "label"], name="round_item_label"),
        ]
        indexes: ClassVar = [models.Index(fields=["round", "chosen", "position"], name="round_item_order")]

    def __str__(self) -> str:
        return self.label


class RoundDraw(models.Model):
    """One draw, kept for ever: the seed, the ids that it drew, and why it was drawn once more."""

    sealed_as: ClassVar[str] = "round_draw"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "round_id", "number", "agreed", "seed", "size", "labels", "reason", "by_id", "at",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("reason",)

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField()
    agreed = models.CharField(max_length=130)
    seed = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    labels = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True, default="")
    by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="round_draw_number")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"


class RoundCheck(models.Model):
    """What two persons found of an item. It stands when both have confirmed it; corrected by a new row, never changed.

    `captured_at`: when it was seen; `received_at`: when it came in. `made_return` and `reopening` are what followed.
    """

    sealed_as: ClassVar[str] = "round_check"
    sealed_fields: ClassVar[tuple[str, ...]] = (
        "item_id", "current", "result", "reason", "note", "answers", "place", "captured_at", "received_at", "via",
        "first_id", "second_id", "first_at", "second_at", "recorded_by_id", "correction", "file_id", "file_name",
        "made_return_id", "reopening_id",
    )  # fmt: skip
    veiled_fields: ClassVar[tuple[str, ...]] = ("note", "place", "correction", "file_name")

    item = models.ForeignKey(RoundItem, on_delete=models.PROTECT, related_name="checks")
    current = models.BooleanField(default=True)
    result = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True, default="")
    note = models.TextField(blank=True, default="")
    answers = models.JSONField(default=dict)
    place = models.CharField(max_length=200, blank=True, default="")
    captured_at = models.DateTimeField()
    received_at = models.DateTimeField()
    via = models.CharField(max_length=10)
    first = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    second_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey("orgs.User", on_delete=models.PROTECT, related_name="+")
    correction = models.CharField(max_length=500, blank=True, default="")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200, blank=True, default="")
    made_return = models.ForeignKey(
        "findings.ClosureReturn", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reopening = models.ForeignKey("findings.Reopening", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item"], condition=Q(current=True), name="round_check_current"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="round_check_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.result}"
