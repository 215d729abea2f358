"""An official paper as a file: one function for all formats.

Paper ─write_paper(format)→ Written
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bihuan.core.paper import Paper, Written
from bihuan.formats.paper_docx import write_docx
from bihuan.formats.paper_pdf import write_pdf
from bihuan.formats.paper_txt import write_txt

PAPER_FORMATS: Mapping[str, Callable[[Paper], Written]] = MappingProxyType(
    {"docx": write_docx, "pdf": write_pdf, "txt": write_txt}
)


def write_paper(paper: Paper, format: str) -> Written:
    """Write `paper` as docx, pdf or txt; its remarks say what the machine lacks for it.

    :raises UnreadableFile: paper.no-chinese-font, for a PDF on a machine without Chinese fonts.
    """
    return PAPER_FORMATS[format](paper)
