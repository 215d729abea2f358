"""Who was held to account, as counts: the forms as data, what is refused, and the sum by form. Never a name.

The four forms (监督执纪“四种形态”): 中国共产党党内监督条例 (2016) article 7; the others are the words that notices use
beside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bihuan.core.access import LEADING_GROUP, OFFICE, SUPERIOR, SUPERVISION
from bihuan.core.register import FieldFault, text_faults

#: The form → whether it counts towards the four forms. Words: accountability.form-<code>.
FORMS: Mapping[str, bool] = MappingProxyType(
    {
        "first": True,
        "second": True,
        "third": True,
        "fourth": True,
        "criminal": False,
        "case": False,
        "organisational": False,
        "talk": False,
    }
)
#: Who may read it at all; everybody else is told that there is none.
READERS = frozenset({OFFICE, LEADING_GROUP, SUPERVISION, SUPERIOR})
MOST_PERSONS, MOST_FEN = 100_000, 10**15
#: A name in the directory shorter than this is too common a word to be looked for.
SHORTEST_NAME = 2
_YUAN = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as far as the sum needs it; `recovered` in fen."""

    form: str
    persons: int
    recovered: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Persons by form, the four forms together, and money recovered in fen."""

    persons: Mapping[str, int]
    four_forms: int
    recovered: int

    @property
    def yuan(self) -> str:
        """Return the money in yuan with two decimals."""
        return yuan(self.recovered)


def summary(rows: Iterable[Row]) -> Summary:
    """Return the sum by form, in the order of `FORMS`; forms without an entry are left out.

    >>> summary([Row("first", 3, 0), Row("talk", 2, 150_00)])
    Summary(persons={'first': 3, 'talk': 2}, four_forms=3, recovered=15000)
    """
    found: dict[str, int] = {}
    recovered = 0
    for row in rows:
        found[row.form] = found.get(row.form, 0) + row.persons
        recovered += row.recovered
    persons = {form: found[form] for form in FORMS if form in found}
    return Summary(persons, sum(persons.get(form, 0) for form, four in FORMS.items() if four), recovered)


def fen(text: str) -> int | None:
    """Return an amount of yuan in fen, None when it is not one; no rounding.

    >>> fen("1,234.5"), fen(""), fen("12.345"), fen("-1")
    (123450, 0, None, None)
    """
    if not text.strip():
        return 0
    found = _YUAN.fullmatch(text.strip())
    return (
        None if found is None else int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))
    )


def yuan(value: int) -> str:
    """Return an amount in fen as yuan.

    >>> yuan(123450)
    '1234.50'
    """
    return f"{value // 100}.{value % 100:02d}"


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return which names stand in a text, blanks between characters or not.

    >>> names_in("对贺 明渠诫勉谈话", ["贺明渠", "陆遥"])
    ['贺明渠']
    """
    packed = re.sub(r"\s+", "", text)
    return [name for name in names if len(name) >= SHORTEST_NAME and re.sub(r"\s+", "", name) in packed]


def faults(values: Mapping[str, object], names: Iterable[str]) -> list[FieldFault]:
    """Return every fault of an entry's values, as far as they are given."""
    found = list(text_faults(values, required=[name for name in ("form", "decided_on") if name in values]))
    if (form := values.get("form")) and form not in FORMS:
        found.append(FieldFault("form", "accountability.unknown-form", {"value": str(form)[:30]}))
    for field, most in (("persons", MOST_PERSONS), ("recovered", MOST_FEN)):
        value = values.get(field, 0)
        if not isinstance(value, int) or not 0 <= value <= most:
            found.append(FieldFault(field, f"accountability.{field}-range", {"most": most}))
    if not found and values.get("persons") == 0 and values.get("recovered") == 0:
        found.append(FieldFault("persons", "accountability.nothing"))
    known = list(names)
    for field in ("manner", "basis"):
        if named := names_in(str(values.get(field) or ""), known):
            found.append(FieldFault(field, "accountability.name", {"count": len(named)}))
    return found
