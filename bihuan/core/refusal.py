"""What may not be done, said as a code of the catalogue with its parameters; `web` maps it to HTTP in one place."""

from bihuan.core.source import Params


class Refused(Exception):
    """A request or step is refused. `code` (as ``findings.task-locked``) and `params` give the sentence for the person.

    Subclasses are defined in the module that raises them and set `status`, the HTTP status: 403 not allowed,
    409 someone else changed it, 422 what was given is wrong, 404 not there for this person.
    """

    status = 422

    def __init__(self, code: str, **params: str | int | float | None) -> None:
        super().__init__(code)
        self.code = code
        self.params: Params = params


class NotVisible(Refused):
    """The object is not there, or not there for this person: the answer is the same."""

    status = 404


class NotAllowed(Refused):
    """The person sees the object but may not do this with it."""

    status = 403


class Conflict(Refused):
    """Someone else changed the object since it was read."""

    status = 409
