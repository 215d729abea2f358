"""The name of a file as it may be kept: what was given, less what would deceive or lead elsewhere.

given name ─plain_name→ one line without folders, control characters and marks that turn the writing round
"""

import unicodedata

LONGEST = 200
LONGEST_FOLDER = 300
#: Names that mean a device to one kind of computer, whatever their ending.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_NOT_ON_DISK = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))


def plain_name(name: str, *, longest: int = LONGEST) -> str:
    """Return the bare name, shortened before its ending.

    What cannot be seen goes, so that the ending that is seen is the real one.

    >>> plain_name("..\\\\..\\\\台账\\u202efdp.exe")
    '台账fdp.exe'
    """
    bare = _seen(name.replace("\\", "/").rpartition("/")[2]).strip(" .") or "未命名"
    stem, dot, ending = bare.rpartition(".")
    if len(bare) <= longest:
        return bare
    return f"{stem[: longest - len(ending) - 1]}.{ending}" if dot and len(ending) <= 10 else bare[:longest]


def plain_folder(path: str) -> str:
    """Return where a file lay in the chosen folder, as words only: no way up, no drive, no unseen characters.

    >>> plain_folder("15号问题/../照片/a.jpg")
    '15号问题/照片'
    """
    parts = [_seen(part).strip(" .") for part in path.replace("\\", "/").split("/")[:-1]]
    return "/".join(part for part in parts if part and not part.endswith(":"))[:LONGEST_FOLDER]


def disk_name(name: str, *, longest: int = 80) -> str:
    """Return a name that every kind of disk can hold: for files that we give out.

    >>> disk_name("会议纪要：9月?.pdf")
    '会议纪要：9月_.pdf'
    """
    kept = plain_name(name.translate(_NOT_ON_DISK), longest=longest)
    return f"_{kept}" if kept.partition(".")[0].lower() in _DEVICES else kept


def _seen(text: str) -> str:
    """Return the characters that are seen: no controls, no marks of direction, no halves of characters."""
    kept = (
        one for one in text if unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))
