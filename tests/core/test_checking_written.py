"""A notice that the register writes about a live inspection has no fault of severity error."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.checking import check
from bihuan.core.notice_text import (
    NoticeFacts,
    NoticeFinding,
    NoticeProblem,
    Opening,
    PublicContact,
    Tally,
    compose_notice,
)
from bihuan.core.reading import read
from bihuan.formats import read_bytes
from bihuan.formats.papers import write_paper

_SUBJECTS = (
    "安全生产责任",
    "统计台账",
    "污水管网",
    "财务报销",
    "工程变更",
    "招商履约",
    "党课记录",
    "采购程序",
    "土地处置",
    "环保档案",
)
_LACKS = ("落实不到位", "管理不规范", "推进不快", "重视不够", "监督不严")
_DEEDS = (
    "核对台账36本",
    "补签文书58份",
    "退还服务费46.8万元",
    "约谈企业9家",
    "制定管理办法",
    "组织培训",
    "逐项登记销号",
)
_STATES = st.integers(0, 30)


@st.composite
def live_notices(draw: st.DrawFn) -> NoticeFacts:
    start = draw(st.dates(date(2020, 1, 1), date(2026, 1, 1)))
    ends, told, signed = (start + timedelta(days) for days in (45, 100, draw(st.integers(120, 400))))
    findings, number = [], 0
    names = [f"{subject}{lack}" for subject in _SUBJECTS for lack in _LACKS]
    for _ in range(draw(st.integers(1, 8))):
        problems = []
        for _ in range(draw(st.integers(1, 5))):
            number += 1
            deeds = draw(st.lists(st.sampled_from(_DEEDS), max_size=3, unique=True))
            response = (f"一是{'，'.join(deeds)}。",) if deeds else ()
            problems.append(NoticeProblem(str(number), names[number - 1] + "。", response))
        findings.append(NoticeFinding(f"履行第{number}项职责有差距", tuple(problems)))
    states = [draw(_STATES) for _ in range(5)]
    policies = draw(st.one_of(st.none(), st.integers(1, 40)))
    tally = Tally(
        problems=len(findings), specific_problems=number, tasks=sum(states) or None, completed=states[0],
        basically_completed=states[1] or None, in_progress=states[2] or None, long_term=states[3] or None,
        not_completed=states[4] or None, policies=policies, as_of=signed.isoformat(),
    )  # fmt: skip
    opening = Opening(
        subject="清江市临港园区党工委", short="临港园区党工委", kind=draw(st.sampled_from(["巡察", "专项巡察"])),
        authority="清江市委巡察工作统一部署", team="清江市委第二巡察组", starts_on=start.isoformat(),
        ends_on=ends.isoformat(), feedback_on=draw(st.sampled_from([told.isoformat(), None])),
    )  # fmt: skip
    contact = draw(st.sampled_from([PublicContact("0739-6120034", "清江市港一路1号", None), PublicContact()]))
    return NoticeFacts(
        opening,
        tally,
        tuple(findings),
        contact=contact,
        signed_by="中共清江市临港园区工作委员会",
        signed_on=signed.isoformat(),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(facts=live_notices(), form=st.sampled_from(["txt", "txt", "docx"]))
def test_a_notice_written_from_a_live_inspection_has_no_error(facts: NoticeFacts, form: str) -> None:
    data = write_paper(compose_notice(facts), form).content
    source = read_bytes(f"通报.{form}", data)
    errors = [fault for fault in check(source, read(source)) if fault.severity == "error"]
    assert [(fault.kind, fault.place.line, fault.quote, dict(fault.params)) for fault in errors] == []
