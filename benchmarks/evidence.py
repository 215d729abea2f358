"""Evidence to measure: 200 files of one task, a tenth of them near-identical reports, and what is asked of them."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date

from django.db import transaction

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.evidence.likeness import bands, sketch
from bihuan.files.models import Examination, LikenessKey, StoredFile
from bihuan.files.store import keep
from bihuan.findings.models import Evidence, Task

FILES = 200
KILOBYTES = 100


def texts() -> Iterator[str]:
    """Give a report for each file; every tenth is the one before it with other numbers."""
    chance, last = random.Random(7), ""
    for number in range(FILES):
        if number % 10:
            last = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(1500))
        yield f"第{number}号 {last or '报告' * 300}"


@transaction.atomic
def fill(task: Task, *, actor: Actor) -> None:
    """Give the task 200 pieces whose bytes lie in the store, sealed."""
    rows = []
    for number, text in enumerate(texts()):
        content = text.encode().ljust(KILOBYTES * 1024, b"\n")
        kept = keep([content], limit=len(content))
        assert kept.sha256 == hashlib.sha256(content).hexdigest()
        file = StoredFile.objects.create(sha256=kept.sha256, size=kept.size, type="txt", created_at=actor.at)
        marks = sketch(text)
        seen = Examination.objects.create(
            sha256=kept.sha256, kind="txt", scan="none", readable=True, sketch=marks, at=actor.at
        )
        LikenessKey.objects.bulk_create(LikenessKey(examination=seen, key=key) for key in bands(marks or ()))
        rows.append(
            Evidence(
                organisation_id=task.organisation_id, task=task, file=file, name=f"第{number}号整改情况报告.txt",
                kind="document", proves="result", dated_on=date(2026, 9, 1), position=number + 1,
                unit_id=task.unit_id, uploaded_at=actor.at,
            )
        )  # fmt: skip
    Evidence.objects.bulk_create(rows)
    record(actor=actor, action="benchmark.seed", created=rows)
