"""The sealed record: canonical bytes of an event, the chain, commitments of text, the RFC 6962 tree over the leaves.

values ─canonical→ bytes ─leaf→ 32-byte hash; commitment(salt, field, value) stands for text that may have to be erased

>>> leaf(b"") == __import__("hashlib").sha256(bytes([0])).digest()
True
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

Value = None | bool | int | str | Sequence["Value"] | Mapping[str, "Value"]
FIRST_PREVIOUS = "0" * 64
PLAIN = frozenset((str, int, bool))


def canonical(values: Mapping[str, Value]) -> bytes:
    """Return the one byte form of `values`: JSON with sorted keys, UTF-8, no blanks, no floats.

    :raises TypeError: for a float or any type that JSON does not know.
    """
    _refuse_floats(values)
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _refuse_floats(value: object) -> None:
    if value is None or type(value) in PLAIN:  # nearly all values, and asking for a Mapping is slow
        return
    if isinstance(value, float):
        raise TypeError("a float has no canonical form")
    if isinstance(value, Mapping):
        for part in value.values():
            _refuse_floats(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            _refuse_floats(part)


def commitment(salt: str, field: str, value: Value) -> str:
    """Return the hash that stands for `value` in a sealed event; with the salt destroyed it says nothing."""
    return hashlib.sha256(
        f"{salt}\x00{field}\x00".encode() + json.dumps(value, ensure_ascii=False).encode()
    ).hexdigest()


def leaf(body: bytes) -> bytes:
    """Return the leaf hash of an event's bytes. Source: RFC 6962 §2.1."""
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node. Source: RFC 6962 §2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the tree's root over `leaves` in order; memory is the tree's height, not its size.

    Source: RFC 6962 §2.1; the root of no leaves is the hash of nothing.
    """
    peaks: list[tuple[int, bytes]] = []
    for one in leaves:
        size, top = 1, one
        while peaks and peaks[-1][0] == size:
            top = node(peaks.pop()[1], top)
            size *= 2
        peaks.append((size, top))
    if not peaks:
        return hashlib.sha256(b"").digest()
    total = peaks.pop()[1]
    while peaks:
        total = node(peaks.pop()[1], total)
    return total
