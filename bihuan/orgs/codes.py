"""Secrets that people type or paste: 120 random bits in letters that are not mistaken for one another."""

import hashlib
import secrets
import unicodedata

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
LENGTH = 24
TOKEN_PREFIX = "bh_"  # noqa: S105 - the visible beginning of every token


def new_code() -> str:
    """Return a fresh code of 120 bits, in groups of four: ``7K4M-92QX-…``."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))


def tidy_code(typed: str) -> str:
    """Return a code as it is hashed, whatever its case, width, spaces and hyphens.

    >>> tidy_code("7k4m 92qx")
    '7K4M92QX'
    """
    folded = unicodedata.normalize("NFKC", typed).upper().translate(MISREAD)
    return "".join(letter for letter in folded if letter in LETTERS)


def tidy_username(text: str) -> str:
    """Return an account's name as it is kept: width folded, small letters, no space around it."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def new_token() -> str:
    """Return a fresh secret for the API: a visible prefix and 120 bits."""
    return TOKEN_PREFIX + secrets.token_hex(15)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret of at least 100 random bits, as it is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()
