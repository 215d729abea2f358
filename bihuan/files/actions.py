"""Taking a file in: the bytes first, then the row, sealed.

at once: chunks ─store_file→ StoredFile
in pieces: announced ─open_uploads→ Upload ─send_chunk…→ whole ─examine→ kept by hash ─take_uploads→ StoredFile
"""

import hashlib
import itertools
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, Sum

from bihuan.audit.actions import record
from bihuan.audit.actor import Actor
from bihuan.core.evidence.likeness import bands
from bihuan.core.evidence.naming import plain_folder, plain_name
from bihuan.core.refusal import NotAllowed, NotVisible, Refused
from bihuan.files.examining import Examined, examine
from bihuan.files.models import Examination, LikenessKey, StoredFile, Upload
from bihuan.files.parts import append, drop, held, part_of, seal
from bihuan.files.store import FileRefused, keep, leftovers, path_of
from bihuan.formats.admission import SUFFIXES
from bihuan.formats.limits import MEGABYTE

LIMIT = 50 * MEGABYTE
#: One request carries no more of a file than this.
MOST_AT_ONCE = 8 * MEGABYTE
SWEPT_TOGETHER = 500
#: One person's uploads that nothing has taken yet; several folders of 5,000 fit.
MOST_OPEN = 20_000


@transaction.atomic
def store_file(chunks: Iterable[bytes], *, actor: Actor, type_: str, limit: int = LIMIT) -> StoredFile:
    """Keep the bytes and return their row; the same content gives the same row and no second event.

    :raises FileRefused: see `store.keep`.
    """
    kept = keep(chunks, limit=limit)
    row, fresh = StoredFile.objects.get_or_create(
        sha256=kept.sha256, defaults={"size": kept.size, "type": type_, "created_at": actor.at}
    )
    if fresh:
        record(actor=actor, action="file.store", created=[row])
    return row


def forget_unless_kept(data: bytes) -> None:
    """Remove the bytes of a file whose transaction was rolled back; what the register names stays."""
    sha256 = hashlib.sha256(data).hexdigest()
    if not StoredFile.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)


def sweep(*, older_than: float) -> int:
    """Remove what uploads and refused imports left before `older_than` (seconds since 1970): half files, and contents
    that no row names. Returns how many. Not sealed: nothing of the register is touched."""
    removed = 0
    found = leftovers(older_than=older_than)
    while batch := list(itertools.islice(found, SWEPT_TOGETHER)):
        names = {path.name for path in batch}
        # Uploads before stored files: what is taken meanwhile goes from the one to the other.
        waiting = Upload.objects.filter(Q(token__in=names) | Q(sha256__in=names))
        needed = {name for pair in waiting.values_list("token", "sha256") for name in pair}
        needed |= set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for path in batch:
            if path.name not in needed:
                _remove(path)
                removed += 1
        Examination.objects.filter(sha256__in=names - needed).delete()
    return removed


def _remove(path: Path) -> None:
    """Remove a file, or the folder in which an archive was looked into when its process was killed."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that a browser or program is about to send. `mark`: what it knows of the content, in its own words."""

    name: str
    size: int
    folder: str = ""
    mark: str = ""


def open_uploads(files: Sequence[Announced], *, purpose: str, actor: Actor) -> list[Upload | FileRefused]:
    """Make room for the files, in their order; a file announced before leads to its upload as it stands.

    A file that cannot be taken has its refusal in its place; nothing is recorded, for nothing rests on an upload.
    Four queries, whatever the number.
    """
    marks = [_mark(one, purpose) for one in files]
    there = {one.mark: one for one in Upload.objects.filter(owner_id=_owner(actor), mark__in=marks)}
    room = _room(actor)
    made: dict[str, Upload | FileRefused] = {}
    for one, mark in zip(files, marks, strict=True):
        if mark in there or mark in made:
            continue
        refusal = _refusal(one, room)
        made[mark] = refusal or Upload(
            owner_id=_owner(actor), purpose=purpose, token=secrets.token_hex(16), mark=mark,
            name=plain_name(one.name), folder=plain_folder(f"{one.folder}/"), size=one.size, created_at=actor.at,
        )  # fmt: skip
        room -= 0 if refusal else one.size
    fresh = [one for one in made.values() if isinstance(one, Upload)]
    Upload.objects.bulk_create(fresh, ignore_conflicts=True)
    found = {one.mark: one for one in Upload.objects.filter(owner_id=_owner(actor), mark__in=marks)}
    return [found.get(mark) or made[mark] for mark in marks]


def send_chunk(upload: Upload, chunks: Iterable[bytes], *, offset: int, actor: Actor) -> int:
    """Append a chunk; with the last byte the file is examined and kept. Returns how many bytes are there.

    :raises OffsetRefused: when it does not begin where the part ends, with the true offset.
    :raises FileRefused: when it is not taken; then nothing of it is left.
    """
    if upload.sha256:
        return upload.size
    there = append(upload.token, _within(chunks), offset=offset, size=upload.size)
    if there == upload.size:
        _finish(upload, actor=actor)
    return there


def receive_whole(chunks: Iterable[bytes], *, name: str, size: int, purpose: str, actor: Actor) -> Upload:
    """Take a file in at once, as a form sends it; it is then an upload that is whole.

    :raises FileRefused: when it is not taken; then nothing of it is left.
    """
    announced = Announced(name, size, mark=secrets.token_hex(8))
    (upload,) = open_uploads([announced], purpose=purpose, actor=actor)
    if isinstance(upload, FileRefused):
        raise upload
    try:
        there = append(upload.token, chunks, offset=0, size=size)
        if there != size:
            raise FileRefused("files.cut-off")
        _finish(upload, actor=actor)
    except Refused:
        drop_upload(upload, actor=actor)
        raise
    return upload


def drop_upload(upload: Upload, *, actor: Actor) -> None:
    """Give an upload up: its row and what had arrived of it. A content that was whole goes with the next sweep."""
    Upload.objects.filter(pk=upload.pk, owner_id=_owner(actor)).delete()
    drop(upload.token)


@transaction.atomic
def take_uploads(ids: Collection[int], *, purpose: str, actor: Actor) -> list[tuple[Upload, StoredFile]]:
    """Make stored files of whole uploads, in the order of their arrival; their rows as uploads are gone then.

    Call it inside the action that rests on the files. Set-based: six statements, whatever the number.

    :raises NotVisible: ``files.upload-gone`` when one is not there, not whole, or another's.
    """
    wanted = set(ids)
    uploads = list(
        Upload.objects.select_for_update()
        .filter(pk__in=wanted, owner_id=_owner(actor), purpose=purpose)
        .exclude(sha256="")
        .order_by("pk")
    )
    if len(uploads) != len(wanted) or not all(path_of(one.sha256).exists() for one in uploads):
        raise NotVisible("files.upload-gone")
    by_hash = {one.sha256: one for one in uploads}
    known = {one.sha256: one for one in StoredFile.objects.filter(sha256__in=by_hash)}
    fresh = [
        StoredFile(sha256=sha256, size=one.size, type=one.kind, created_at=actor.at)
        for sha256, one in by_hash.items()
        if sha256 not in known
    ]
    StoredFile.objects.bulk_create(fresh)
    record(actor=actor, action="file.store", created=fresh)
    files = known | {one.sha256: one for one in fresh}
    Upload.objects.filter(pk__in=wanted).delete()
    return [(one, files[one.sha256]) for one in uploads]


def sweep_uploads(*, now: datetime) -> int:
    """Remove uploads that nobody took in time, with what had arrived; returns how many. Not sealed, as they are not."""
    late = now - timedelta(days=settings.BIHUAN_UPLOAD_DAYS)
    old = list(Upload.objects.filter(created_at__lt=late).values_list("pk", "token"))
    for _, token in old:
        drop(token)
    Upload.objects.filter(pk__in=[pk for pk, _ in old]).delete()
    return len(old)


def _finish(upload: Upload, *, actor: Actor) -> None:
    """Examine a whole part and move it into the store; a refused one is removed, row and bytes.

    :raises FileRefused: with the reason.
    """
    with held(upload.token):
        upload.refresh_from_db(fields=["sha256"])
        if upload.sha256:
            return
        try:
            seen = examine(part_of(upload.token), upload.name)
            kept = seal(upload.token)
        except FileRefused as refusal:
            if refusal.code != "files.no-room":
                drop_upload(upload, actor=actor)
            raise
        _keep(upload, seen, kept.sha256, actor=actor)


def _keep(upload: Upload, seen: Examined, sha256: str, *, actor: Actor) -> None:
    """Write what was seen of a content, and that the upload is whole."""
    with transaction.atomic():
        row, fresh = Examination.objects.update_or_create(
            sha256=sha256,
            defaults={
                "kind": seen.kind, "scan": seen.scan, "taken_on": seen.taken_on, "has_place": seen.has_place,
                "readable": seen.readable, "sketch": seen.sketch, "at": actor.at,
            },
        )  # fmt: skip
        if fresh and seen.sketch:
            LikenessKey.objects.bulk_create(
                LikenessKey(examination=row, key=key) for key in bands(seen.sketch)
            )
        upload.sha256, upload.kind, upload.finished_at = sha256, seen.kind, actor.at
        upload.save(update_fields=["sha256", "kind", "finished_at"])


def _owner(actor: Actor) -> int:
    """Return whose upload it is.

    :raises NotAllowed: for a hand that is no account.
    """
    if actor.user_id is None:
        raise NotAllowed("files.upload-account")
    return actor.user_id


def _mark(one: Announced, purpose: str) -> str:
    """Return what tells this file of this person from every other that is on its way."""
    parts = (purpose, one.folder, one.name, str(one.size), one.mark)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _room(actor: Actor) -> int:
    """Return how many bytes this person may still announce: own limit, and what the disk must keep free."""
    sums = Upload.objects.aggregate(
        count=Count("pk", filter=Q(owner_id=_owner(actor))),
        own=Sum("size", filter=Q(owner_id=_owner(actor))),
        unsent=Sum("size", filter=Q(sha256="")),
    )
    store = Path(settings.BIHUAN_FILES)
    store.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(store).free - settings.BIHUAN_UPLOAD_FREE_MB * MEGABYTE - (sums["unsent"] or 0)
    own: int = settings.BIHUAN_UPLOAD_OPEN_MB * MEGABYTE - (sums["own"] or 0)
    return min(free, own) if sums["count"] < MOST_OPEN else 0


def _refusal(one: Announced, room: int) -> FileRefused | None:
    """Return why a file will not be taken, as far as its name and size tell."""
    if one.size <= 0:
        return FileRefused("files.empty")
    if one.size > settings.BIHUAN_UPLOAD_FILE_MB * MEGABYTE:
        return FileRefused("files.too-large", limit_mb=settings.BIHUAN_UPLOAD_FILE_MB)
    if PurePath(plain_name(one.name)).suffix.lower() not in SUFFIXES:
        return FileRefused("files.kind", name=plain_name(one.name))
    if one.size > room:
        return FileRefused("files.upload-no-room", limit_mb=settings.BIHUAN_UPLOAD_OPEN_MB)
    return None


def _within(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Hand the chunks on, up to the size of one request.

    :raises FileRefused: ``files.chunk-too-large``
    """
    room = MOST_AT_ONCE
    for chunk in chunks:
        room -= len(chunk)
        if room < 0:
            raise FileRefused("files.chunk-too-large", limit_mb=MOST_AT_ONCE // MEGABYTE)
        yield chunk
