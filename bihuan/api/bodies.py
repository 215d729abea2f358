"""What a request may hold: strict values, every unknown field refused by name, every fault told at once."""

from datetime import date
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

LARGEST = 2**63 - 1
LONGEST = 40_000
#: No NUL character: PostgreSQL cannot keep one.
PRINTABLE = r"^[^\x00]*$"


def _iso_day(value: Any) -> Any:
    """Let only the text of a day pass: a number is not the day that it would be as seconds."""
    if value is None or type(value) is date:
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise PydanticCustomError("date_parsing", "not a day")
    return value


Id = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Revision = Annotated[int, Field(strict=True, ge=1, le=LARGEST)]
Yes = Annotated[bool, Field(strict=True)]
Text = Annotated[str, Field(max_length=LONGEST, pattern=PRINTABLE)]
Line200 = Annotated[str, Field(max_length=200, pattern=PRINTABLE)]
Line64 = Annotated[str, Field(max_length=64, pattern=PRINTABLE)]
Line60 = Annotated[str, Field(max_length=60, pattern=PRINTABLE)]
Word = Annotated[str, Field(max_length=32, pattern=PRINTABLE)]
Day = Annotated[
    date,
    BeforeValidator(_iso_day),
    WithJsonSchema({"type": "string", "format": "date", "description": "2026-06-12"}),
]
#: A date to the day, to the month, or empty; core.register judges it.
Partial = Annotated[str, Field(max_length=10, pattern=PRINTABLE, description="2026-06-12, 2026-06 or empty")]


class Body(Schema):
    """A body of which every field is known."""

    model_config = ConfigDict(extra="forbid")

    def given(self, *but: str) -> dict[str, Any]:
        """Return the values that were sent, and only these."""
        return self.dict(exclude_unset=True, exclude=set(but))


class Reason(Body):
    """Why something is withdrawn, closed or disabled; it stands in the record."""

    reason: Text


class At(Body):
    """The revision that the caller read."""

    revision: Revision


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("missing", "blank")
    return text


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise PydanticCustomError("email", "not an e-mail address") from error
    return text


Email = Annotated[str, Field(max_length=254, pattern=PRINTABLE), AfterValidator(_email)]


class Because(Body):
    """Why a unit or an account is closed, opened, disabled or enabled; it stands in the record."""

    reason: Annotated[Line200, AfterValidator(_not_blank)]


class Places(Body):
    """The ids in their order, each once."""

    order: list[Id] = Field(max_length=2000)
