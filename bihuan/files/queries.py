"""Reading kept bytes. Who may read them is decided by the door of the object that the file belongs to."""

from collections.abc import Collection, Iterator, Mapping

from django.db.models import QuerySet
from django.http import FileResponse

from bihuan.core.refusal import NotVisible
from bihuan.files.models import Examination, StoredFile, Upload
from bihuan.files.store import path_of


def bytes_of(file: StoredFile) -> bytes:
    """Return the whole content; for documents within the reading limit only.

    :raises NotVisible: when the bytes are gone from the store.
    """
    try:
        return path_of(file.sha256).read_bytes()
    except OSError as error:
        raise NotVisible("files.gone") from error


def response(file: StoredFile, *, name: str) -> FileResponse:
    """Answer with the content as a download, never shown inline, so that nothing in it can act as a page.

    :raises NotVisible: when the bytes are gone from the store.
    """
    try:
        handle = path_of(file.sha256).open("rb")
    except OSError as error:
        raise NotVisible("files.gone") from error
    answer = FileResponse(handle, as_attachment=True, filename=name, content_type="application/octet-stream")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def pieces_of(file: StoredFile) -> Iterator[bytes]:
    """Yield the content piece by piece.

    :raises NotVisible: when the bytes are gone from the store.
    """
    try:
        with path_of(file.sha256).open("rb") as handle:
            while piece := handle.read(1 << 20):
                yield piece
    except OSError as error:
        raise NotVisible("files.gone") from error


def uploads_of(user_id: int, purpose: str) -> QuerySet[Upload]:
    """Return the uploads of a person for one purpose, in the order in which they were announced."""
    return Upload.objects.filter(owner_id=user_id, purpose=purpose).order_by("pk")


def upload_for(user_id: int, upload_id: int) -> Upload:
    """Return an upload of this person.

    :raises NotVisible: when it is another's, or gone.
    """
    found = Upload.objects.filter(pk=upload_id, owner_id=user_id).first()
    if found is None:
        raise NotVisible("files.upload-gone")
    return found


def examinations_of(hashes: Collection[str]) -> Mapping[str, Examination]:
    """Return what was seen of each content. One query."""
    return {one.sha256: one for one in Examination.objects.filter(sha256__in=hashes)}
