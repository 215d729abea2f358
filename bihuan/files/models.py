"""Bytes kept by their hash: one row a content, whatever names it was uploaded under."""

from typing import ClassVar

from django.db import models


class StoredFile(models.Model):
    """One content. The bytes lie under BIHUAN_FILES at `sha256`; `type` was judged by content."""

    sealed_as: ClassVar[str] = "file"
    sealed_fields: ClassVar[tuple[str, ...]] = ("sha256", "size", "type")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    type = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Keeping(models.Model):
    """One backup made or restored: the archive's digest and the point of the record that it holds."""

    sealed_as: ClassVar[str] = "keeping"
    sealed_fields: ClassVar[tuple[str, ...]] = ("kind", "digest", "seq", "head", "at")
    veiled_fields: ClassVar[tuple[str, ...]] = ()

    kind = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    head = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class Upload(models.Model):
    """A file on its way in, of one person; gone when something takes it, when it is refused, or after some days.

    Not sealed: nothing rests on it yet. How much has arrived is told by the part on disk, not here. `mark` tells the
    same file chosen again: purpose, folder, name, size and what the browser knows of its content. `sha256` is empty
    until it is whole and was examined.
    """

    owner_id = models.BigIntegerField()
    purpose = models.CharField(max_length=60, blank=True, default="")
    token = models.CharField(max_length=32, unique=True)
    mark = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    folder = models.CharField(max_length=300, blank=True, default="")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=20, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner_id", "mark"], name="upload_once")]
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "purpose", "id"], name="upload_of_owner"),
            models.Index(fields=["sha256"], name="upload_content"),
        ]

    def __str__(self) -> str:
        return self.name


class Examination(models.Model):
    """What was seen of a content when it came in; follows from the bytes, so it is not sealed.

    `scan`: clean, or none when no scanner looked. `readable`: words were found. `sketch`: see core.evidence.likeness.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    scan = models.CharField(max_length=10)
    taken_on = models.DateField(null=True)
    has_place = models.BooleanField(default=False)
    readable = models.BooleanField(default=False)
    sketch = models.JSONField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class LikenessKey(models.Model):
    """A key of a sketch: contents that share one are compared."""

    examination = models.ForeignKey(Examination, on_delete=models.CASCADE, related_name="keys")
    key = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return str(self.key)
