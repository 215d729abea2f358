"""Read old and other office formats (doc, wps, rtf, odt, ods) by LibreOffice, when it is installed.

bytes ─soffice in a profile of its own→ docx or xlsx ─the reader of that format→ Source
"""

import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path, PurePath

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import docx, limits, xlsx

# No macros, no links followed, and a proxy that leads nowhere for whatever would still ask the network.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "2"),
    ("Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def read_text_document(name: str, data: bytes) -> Source:
    """Return the lines of a doc, wps, rtf or odt file.

    :raises UnreadableFile: formats.needs-libreoffice, formats.conversion-timeout,
        formats.conversion-failed, and those of `docx.read`
    """
    return dataclasses.replace(docx.read(name, convert(name, data, target="docx")), name=name)


def read_workbook(name: str, data: bytes) -> Source:
    """Return the rows of an ods file.

    :raises UnreadableFile: as `read_text_document`, and those of `xlsx.read`
    """
    return dataclasses.replace(xlsx.read(name, convert(name, data, target="xlsx")), name=name)


def convert(name: str, data: bytes, *, target: str) -> bytes:
    """Return the file converted to `target` (docx or xlsx) by a LibreOffice of its own.

    :raises UnreadableFile: formats.needs-libreoffice, formats.conversion-timeout, formats.conversion-failed
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    suffix = PurePath(name).suffix.lower() or ".doc"
    if program is None:
        raise UnreadableFile("formats.needs-libreoffice", suffix=suffix, target="." + target)
    with tempfile.TemporaryDirectory(prefix="bihuan-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        # A name of our own: the file's name might read as an option.
        source = home / f"source{suffix}"
        source.write_bytes(data)
        _write_profile(home / "profile")
        _run(program, source, home, target)
        result = home / f"source.{target}"
        if not result.exists() or result.stat().st_size == 0:
            raise UnreadableFile("formats.conversion-failed", suffix=suffix, target="." + target)
        if result.stat().st_size > limits.FILE_BYTES:
            raise UnreadableFile("formats.inflates-too-much", limit=limits.FILE_BYTES // limits.MEGABYTE)
        return result.read_bytes()


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{key}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>\n".replace("Office.Inet", "Inet")
        for path, key, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        _PROFILE.format(items=items), encoding="utf-8"
    )


def _run(program: str, source: Path, home: Path, target: str) -> None:
    """Run the conversion and end its whole process group when it takes too long."""
    command = [
        program, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        "--nofirststartwizard", f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--convert-to", target, "--outdir", str(home), str(source),
    ]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8", "TMPDIR": str(home),
        "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
    }  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - fixed program, names of our own
        command, env=environment, cwd=home, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(timeout=limits.OFFICE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("formats.conversion-timeout", seconds=limits.OFFICE_SECONDS) from error
    finally:
        # The wrapper may be gone while the program that it started still runs.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
