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
