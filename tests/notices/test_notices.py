"""A notice is written from the register, frozen, checked, and given as a file; the wrong person gets a reason."""

from datetime import date

import pytest
from django.utils import timezone

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.core.reading import read
from bihuan.findings.actions import editing
from bihuan.findings.models import Inspection
from bihuan.formats import read_bytes
from bihuan.notices.actions import NoticeRefused, withdraw_notice, write_notice
from bihuan.notices.models import Notice
from bihuan.notices.queries import facts_of, frozen, thawed
from tests.cast import TODAY, Cast, actor_for
from tests.findings.browsing import signed_in
from tests.making import make_finding, make_inspection, make_problem, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(cast: Cast) -> Inspection:
    one = make_inspection(
        cast,
        team="云洲市委园区专项巡察组",
        subject="江澜高新区党工委",
        starts_on="2026-03-16",
        ends_on="2026-04-24",
    )
    for finding_number, problems in (("一", ("1", "2")), ("二", ("3",))):
        finding = make_finding(cast, one, number=finding_number, title=f"第{finding_number}方面工作有差距")
        for number in problems:
            problem = make_problem(cast, finding, number=number, title=f"第{number}处台账不规范")
            make_task(cast, problem, number=f"{number}-1", category="at_once")
    return one


def write(cast: Cast, inspection: Inspection) -> Notice:
    return write_notice(inspection.pk, actor=actor_for(cast.office), as_of=TODAY)


def test_figures_are_counted_from_the_register(cast: Cast, inspection: Inspection) -> None:
    facts = facts_of(inspection, as_of=TODAY)
    assert (facts.tally.problems, facts.tally.specific_problems, facts.tally.tasks) == (2, 3, 3)
    assert (facts.tally.completed, facts.tally.in_progress) == (0, 3)
    assert thawed(frozen(facts)) == facts


def test_written_notice_is_frozen_and_sealed(cast: Cast, inspection: Inspection) -> None:
    notice = write(cast, inspection)
    before = notice.facts
    finding = inspection.findings.get(number="一")
    editing.edit_finding(
        finding, {"title": "改了的标题"}, revision=finding.revision, actor=actor_for(cast.office)
    )
    assert Notice.objects.get(pk=notice.pk).facts == before
    assert Event.objects.filter(action="notice.write", organisation_id=cast.organisation.pk).count() == 1
    assert [*chain_breaks(), *table_breaks()] == []


@pytest.mark.parametrize("suffix", ["txt", "docx", "pdf"])
def test_file_reads_back_as_the_register(cast: Cast, inspection: Inspection, suffix: str) -> None:
    notice = write(cast, inspection)
    answer = signed_in(cast.office).get(f"/notices/{notice.pk}/file.{suffix}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    document = read(read_bytes(f"n.{suffix}", answer.content))
    assert [problem.number for finding in document.findings for problem in finding.problems] == [
        "1",
        "2",
        "3",
    ]
    assert (document.counted("tasks"), document.inspection.feedback_on) == (3, "2026-06-12")


def test_page_shows_text_and_check(cast: Cast, inspection: Inspection) -> None:
    notice = write(cast, inspection)
    page = signed_in(cast.reader).get(f"/notices/{notice.pk}/").content.decode()
    assert "第1处台账不规范" in page
    assert "数字由登记统计" in page
    assert "撤回这份通报" not in page


def test_office_writes_on_the_page(cast: Cast, inspection: Inspection) -> None:
    browser = signed_in(cast.office)
    assert browser.get(f"/inspections/{inspection.pk}/notice/").status_code == 200
    answer = browser.post(
        f"/inspections/{inspection.pk}/notice/", {"as_of": timezone.localdate().isoformat()}
    )
    assert answer.status_code == 302
    assert Notice.objects.count() == 1
    assert "云洲" in browser.get("/notices/").content.decode()


def test_wrong_date_is_told(cast: Cast, inspection: Inspection) -> None:
    answer = signed_in(cast.office).post(f"/inspections/{inspection.pk}/notice/", {"as_of": "2026-13-05"})
    assert answer.status_code == 422
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("reader", 403), ("outsider", 404), ("department_reader", 403)])
def test_others_do_not_write(cast: Cast, inspection: Inspection, who: str, status: int) -> None:
    answer = signed_in(getattr(cast, who)).post(
        f"/inspections/{inspection.pk}/notice/", {"as_of": "2026-11-01"}
    )
    assert answer.status_code in ({status, 404} if who == "department_reader" else {status})
    assert Notice.objects.count() == 0


def test_outsider_finds_no_notice(cast: Cast, inspection: Inspection) -> None:
    notice = write(cast, inspection)
    browser = signed_in(cast.outsider)
    for path in ("", "file.docx"):
        assert browser.get(f"/notices/{notice.pk}/{path}").status_code == 404
    assert "云洲" not in browser.get("/notices/").content.decode()


def test_future_and_empty_are_refused(cast: Cast, inspection: Inspection) -> None:
    with pytest.raises(NoticeRefused) as refused:
        write_notice(inspection.pk, actor=actor_for(cast.office), as_of=date(2030, 1, 1))
    assert refused.value.code == "notices.future"
    empty = make_inspection(cast, title="没有问题的巡察", feedback_on="2026-07-01")
    with pytest.raises(NoticeRefused) as refused:
        write(cast, empty)
    assert refused.value.code == "notices.nothing"


def test_withdrawn_needs_a_reason_and_is_gone_from_the_list(cast: Cast, inspection: Inspection) -> None:
    notice = write(cast, inspection)
    with pytest.raises(NoticeRefused):
        withdraw_notice(notice.pk, actor=actor_for(cast.office), reason=" ")
    assert (
        signed_in(cast.reader).post(f"/notices/{notice.pk}/withdraw/", {"reason": "误写"}).status_code == 403
    )
    assert (
        signed_in(cast.office).post(f"/notices/{notice.pk}/withdraw/", {"reason": "误写"}).status_code == 302
    )
    assert Notice.objects.get(pk=notice.pk).withdrawn
    assert signed_in(cast.office).get(f"/notices/{notice.pk}/").status_code == 404
