"""Chinese search without guessing words: a text becomes overlapping pairs of characters, a query a phrase of pairs.

text ─grams→ tokens in order; a hit of the phrase is exactly an occurrence of the query in the text

>>> grams("整改情况")
['整改', '改情', '情况', '况']
>>> phrases("整改 PM2.5")
[['整改'], ['pm2'], ['5']]
"""

import unicodedata
from collections.abc import Iterator

BREAK = "␞"  # stands between runs, so that no phrase reaches across them


def grams(text: str) -> list[str]:
    """Return the tokens to index: pairs inside each Chinese run, words elsewhere, BREAK between runs."""
    tokens: list[str] = []
    for run in _runs(text):
        if tokens:
            tokens.append(BREAK)
        if _is_wide(run[0]):
            tokens.extend(run[i : i + 2] for i in range(len(run)))
        else:
            tokens.append(run)
    return tokens


def phrases(query: str) -> list[list[str]]:
    """Return what a text must hold: a list of phrases, each a list of consecutive tokens (a single character: one token
    to be matched as a prefix)."""
    found = []
    for run in _runs(query):
        if _is_wide(run[0]) and len(run) > 1:
            found.append([run[i : i + 2] for i in range(len(run) - 1)])
        else:
            found.append([run])
    return found


def _is_wide(character: str) -> bool:
    return character > "\u2e7f"


def _runs(text: str) -> Iterator[str]:
    """Yield runs of letters, digits or Chinese characters of the folded text (width and case folded)."""
    run: list[str] = []
    for character in unicodedata.normalize("NFKC", text).lower():
        if not character.isalnum():
            if run:
                yield "".join(run)
            run = []
            continue
        if run and _is_wide(run[-1]) != _is_wide(character):
            yield "".join(run)
            run = []
        run.append(character)
    if run:
        yield "".join(run)
