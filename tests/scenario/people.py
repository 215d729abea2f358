"""Everybody of the story, let in as an office does it: the directory's sheet through the API, a code and a token each."""

import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from bihuan.audit.actor import Actor
from bihuan.orgs.actions import make_token
from bihuan.orgs.actions.accounts import use_code
from bihuan.orgs.actions.people import PersonDraft, create_person, give_grant
from bihuan.orgs.actions.units import create_unit
from bihuan.orgs.edge import person_actor
from bihuan.orgs.models import Post, User
from tests.api.conftest import Caller
from tests.api.world import SAMPLES
from tests.clock import Clock

PASSWORD = "Lanjiang-2026-tai"
TOKENS_END = date(2027, 6, 1)
HEADS = ("单位全称", "上级单位", "单位类别", "姓名", "账号", "职务", "任职开始", "角色", "角色范围")
#: Who is not in the sample directory: name, account, unit by its code, post, role.
BESIDE = (
    ("陆知行", "luzhixing", "ducha", "督查员", "supervision"),
    ("沈星野", "shenxingye", "ducha", "督查员", "supervision"),
    ("周万里", "zhouwanli", "jianglan", "整改工作领导小组组长", "leading_group"),
    ("杜怀安", "duhuaian", "jianglan", "整改工作领导小组副组长", "leading_group"),
    ("宋听澜", "songtinglan", "anquan", "联络员", "liaison"),
    ("季春山", "jichunshan", "jianshe", "联络员", "liaison"),
    ("温如初", "wenruchu", "caizheng", "联络员", "liaison"),
)


@dataclass(frozen=True, slots=True)
class People:
    """Callers by account; accounts of heads, liaisons and leaders by the name of their unit; ids by name."""

    callers: dict[str, Caller]
    heads: dict[str, str]
    liaisons: dict[str, str]
    leaders: dict[str, str]
    ids: dict[str, int]
    units: dict[str, int]
    organisation: int

    def by(self, username: str) -> Caller:
        return self.callers[username]

    def filler(self, unit: str) -> Caller:
        """Return who fills in for a unit: its liaison officer, or its head where it has none."""
        return self.callers[self.liaisons.get(unit, self.heads[unit])]


def let_in(clock: Clock) -> People:
    """Install: the console makes organisation, office and superior; the office brings in everybody else by sheet."""
    found = tomllib.loads((SAMPLES / "江澜单位和人员.toml").read_text(encoding="utf-8"))["organisation"]
    console = Actor(None, "console:install", clock.at)
    top = create_unit(None, name=found["name"], kind="organisation", actor=console)
    secrets = {"fangjingyi": _made(top, "方静宜", "fangjingyi", "office", console)}
    city = create_unit(None, name="云洲市委巡察办", kind="superior", actor=console)
    secrets["xieguanlan"] = _made(city, "谢观澜", "xieguanlan", "", console)
    post = Post.objects.get(person__username="xieguanlan")
    give_grant(post, role="superior", unit=top, starts_on=console.today, actor=console)
    callers = {name: _caller(name, code, clock) for name, code in secrets.items()}
    rows = list(_rows(found))
    shown = callers["fangjingyi"].send(f"organisations/{top.pk}/directory/preview", file=_sheet(rows))
    assert shown["faults"] == []
    done = callers["fangjingyi"].post(
        f"organisations/{top.pk}/directory/commit", {"carried": shown["carried"]}, status=201
    )
    for one in done["codes"]:
        callers[one["username"]] = _caller(one["username"], one["code"], clock)
    units = callers["fangjingyi"].get("units?size=100")["rows"]
    return People(
        callers, heads=_of(rows, "unit_head"), liaisons=_of(rows, "liaison"), leaders=_of(rows, "leader"),
        ids=dict(User.objects.values_list("username", "pk")),
        units={one["name"]: one["id"] for one in units}, organisation=top.pk,
    )  # fmt: skip


def _made(unit: Any, name: str, username: str, role: str, console: Actor) -> str:
    draft = PersonDraft(name=name, username=username, title="工作人员", starts_on=console.today, role=role)
    return create_person(unit, draft=draft, actor=console)[1]


def _caller(username: str, code: str, clock: Clock) -> Caller:
    user = use_code(code, username=username, password=PASSWORD, at=clock.at)
    actor = person_actor(user, clock.at)
    return Caller(make_token(user, name="接口", expires_on=TOKENS_END, actor=actor)[1])


def _rows(found: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the directory's sheet; a leader has one line for each unit in charge."""
    units = {one["code"]: one["name"] for one in found["units"]}
    top = found["name"]
    for one in found["units"][1:]:
        yield (one["name"], top, "department", *("",) * 6)
    for number, one in enumerate(found["people"], 1):
        post = one["posts"][0]
        base = (units[post["unit"]], "", "", one["name"], f"person{number:02}", post["title"], "2026-06-15")
        for charge in one.get("charge", ()):
            yield (*base, "leader", units[charge])
        if role := {"部长": "unit_head", "局长": "unit_head", "副书记": "unit_head", "副指挥长": "unit_head",
                    "总经理": "unit_head", "联络员": "liaison", "督查办主任": "supervision"}.get(post["title"]):  # fmt: skip
            yield (*base, role, top if role == "supervision" else "")
    for name, username, unit, title, role in BESIDE:
        over = "" if role == "liaison" else top
        yield (units[unit], "", "", name, username, title, "2026-06-15", role, over)


def _of(rows: list[tuple[str, ...]], role: str) -> dict[str, str]:
    """Return the account that holds a role, by the name of the unit over which it holds."""
    return {row[8] or row[0]: row[4] for row in rows if row[7] == role}


def _sheet(rows: list[tuple[str, ...]]) -> io.BytesIO:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        page = book.add_worksheet()
        for number, row in enumerate((HEADS, *rows)):
            page.write_row(number, 0, row)
    held.seek(0)
    held.name = "单位人员.xlsx"
    return held
