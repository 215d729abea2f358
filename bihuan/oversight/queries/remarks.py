"""The doors to whatever can be remarked on: objects of the register, and those of oversight; and to a remark itself."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from bihuan.core.refusal import NotVisible
from bihuan.findings.models import Comment
from bihuan.findings.queries.axes import SUBJECTS as REGISTER
from bihuan.orgs.models import User
from bihuan.oversight.queries import doors, rounds

SUBJECTS: Mapping[str, Callable[[User, int, date], Any]] = MappingProxyType(
    {
        **REGISTER,
        "dispatch": doors.dispatch_for,
        "meeting": doors.meeting_for,
        "decision": doors.decision_for,
        "letter": doors.letter_for,
        "round": rounds.round_for,
    }
)


def subject_for(user: User, kind: str, pk: int, today: date) -> Any:
    """Return the object on which a remark is made; whoever sees it may read and write remarks.

    :raises NotVisible: when there is none for this person, or nothing of this kind is remarked on.
    """
    door = SUBJECTS.get(kind)
    if door is None:
        raise NotVisible("findings.not-found")
    return door(user, pk, today)


def comment_for(user: User, pk: int, today: date) -> Comment:
    """Return a remark on an object that `user` sees.

    :raises NotVisible: when there is none for this person.
    """
    row = Comment.objects.filter(pk=pk).first()
    if row is None:
        raise NotVisible("findings.not-found")
    subject_for(user, row.kind, row.object_id, today)
    return row


def seeing(kind: str, pk: int, today: date) -> Callable[[User], bool]:
    """Return what tells whether a person sees an object."""

    def sees(user: User) -> bool:
        try:
            subject_for(user, kind, pk, today)
        except NotVisible:
            return False
        return True

    return sees
