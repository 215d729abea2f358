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
