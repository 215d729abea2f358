"""Reading kept bytes. Who may read them is decided by the door of the object that the file belongs to."""

from django.http import FileResponse

from bihuan.core.refusal import NotVisible
from bihuan.files.models import StoredFile
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
