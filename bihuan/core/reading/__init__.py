"""Read a document: what it is, what it declares, what it lists, and what nobody understood.

Source ─rows→ ─frame→ ─outline→ ─opening, tally, items, closing→ Document        (one pass each, linear in length)
"""

from bihuan.core.reading.document import Document
from bihuan.core.reading.jsonform import asdict
from bihuan.core.reading.stages import assemble, survey
from bihuan.core.source import Source

__all__ = ["asdict", "read"]


def read(source: Source) -> Document:
    """Read any text without failing; what is not said stays None, what is damaged gives a warning."""
    return assemble(survey(source))
