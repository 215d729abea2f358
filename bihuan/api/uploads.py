"""Files on their way in: announced together, sent in pieces, resumed where the server says that it stopped.

POST /uploads ─id, offset→ PATCH /uploads/{id} with the bytes at `Upload-Offset` … → done; another act takes them
"""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from bihuan.api import answers, asking, refusing
from bihuan.api.auth import caller
from bihuan.api.bodies import LARGEST, Body, Line60, Line64
from bihuan.api.describing import parameters
from bihuan.files.actions import MOST_AT_ONCE, Announced, drop_upload, open_uploads, send_chunk
from bihuan.files.models import Upload
from bihuan.files.parts import received
from bihuan.files.queries import upload_for, uploads_of
from bihuan.files.store import FileRefused

router = Router(tags=["uploads"])
MOST_FILES = 500
_PIECE = 1 << 16


class UploadFile(Body):
    """A file about to be sent. `mark` is what the sender knows of its content, so that it is known again."""

    name: str = Field(min_length=1, max_length=1000)
    size: int = Field(strict=True, ge=0, le=LARGEST)
    folder: str = Field("", max_length=1000)
    mark: Line64 = ""


class UploadFiles(Body):
    """Up to 500 files for one purpose, as ``task:12``."""

    purpose: Line60 = ""
    files: list[UploadFile] = Field(min_length=1, max_length=MOST_FILES)


@router.get("/uploads", openapi_extra=parameters("purpose"))
def list_uploads(request: HttpRequest) -> HttpResponse:
    """List the caller's uploads that nothing has taken yet, with how much of each has arrived."""
    by = caller(request)
    params = asking.asked(request, ("purpose",))
    rows = uploads_of(by.user.pk, params.get("purpose", ""))
    return answers.json({"chunk": MOST_AT_ONCE, "rows": [_told(one) for one in rows]})


@router.post("/uploads")
def announce_uploads(request: HttpRequest, body: UploadFiles) -> HttpResponse:
    """Announce files; each answers with its id and offset, or with why it will not be taken.

    A file that was announced before (same purpose, folder, name, size and `mark`) leads to what is there of it.
    """
    by = caller(request)
    files = [Announced(one.name, one.size, one.folder, one.mark) for one in body.files]
    found = open_uploads(files, purpose=body.purpose, actor=by.actor)
    rows = [_refused(one) if isinstance(one, FileRefused) else _told(one) for one in found]
    return answers.json({"chunk": MOST_AT_ONCE, "rows": rows}, status=201)


@router.get("/uploads/{int:upload_id}")
def get_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Tell how much of an upload has arrived."""
    return answers.json(_told(upload_for(caller(request).user.pk, upload_id)))


@router.patch("/uploads/{int:upload_id}")
def send_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Append the bytes of the request (at most 8 MB) at the header `Upload-Offset`.

    409 with the true `offset` when the part does not end there. With the last byte the file is examined: what is
    refused is gone, and the refusal says why.
    """
    by = caller(request)
    upload = upload_for(by.user.pk, upload_id)
    said = request.headers.get("Upload-Offset", "")
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise FileRefused("files.upload-header")
    send_chunk(upload, _pieces(request), offset=int(said), actor=by.actor)
    return answers.json(_told(upload))


@router.delete("/uploads/{int:upload_id}")
def give_up_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Give an upload up; nothing of it stays."""
    by = caller(request)
    drop_upload(upload_for(by.user.pk, upload_id), actor=by.actor)
    return answers.json({"dropped": upload_id})


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it arrives.

    :raises FileRefused: ``files.chunk-too-large`` before reading when the request says how large it is.
    """
    if int(request.headers.get("Content-Length") or 0) > MOST_AT_ONCE:
        raise FileRefused("files.chunk-too-large", limit_mb=MOST_AT_ONCE // (1 << 20))
    while piece := request.read(_PIECE):
        yield piece


def _told(one: Upload) -> dict[str, Any]:
    return {
        "id": one.pk, "name": one.name, "folder": one.folder, "size": one.size, "purpose": one.purpose,
        "offset": one.size if one.sha256 else received(one.token), "done": bool(one.sha256),
        "sha256": one.sha256 or None, "kind": one.kind or None,
    }  # fmt: skip


def _refused(refusal: FileRefused) -> dict[str, Any]:
    return {"refused": refusing.body_of(refusal.code, refusal.params)}
