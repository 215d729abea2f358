"""What `orgs` refuses, beside what a person may not see or do: the code says which."""

from bihuan.core.refusal import Conflict, NotAllowed, Refused
from bihuan.core.source import Remark


class WrongInput(Refused):
    """What was given cannot be taken; `field` names where it was typed, empty for the whole."""

    def __init__(self, code: str, *, field: str = "", **params: str | int | float | None) -> None:
        super().__init__(code, **params)
        self.field = field


class StepRefused(Conflict):
    """The step contradicts how things stand, whoever takes it."""


class PasswordRefused(Refused):
    """A new password breaks the rules; `remarks` says every one of them."""

    def __init__(self, remarks: list[Remark]) -> None:
        super().__init__(remarks[0].code, **dict(remarks[0].params))
        self.remarks = remarks


class CodeRefused(NotAllowed):
    """A one-time code is unknown, used or past its day: the answer is the same."""
