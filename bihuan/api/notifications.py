"""What the caller was told, how the caller wants letters, and the robots of an organisation."""

from datetime import time
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field, WithJsonSchema

from bihuan.api import answers, asking
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Id, Line60, Line200, Yes
from bihuan.notify import actions, queries
from bihuan.notify.models import Preference, Robot
from bihuan.notify.telling import sentence
from bihuan.orgs.queries import unit_for
from bihuan.web.edge import language

router = Router(tags=["notifications"])

Clock = Annotated[
    str,
    Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "description": "20:00"}),
]
Address = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]


class Read(Body):
    """The notifications that were read; without `ids` all of them."""

    ids: Annotated[list[Id], Field(max_length=200)] | None = None


class Wishes(Body):
    """How letters are wanted, and when none; both ends of the quiet hours or neither."""

    letters: Literal["none", "daily", "at_once"]
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    weekends: Yes = False


class NewRobot(Body):
    """A robot of a chat group; `url` and `secret` are never told again."""

    organisation_id: Id
    kind: Literal["wecom", "dingtalk", "feishu"]
    name: Line60
    url: Address
    secret: Line200 = ""


class ChangedRobot(Body):
    """Another name; another address or secret where they are given."""

    name: Line60
    url: Address = ""
    secret: Line200 = ""


class Speaks(Body):
    """Whether the robot speaks."""

    active: Yes


@router.get("/notifications")
def list_notifications(request: HttpRequest) -> HttpResponse:
    """List what the caller was told, what is unread first; `unread=1` leaves out the rest."""
    by = caller(request)
    params = asking.asked(request, ("unread", *asking.PAGING))
    rows = queries.listed(by.user.pk, by.today)
    if asking.whole(params, "unread", most=1):
        rows = rows.filter(read_at=None)
    found, total, number, size = asking.cut(rows, params)
    lang = language()
    return answers.page(
        [
            {
                "id": row.pk, "code": row.code, "params": row.params,
                "message": sentence(row.code, row.params, lang=lang),
                "url": row.url, "organisation_id": row.organisation_id, "organisation": row.organisation.name,
                "created_at": row.created_at, "read_at": row.read_at,
            }
            for row in found
        ],
        total=total, number=number, size=size,
    )  # fmt: skip


@router.post("/notifications/read")
def read_notifications(request: HttpRequest, body: Read) -> HttpResponse:
    """Mark the caller's own notifications as read; tells how many were unread."""
    return answers.json({"read": actions.mark_read(body.ids, actor=caller(request).actor)})


@router.get("/account/wishes")
def get_wishes(request: HttpRequest) -> HttpResponse:
    """Return how the caller wants letters."""
    by = caller(request)
    asking.asked(request, ())
    return answers.json(_wishes(queries.preference_of(by.user.pk)))


@router.patch("/account/wishes")
def set_wishes(request: HttpRequest, body: Wishes) -> HttpResponse:
    """Set how the caller wants letters."""
    wish = actions.set_wishes(
        letters=body.letters,
        quiet_from=_clock(body.quiet_from),
        quiet_to=_clock(body.quiet_to),
        weekends=body.weekends,
        actor=caller(request).actor,
    )
    return answers.json(_wishes(wish))


@router.get("/robots")
def list_robots(request: HttpRequest) -> HttpResponse:
    """List the robots of the organisations in which the caller may set some up."""
    by = caller(request)
    asking.asked(request, ())
    queries.require_robots(by.user, by.today)
    return answers.json(
        [_robot(row) for row in queries.robots_at(queries.robot_places(by.user.pk, by.today))]
    )


@router.post("/robots")
def add_robot(request: HttpRequest, body: NewRobot) -> HttpResponse:
    """Let the program speak in a chat group of an organisation."""
    by = caller(request)
    organisation = unit_for(by.user, body.organisation_id, by.today)
    values = body.dict(exclude={"organisation_id"})
    return answers.created(_robot(actions.add_robot(organisation, **values, actor=by.actor)))


@router.patch("/robots/{int:robot_id}")
def edit_robot(request: HttpRequest, robot_id: int, body: ChangedRobot) -> HttpResponse:
    """Rename a robot, or give it another address."""
    by = caller(request)
    robot = queries.robot_for(by.user, robot_id, by.today)
    return answers.json(_robot(actions.edit_robot(robot, **body.dict(), actor=by.actor)))


@router.post("/robots/{int:robot_id}/switch")
def switch_robot(request: HttpRequest, robot_id: int, body: Speaks) -> HttpResponse:
    """Silence a robot, or let it speak again."""
    by = caller(request)
    robot = queries.robot_for(by.user, robot_id, by.today)
    return answers.json(_robot(actions.set_robot_active(robot, active=body.active, actor=by.actor)))


@router.post("/robots/{int:robot_id}/try")
def try_robot(request: HttpRequest, robot_id: int) -> HttpResponse:
    """Let a robot say that it is connected; whether it was taken stands beside the robot soon after."""
    by = caller(request)
    actions.try_robot(queries.robot_for(by.user, robot_id, by.today), actor=by.actor)
    return answers.json({"queued": True})


def _wishes(row: Preference) -> dict[str, Any]:
    return {
        "letters": row.letters,
        "quiet_from": row.quiet_from.isoformat("minutes") if row.quiet_from else None,
        "quiet_to": row.quiet_to.isoformat("minutes") if row.quiet_to else None,
        "weekends": row.weekends,
    }


def _robot(row: Robot) -> dict[str, Any]:
    names = ("organisation_id", "kind", "name", "is_active", "set_at", "sent_at", "error", "answer")
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
