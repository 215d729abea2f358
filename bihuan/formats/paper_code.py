"""A square code (QR) for a paper: text ─modules→ its rows of dark and light, ─png→ a picture.

segno makes it: ISO/IEC 18004 in pure Python, without further packages.
"""

import io

import segno

CODE_MM = 26
#: Light modules around the code that the standard asks for.
QUIET = 4


def modules(text: str) -> list[str]:
    """Return the rows of the code, 1 for a dark module; the quiet zone is part of them."""
    return ["".join("1" if dark else "0" for dark in row) for row in _made(text).matrix_iter(border=QUIET)]


def png(text: str) -> bytes:
    """Return the code as a picture of eight dots a module."""
    out = io.BytesIO()
    _made(text).save(out, kind="png", scale=8, border=QUIET)
    return out.getvalue()


def svg(text: str) -> str:
    """Return the code as markup for a page: a path without any style."""
    inline: str = _made(text).svg_inline(scale=4, border=QUIET, omitsize=True)
    return inline


def _made(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
