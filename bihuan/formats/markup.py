"""Parse XML that came from outside: no document type, no entities, no network, bounded depth.

bytes of a part ─parse→ lxml root
"""

from typing import Any

from lxml import etree

from bihuan.core.source import UnreadableFile
from bihuan.formats import limits

Element = Any  # lxml has no complete types; everything that leaves this package is typed

_DOCTYPES = tuple(b"<!DOCTYPE".decode().encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_ENTITIES = tuple(b"<!ENTITY".decode().encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))


def _parser() -> etree.XMLParser:
    """Return a new parser: one that met an error is not used again."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def check(data: bytes, *, part: str) -> None:
    """Refuse a part that declares a document type or an entity: Office never writes one.

    :raises UnreadableFile: formats.doctype
    """
    if any(mark in data for mark in _DOCTYPES + _ENTITIES):
        raise UnreadableFile("formats.doctype", part=part)


def parse(data: bytes, *, part: str) -> Element:
    """Return the root element of one part.

    :raises UnreadableFile: formats.doctype, formats.part-too-large, formats.broken-xml
    """
    check(data, part=part)
    if len(data) > limits.XML_PART_BYTES:
        raise UnreadableFile(
            "formats.part-too-large", part=part, limit=limits.XML_PART_BYTES // limits.MEGABYTE
        )
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile("formats.broken-xml", part=part) from error
    if root is None:
        raise UnreadableFile("formats.broken-xml", part=part)
    return root
