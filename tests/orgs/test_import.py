"""The directory from a sheet: odd files, every fault by row and column, one commit, the same file again."""

import io
from collections.abc import Sequence
from datetime import timedelta

import openpyxl
import pytest
from pytest_django import DjangoAssertNumQueries

from bihuan.audit.models import Event
from bihuan.audit.queries import table_breaks
from bihuan.core.refusal import Refused
from bihuan.formats import read_bytes
from bihuan.orgs import actions, queries
from bihuan.orgs.actions.directory import Imported
from bihuan.orgs.importing.plan import Plan, plan, standing
from bihuan.orgs.importing.sheet import COLUMNS, Sheet, read_sheet, template
from bihuan.orgs.models import Grant, OneTimeCode, Post, Unit, UnitLink, User
from tests.cast import TODAY, Cast, actor_for, make_person, make_unit

HEAD = [words[0] for words in COLUMNS.values()]
ONE = timedelta(days=1)


def book(rows: Sequence[Sequence[object]], head: Sequence[object] = HEAD) -> bytes:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in [head, *rows]:
        made.active.append(list(row))
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def sheet(*rows: Sequence[object], head: Sequence[object] = HEAD) -> Sheet:
    return read_sheet(read_bytes("人员.xlsx", book(rows, head)))


def look(cast: Cast, read: Sheet, *, mode: str = "update", by: User | None = None) -> Plan:
    user = by or cast.office
    there = standing(cast.organisation, read.rows, user_id=user.pk, today=TODAY)
    return plan(read.rows, there, mode=mode, today=TODAY)


def write(cast: Cast, read: Sheet, *, mode: str = "update") -> Imported:
    return actions.import_directory(cast.organisation, read.rows, mode=mode, actor=actor_for(cast.office))


def faults(made: Plan) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code.removeprefix("orgs.")) for one in made.faults]


GOOD = (
    ("规划建设部", "", "规建", "部门", "闻人杰", "wenrenjie", "部长", "2026-01-05", "wr@example.cn", "责任单位负责人、联络员", ""),
    ("办公室", "规划建设部", "", "", "戚长庚", "qichanggeng", "主任", "2026年3月1日", "", "", ""),
    ("办公室", "生态环境部", "", "", "简淑宁", "jianshuning", "主任", "", "", "联络员", "生态环境部"),
    ("规划建设部", "", "", "", "戚长庚", "QICHANGGENG", "副部长", "", "", "", ""),
    ("澜江化工", "", "", "企业", "", "", "", "", "", "", ""),
)  # fmt: skip


def test_a_good_sheet_is_written_at_once_and_again_changes_nothing(cast: Cast) -> None:
    read = sheet(*GOOD)
    assert not look(cast, read).faults
    done = write(cast, read)
    assert dict(done.counts) == {
        "units": 4, "people": 3, "posts": 4, "grants": 3, "changed": 0, "same": 0,
    }  # fmt: skip
    assert [(one.person.username, one.unit) for one in done.codes] == [
        ("wenrenjie", "规划建设部"), ("qichanggeng", "办公室"), ("jianshuning", "办公室"),
    ]  # fmt: skip
    assert OneTimeCode.objects.filter(purpose="start").count() == 3
    both = Unit.objects.filter(name="办公室").order_by("parent__name")
    assert {unit.parent.name for unit in both if unit.parent} == {"规划建设部", "生态环境部"}
    assert all(unit.links_up.count() == 3 for unit in both)
    environment = Grant.objects.get(post__person__username="jianshuning")
    assert (environment.unit_id, environment.role) == (cast.environment.pk, "liaison")
    assert not [one for one in table_breaks() if one.kind != "grant" or one.object_id > 100]
    count = Event.objects.count()
    again = write(cast, sheet(*GOOD))
    assert {**again.counts} == {"units": 0, "people": 0, "posts": 0, "grants": 0, "changed": 0, "same": 5}
    assert Event.objects.count() == count
    user = actions.use_code(
        done.codes[0].code, username="wenrenjie", password="Qingliang-2026-shan", at=actor_for(cast.office).at
    )
    assert queries.sight(user, TODAY).roles == {"unit_head", "liaison"}


def test_every_fault_is_told_by_row_and_column_and_nothing_is_written(cast: Cast) -> None:
    make_person("sanyuan", "贺守一", unit=cast.organisation, role="audit_admin")
    closed = make_unit("旧部门", parent=cast.organisation)
    Unit.objects.filter(pk=closed.pk).update(is_active=False)
    read = sheet(
        ("", "", "", "", "甲", "jia", "员", "", "", "", ""),
        ("新部", "不存在的局", "", "", "", "", "", "", "", "", ""),
        ("新部二", "", "", "车间", "", "", "", "", "", "", ""),
        ("安全生产监管部", "", "", "", "乙", "", "", "2026-13-05", "", "", ""),
        ("安全生产监管部", "", "", "", "丙", "guchangfeng", "员", "", "", "", ""),
        ("安全生产监管部", "", "", "", "罗大满", "luoxiaoman", "员", "", "", "", ""),
        ("安全生产监管部", "", "", "", "陶景和", "taojinghe", "员", "", "", "", ""),
        ("安全生产监管部", "", "", "", "丁", "ding", "员", "", "not an address", "皇帝、联络员", ""),
        ("安全生产监管部", "", "", "", "戊", "wu", "员", "", "", "审计管理员", ""),
        ("安全生产监管部", "", "", "", "贺守一", "sanyuan", "员", "", "", "查阅", ""),
        ("安全生产监管部", "", "", "", "己", "ji", "员", "", "", "联络员", "没有的部"),
        ("安全生产监管部", "", "", "", "庚", "ji", "员", "", "", "", ""),
        ("旧部门", "", "", "", "", "", "", "", "", "", ""),
        ("甲组", "乙组", "", "", "", "", "", "", "", "", ""),
        ("乙组", "甲组", "", "", "", "", "", "", "", "", ""),
        ("安全生产监管部", "", "", "", "辛\u202e酉", "xin you", "员", "", "", "", ""),
    )
    made = look(cast, read)
    assert faults(made) == [
        (2, "unit", "import-missing"),
        (3, "parent", "import-unit-unknown"),
        (4, "kind", "import-kind"),
        (5, "username", "import-missing"),
        (5, "title", "import-missing"),
        (5, "starts_on", "import-day"),
        (6, "username", "username-taken"),
        (7, "username", "username-taken"),
        (8, "username", "import-disabled"),
        (9, "email", "import-email"),
        (9, "role", "import-role"),
        (10, "role", "import-administrator"),
        (11, "role", "works-administrator"),
        (12, "over", "import-unit-unknown"),
        (13, "name", "import-person-otherwise"),
        (14, "unit", "import-unit-closed"),
        (15, "parent", "import-circle"),
        (16, "parent", "import-circle"),
        (17, "name", "import-unprintable"),
        (17, "username", "username-unusable"),
    ]
    count = Unit.objects.count(), User.objects.count(), Event.objects.count()
    with pytest.raises(Refused) as refusal:
        write(cast, read)
    assert refusal.value.code == "orgs.import-overtaken"
    assert (Unit.objects.count(), User.objects.count(), Event.objects.count()) == count


def test_accounts_that_stand_are_skipped_or_updated(cast: Cast) -> None:
    row = (
        "江澜高新区",
        "",
        "",
        "",
        "罗小满",
        "luoxiaoman",
        "巡察联络",
        "",
        "luo@example.cn",
        "联络员",
        "生态环境部",
    )
    assert look(cast, sheet(row), mode="skip").empty
    assert dict(write(cast, sheet(row), mode="skip").counts)["same"] == 1
    assert User.objects.get(username="luoxiaoman").email == ""
    done = write(cast, sheet(row))
    assert {**done.counts} == {"units": 0, "people": 0, "posts": 1, "grants": 1, "changed": 1, "same": 0}
    assert User.objects.get(username="luoxiaoman").email == "luo@example.cn"
    assert done.codes == ()
    assert look(cast, sheet(row)).empty


@pytest.mark.parametrize(
    ("rows", "head", "code"),
    [
        ((("甲部",),), ("部门名称",), "import-no-header"),
        ((), HEAD, "import-empty"),
        ((("甲部", "乙部"),), ("单位全称", "单位"), "import-column-twice"),
        ((("甲部", "x"),) * 10_001, ("单位全称", "姓名"), "import-long"),
    ],
)
def test_files_that_are_no_sheet_of_ours_are_refused(
    rows: Sequence[Sequence[object]], head: Sequence[object], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        sheet(*rows, head=head)
    assert refusal.value.code == f"orgs.{code}"


def test_a_text_file_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        read_sheet(read_bytes("人员.txt", "单位全称\t姓名\n甲部\t张三".encode()))
    assert refusal.value.code == "orgs.import-format"


def test_unknown_columns_are_named_and_order_and_titles_do_not_matter(cast: Cast) -> None:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.append(["江澜高新区单位人员表"])
    page.append([])
    page.append(["姓 名", "手机", "帐号", "职务", "单位", "备注"])
    page.append(["闻人杰", "13800000000", "wenrenjie", "部长", "生态环境部", "无"])
    made.create_sheet("填写说明").append(["单位全称", "姓名"])
    file = io.BytesIO()
    made.save(file)
    read = read_sheet(read_bytes("人员.xlsx", file.getvalue()))
    assert read.unknown == ("手机", "备注")
    assert not look(cast, read).faults
    assert dict(write(cast, read).counts)["people"] == 1


def test_the_template_comes_back_as_a_sheet_of_ours() -> None:
    content = template(["部门", "企业"], ["联络员"], ["说明"])
    with pytest.raises(Refused) as refusal:
        read_sheet(read_bytes("模板.xlsx", content))
    assert refusal.value.code == "orgs.import-empty"


def test_who_may_not_give_rights_or_make_units_is_told_by_cell(cast: Cast) -> None:
    system = make_person("system", "甲一", unit=cast.organisation, role="system_admin")
    read = sheet(*GOOD)
    made = look(cast, read, by=system)
    assert {(fault.column, fault.code) for fault in made.faults} == {
        ("unit", "orgs.role-missing"), ("role", "orgs.role-missing"),
    }  # fmt: skip
    plain = sheet(("生态环境部", "", "", "", "闻人杰", "wenrenjie", "部长", "", "", "联络员", ""))
    assert faults(look(cast, plain, by=system)) == [(2, "role", "role-missing")]
    assert faults(look(cast, plain)) == [(2, "username", "accounts-handed-over")]


def test_five_thousand_rows_are_written_in_large_statements(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        (f"{n // 10}号科", "", "", "", f"人{n}", f"user{n}", "科员", "2026-01-05", "", "查阅", "")
        for n in range(5000)
    ]
    read = sheet(*rows)
    with django_assert_max_num_queries(200):
        done = write(cast, read)
    assert dict(done.counts)["people"] == 5000
    assert Post.objects.filter(unit__parent=cast.organisation).count() == 5000 + 1
    assert UnitLink.objects.filter(ancestor=cast.organisation).count() == 503
    with django_assert_max_num_queries(40):
        assert dict(write(cast, read).counts)["same"] == 5000
