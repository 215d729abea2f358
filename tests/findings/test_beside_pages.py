"""The pages beside closure: each form by its own person, each refusal on the page, nobody else by POST."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.audit.queries import table_breaks
from bihuan.files.models import Upload
from bihuan.findings.actions.axes import dispute
from bihuan.findings.actions.saving import Invalid
from bihuan.findings.models import (
    Blocker,
    Closure,
    Comment,
    Dispute,
    LongTermReview,
    Recipient,
    Recusal,
    Task,
)
from bihuan.notify.models import Notification
from bihuan.orgs.models import User
from tests.cast import TODAY, Cast, actor_for, make_person
from tests.closing import LONG, PDF, Desk, make_desk, make_evidence, make_ready, walk
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return make_desk(cast)


@pytest.fixture
def task(cast: Cast, desk: Desk) -> Task:
    return make_ready(cast, desk)[0]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.BIHUAN_FILES = tmp_path


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def post(user: User, url: str, *, expect: int = 302, **data: Any) -> str:
    """Send a form; a refusal is shown on the page of the form, with what was typed."""
    browser = signed_in(user)
    answer = browser.post(url, data)
    assert answer.status_code == expect, text_of(answer)
    if expect != 302:
        return text_of(answer)
    return text_of(browser.get(answer.headers["Location"].partition("#")[0]))


def shown(user: User, url: str) -> str:
    answer = signed_in(user).get(url)
    assert answer.status_code == 200, url
    return text_of(answer)


def paper(name: str = "答复.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_blocker_is_raised_seen_and_lifted(cast: Cast, desk: Desk, task: Task) -> None:
    at, page = f"/problems/{task.problem_id}/blockers/new/", f"/problems/{task.problem_id}/beside/"
    assert at not in shown(cast.office, page)
    assert "限制由督查办或领导小组登记和解除。" in shown(cast.office, page)
    assert "您在这个单位没有办理这一步的权限" in post(cast.office, at, expect=403, reason="抽查不合格")
    refused = post(desk.supervisor, at, expect=422, reason=" ", source="第2轮督查")
    assert "请填写。" in refused
    assert "第2轮督查" in refused
    assert "最多40字" in post(desk.supervisor, at, expect=422, reason="1户无台账", source="长" * 41)
    seen = post(desk.supervisor, at, reason="抽查3户，1户无台账", source="第2轮督查")
    assert "抽查3户，1户无台账" in seen
    assert "在解除以前不能销号" in seen
    (row,) = Blocker.objects.all()
    for address in (f"/tasks/{task.pk}/", f"/problems/{task.problem_id}/"):
        assert "1项限制未解除" in shown(cast.reader, address)
    lift = f"/blockers/{row.pk}/lift/"
    assert lift not in shown(cast.office, page)
    assert lift in shown(desk.supervisor, f"/tasks/{task.pk}/beside/")
    post(cast.office, lift, expect=403, reason="合格")
    assert "请填写。" in post(desk.group, lift, expect=422, reason="")
    assert "复查合格" in post(desk.group, lift, reason="复查合格")
    assert "这项限制已经解除。" in post(desk.group, lift, expect=409, reason="再解除一次")
    assert "未解除" not in shown(cast.reader, f"/tasks/{task.pk}/")
    assert not list(table_breaks())


def test_a_dispute_and_its_ruling_with_the_paper(cast: Cast, desk: Desk, task: Task) -> None:
    at, page = f"/problems/{task.problem_id}/disputes/new/", f"/problems/{task.problem_id}/beside/"
    post(desk.supervisor, at, expect=403, ground="不是本单位职责")
    assert "请填写。" in post(cast.office, at, expect=422, ground="")
    assert "该事项已划转市局。" in post(cast.office, at, ground="该事项已划转市局。", task_id="")
    again = post(cast.office, at, expect=409, ground="再提一次", task_id="")
    assert "这一项已有异议，正在等待上级机关答复。" in again
    assert "再提一次" in again
    assert "1项异议待答复" in shown(cast.reader, f"/tasks/{task.pk}/")
    (row,) = Dispute.objects.all()
    at = f"/disputes/{row.pk}/rule/"
    ruling = {"ruling": "dismissed", "text": "划转前的问题仍由你单位整改。"}
    assert at not in shown(desk.head, page)
    post(desk.head, at, expect=403, **ruling)
    said = post(cast.office, at, expect=403, **ruling)
    assert "请上传上级机关的书面答复，再登记。" in said
    assert "划转前的问题仍由你单位整改。" in said
    assert "内容" in post(
        cast.office, at, expect=422, **ruling, file=paper(data=b"<html><script>1</script></html>")
    )
    wrong = post(cast.office, at, expect=422, text="", file=paper())
    assert "请选择答复：支持、不支持或部分支持。" in wrong
    assert "请填写。" in wrong
    late = (TODAY + timedelta(days=1)).isoformat()
    post(cast.office, at, expect=422, **ruling, ruled_on=late, file=paper())
    early = post(cast.office, at, expect=422, **ruling, ruled_on="2020-01-01", file=paper())
    assert "提出的，答复日期不能更早，请核对。" in early
    assert not Upload.objects.exists()
    assert "不支持" in post(cast.office, at, **ruling, file=paper())
    row.refresh_from_db()
    assert row.file is not None
    given = signed_in(cast.reader).get(f"/disputes/{row.pk}/file/")
    assert b"".join(given.streaming_content) == PDF  # type: ignore[attr-defined]
    assert signed_in(cast.outsider).get(f"/disputes/{row.pk}/file/").status_code == 404
    assert "这项异议已有答复。" in post(desk.superior, at, expect=409, **ruling)
    assert not list(table_breaks())


def test_the_head_disputes_his_task_and_the_superior_rules_himself(
    cast: Cast, desk: Desk, task: Task
) -> None:
    at = f"/problems/{task.problem_id}/disputes/new/"
    form = shown(desk.head, f"{at}?task={task.pk}")
    assert f'value="{task.pk}" selected' in form
    assert "整个问题" not in form
    assert post(desk.head, at, expect=422, ground="不属本部", task_id="999999")
    post(desk.head, at, ground="不属本部", task_id=str(task.pk))
    row = Dispute.objects.get()
    assert row.task_id == task.pk
    assert signed_in(desk.other_head).get(at).status_code == 404
    post(desk.superior, f"/disputes/{row.pk}/rule/", ruling="upheld", text="同意调整。")
    assert "支持" in shown(desk.head, f"/tasks/{task.pk}/beside/")


def test_a_dispute_names_a_task_of_its_own_problem(cast: Cast) -> None:
    finding = make_finding(cast, make_inspection(cast))
    one, other = (make_problem(cast, finding, number=number) for number in ("1", "2"))
    task = make_task(cast, other, number="2-1")
    with pytest.raises(Invalid) as refused:
        dispute(one, ground="不属本单位", task=task, actor=actor_for(cast.office))
    assert refused.value.code == "beside.task-elsewhere"


def test_recusals(cast: Cast, desk: Desk, task: Task) -> None:
    at, page = f"/tasks/{task.pk}/recusals/new/", f"/tasks/{task.pk}/beside/"
    assert "本人回避" in shown(desk.liaison, page)
    assert desk.group.name not in shown(desk.liaison, at).partition("<main")[2]
    post(desk.liaison, at, expect=422, person_id=str(desk.group.pk), reason="有亲属")
    assert "请填写。" in post(cast.office, at, expect=422, person_id=str(desk.group.pk), reason="")
    seen = post(cast.office, at, person_id=str(desk.group.pk), reason="曾任该部部长", meeting="第3次专题会")
    assert "第3次专题会" in seen
    again = post(cast.office, at, person_id=str(desk.group.pk), reason="再登", meeting="第3次专题会")
    assert "已经登记过，没有重复登记" in again
    outside = post(desk.superior, at, expect=422, person_id=str(desk.superior.pk), reason="有亲属")
    assert "此人在本单位没有职务，不必登记回避。" in outside
    row = Recusal.objects.get()
    end = f"/recusals/{row.pk}/withdraw/"
    assert end not in shown(desk.group, page)
    assert "您本人的回避须由他人撤销" in post(desk.group, end, expect=403, reason="误登")
    post(cast.office, end, expect=403, reason="误登")
    assert "已撤销" in post(desk.second_group, end, reason="误登")
    post(desk.second_group, end, expect=403, reason="再撤销")
    assert not list(table_breaks())


def test_recipients_are_named_drawn_and_asked(cast: Cast, desk: Desk, task: Task) -> None:
    at, page = f"/tasks/{task.pk}/recipients/", f"/tasks/{task.pk}/beside/"
    post(desk.supervisor, f"{at}new/", expect=403, people="甲户")
    wrong = post(
        desk.liaison, f"{at}new/", expect=422, people="甲户，13800000000，押金，一千\n\n，1，2，3，4"
    )
    assert "第1行金额：" in wrong
    assert "第3行：一行最多四项" in wrong
    assert "甲户，13800000000，押金，一千" in wrong
    assert "第2行名称：请填写。" in post(desk.liaison, f"{at}new/", expect=422, people="甲户\n，13800000000")
    assert (
        "请填写" in post(desk.liaison, f"{at}new/", expect=422, people=" ") or Recipient.objects.count() == 0
    )
    lines = "\n".join(f"第{number}户\t0730-000000\t押金\t{number}00.50" for number in range(1, 8))
    seen = post(desk.liaison, f"{at}new/", people=lines)
    assert "登记7户，抽中0户" in seen
    assert "700.50" in seen
    assert Recipient.objects.get(name="第7户").amount == 70050
    assert "名单只给责任单位" in shown(cast.reader, page)
    assert "第7户" not in shown(cast.reader, page)
    post(desk.liaison, f"{at}draw/", expect=403, size="2", seed="3-5-1")
    assert "抽取人数须在1至7之间。" in post(desk.supervisor, f"{at}draw/", expect=422, size="9", seed="3-5-1")
    assert "请写当众确定的抽取口令" in post(desk.supervisor, f"{at}draw/", expect=422, size="2", seed=" ")
    assert "抽取人数须在1至7之间。" in post(desk.supervisor, f"{at}draw/", expect=422, size="", seed="3-5-1")
    seen = post(desk.supervisor, f"{at}draw/", size="2", seed="3-5-1")
    assert "登记7户，抽中2户" in seen
    assert "3-5-1" in seen
    drawn = Recipient.objects.filter(sampled=True).first()
    spared = Recipient.objects.filter(sampled=False).first()
    assert drawn
    assert spared
    answer = f"/recipients/{drawn.pk}/answer/"
    assert answer not in shown(desk.liaison, page)
    post(desk.head, answer, expect=403, confirmed="yes", how="phone")
    missing = post(desk.supervisor, answer, expect=422, note="关机")
    assert "请选择：已得到或没有得到。" in missing
    assert "请选择回访方式" in missing
    assert "关机" in missing
    not_drawn = post(
        desk.supervisor, f"/recipients/{spared.pk}/answer/", expect=409, confirmed="yes", how="phone"
    )
    assert "此人没有被抽中，不登记答复。" in not_drawn
    assert "没有得到" in post(desk.supervisor, answer, confirmed="no", how="visit", note="只收到一半")
    strike = f"/recipients/{drawn.pk}/withdraw/"
    assert "已被抽中的对象不能撤回。" in post(desk.liaison, strike, expect=409, reason="误登")
    assert "已划去" in post(desk.liaison, f"/recipients/{spared.pk}/withdraw/", reason="误登")
    assert not list(table_breaks())


def test_a_supervisor_of_the_unit_itself_neither_draws_nor_asks(cast: Cast, desk: Desk, task: Task) -> None:
    own = make_person("qinyuan", "秦远", unit=cast.environment, role="supervision", over=cast.organisation)
    post(desk.liaison, f"/tasks/{task.pk}/recipients/new/", people="甲户")
    assert "抽取回访对象" not in shown(own, f"/tasks/{task.pk}/beside/")
    said = post(own, f"/tasks/{task.pk}/recipients/draw/", expect=403, size="1", seed="7")
    assert "是您所在单位的任务" in said


def test_a_long_term_task_is_reviewed(desk: Desk, task: Task) -> None:
    at, page = f"/tasks/{task.pk}/reviews/new/", f"/tasks/{task.pk}/beside/"
    soon = (TODAY + timedelta(days=60)).isoformat()
    assert at not in shown(desk.liaison, page)
    assert "不必复核" in post(desk.liaison, at, expect=403, text="正常", next_on=soon)
    walk(desk, [task], "close", LONG)
    assert at in shown(desk.liaison, page)
    post(desk.supervisor, at, expect=403, text="正常", next_on=soon)
    late = (TODAY + timedelta(days=91)).isoformat()
    said = post(desk.liaison, at, expect=422, text="", next_on=late)
    assert "90" in said
    assert "请填写。" in said
    assert "机制运行正常" in post(desk.liaison, at, text="机制运行正常", next_on=soon)
    assert LongTermReview.objects.get().next_on.isoformat() == soon


def test_remarks_name_who_is_told(cast: Cast, desk: Desk, task: Task) -> None:
    make_person("liuzhiyuan2", "刘知远", unit=cast.safety, role="reader")
    at = f"/remarks/task/{task.pk}/"
    assert "请填写。" in post(cast.reader, at, expect=422, text=" ")
    assert "有几个人叫“刘知远”" in post(cast.reader, at, expect=422, text="请补签字页。", mentioned="刘知远")
    assert "本单位没有叫“某某”的人" in post(
        cast.reader, at, expect=422, text="请补签字页。", mentioned="某某"
    )
    assert "沈一白看不到这一项" in post(cast.reader, at, expect=422, text="请补签字页。", mentioned="沈一白")
    assert not Comment.objects.exists()
    seen = post(cast.reader, at, text="请补签字页。", mentioned="刘知远（生态环境部）、贺明渠")
    assert "已提醒：" in seen
    assert set(Notification.objects.values_list("recipient_id", "url")) == {
        (desk.liaison.pk, at),
        (desk.head.pk, at),
    }
    row = Comment.objects.get()
    assert f"/remarks/{row.pk}/withdraw/" not in shown(cast.office, at)
    post(cast.office, f"/remarks/{row.pk}/withdraw/", expect=403)
    assert "这条留言已撤回。" in post(cast.reader, f"/remarks/{row.pk}/withdraw/")
    assert "请补签字页。" not in shown(desk.liaison, at)
    assert signed_in(cast.outsider).post(at, {"text": "看得到吗"}).status_code == 404
    assert {one.kind for one in table_breaks()} == {"user", "post", "grant"}


def test_a_piece_of_evidence_and_an_inspection_are_remarked_on(cast: Cast, desk: Desk, task: Task) -> None:
    piece = make_evidence(cast, task, by=desk.liaison)
    for kind, pk in (
        ("evidence", piece.pk),
        ("inspection", task.inspection_id),
        ("problem", task.problem_id),
    ):
        post(cast.office, f"/remarks/{kind}/{pk}/", text=f"见{kind}。", mentioned="贺明渠")
    said = [(one.params["number"], one.params["title"]) for one in Notification.objects.order_by("pk")]
    assert said[0] == (task.number, "固废台账.pdf")
    assert said[1][1] == "见inspection。"
    assert "/remarks/inspection/" in shown(desk.liaison, f"/inspections/{task.inspection_id}/")
    assert signed_in(cast.office).get(f"/remarks/user/{cast.office.pk}/").status_code == 404


def test_acceptance_on_paper_is_bound_on_the_page(cast: Cast, desk: Desk, task: Task) -> None:
    walk(desk, [task], "close")
    sheet = signed_in(cast.office).post(f"/tasks/{task.pk}/sheets/accept/").headers["Location"]
    bound = post(
        cast.office, f"{sheet}bind/", file=paper("认可函.pdf"), signer_id=str(desk.superior.pk),
        signed_on=TODAY.isoformat(), note="同意",
    )  # fmt: skip
    assert "认可" in bound
    post(desk.second_supervisor, f"{sheet}confirm/")
    assert Closure.objects.get().stage == "accepted"


def test_an_outsider_finds_nothing(cast: Cast, desk: Desk, task: Task) -> None:
    browser = signed_in(cast.outsider)
    for address in (
        f"/tasks/{task.pk}/beside/", f"/problems/{task.problem_id}/beside/", f"/tasks/{task.pk}/recusals/new/",
        f"/problems/{task.problem_id}/blockers/new/", f"/remarks/task/{task.pk}/", "/remarks/task/999999/",
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address
        assert browser.post(address, {"reason": "x", "text": "x"}).status_code in (404, 405), address


def test_the_page_asks_as_much_for_one_row_as_for_many(cast: Cast, desk: Desk, task: Task) -> None:
    def counted() -> int:
        browser = signed_in(desk.supervisor)
        browser.get(f"/tasks/{task.pk}/beside/")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/tasks/{task.pk}/beside/")
        return len(queries)

    post(desk.liaison, f"/tasks/{task.pk}/recipients/new/", people="甲户")
    post(desk.supervisor, f"/tasks/{task.pk}/recipients/draw/", size="1", seed="7")
    post(cast.office, f"/remarks/task/{task.pk}/", text="一", mentioned="贺明渠")
    before = counted()
    post(desk.liaison, f"/tasks/{task.pk}/recipients/new/", people="\n".join(f"第{n}户" for n in range(60)))
    for number in range(5):
        post(cast.office, f"/remarks/task/{task.pk}/", text=f"第{number}条", mentioned="贺明渠、刘知远")
        post(desk.supervisor, f"/problems/{task.problem_id}/blockers/new/", reason=f"第{number}项")
    assert counted() == before
