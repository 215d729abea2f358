"""Contents, differences and gaps of plans; ranks of changes; accountability; the paper."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core import accountability, plan_rules, plans
from bihuan.core.paper import Paragraph
from bihuan.core.plan_text import Facts, compose_plan
from bihuan.core.plans import Item, apply, difference, digest, frozen, gaps, marked, thawed
from bihuan.formats.papers import write_paper

VALUES = st.one_of(
    st.text(max_size=8), st.integers(0, 9), st.booleans(), st.lists(st.text(max_size=4), max_size=3)
)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "measures", "due_on", "unit", "needs"]), VALUES, max_size=5
)
CONTENTS = st.dictionaries(
    st.sampled_from([f"{kind}:{n}" for kind in ("finding", "problem", "task") for n in range(4)]),
    FIELDS,
    max_size=8,
).flatmap(
    lambda found: st.permutations(sorted(found)).map(
        lambda keys: tuple(Item(key, found[key]) for key in keys)
    )
)
TEXTS = st.text(alphabet="甲乙丙丁0129-年月日。，\n ", max_size=40)


@given(CONTENTS, CONTENTS)
def test_a_difference_leads_from_one_content_to_the_other(old: plans.Content, new: plans.Content) -> None:
    made = difference(old, new)
    assert apply(made, old) == new
    assert bool(made) == ({one.key: one.fields for one in old} != {one.key: one.fields for one in new})


@given(CONTENTS)
def test_a_content_is_frozen_and_thawed(content: plans.Content) -> None:
    assert thawed(frozen(content)) == content
    assert digest(frozen(content)) == digest(frozen(thawed(frozen(content))))
    assert not difference(content, content)


@given(TEXTS, TEXTS)
def test_marked_parts_hold_both_texts_whole(old: str, new: str) -> None:
    parts = marked(old, new)
    assert "".join(text for verb, text in parts if verb != "ins") == old
    assert "".join(text for verb, text in parts if verb != "del") == new


def test_a_day_is_marked_whole_and_a_long_text_by_sentences() -> None:
    assert marked("2026-12-31", "2027-03-31") == [("del", "2026-12-31"), ("ins", "2027-03-31")]
    long = "甲乙丙丁。" * 2000
    assert marked(long, long + "新增一句。") == [("same", long), ("ins", "新增一句。")]


FULL: dict[str, Any] = {
    "number": "1-1", "title": "核查", "above": "problem:1", "finding": "finding:1", "unit_id": 3, "unit": "生态环境部",
    "leader": "贺明渠", "category": "staged", "due_on": "2026-12-31", "measures": "逐户核查",
    "needs": [{"kind": "ledger", "title": "台账", "proves": "result", "optional": False}],
}  # fmt: skip
ABOVE = (
    Item("finding:1", {"number": "（一）", "title": "责任落实不严"}),
    Item("problem:1", {"number": "1", "title": "台账不规范", "above": "finding:1", "cause": "底数不清"}),
)


@given(st.sets(st.sampled_from(["unit_id", "leader", "category", "due_on", "measures", "needs", "cause"])))
def test_each_gap_is_told_and_nothing_else(lacking: set[str]) -> None:
    task = Item(
        "task:1", {name: "" if name in lacking and name != "needs" else value for name, value in FULL.items()}
    )
    task = Item("task:1", {**task.fields, "needs": [] if "needs" in lacking else FULL["needs"]})
    problem = Item("problem:1", {**ABOVE[1].fields, "cause": "" if "cause" in lacking else "底数不清"})
    names = {"unit_id": "unit", "due_on": "due", "needs": "result"}
    assert {one.code for one in gaps((ABOVE[0], problem, task))} == {
        f"plan.gap-{names.get(n, n)}" for n in lacking
    }


def test_gaps_of_the_whole() -> None:
    assert [one.code for one in gaps(())] == ["plan.gap-empty"]
    assert [one.code for one in gaps(ABOVE)] == ["plan.gap-finding", "plan.gap-problem"]
    early = Item("task:1", {**FULL, "due_on": "2026-06-11"})
    assert [one.code for one in gaps((*ABOVE, early), feedback_on="2026-06-12")] == ["plan.gap-notice"]
    told = Item("task:1", {**early.fields, "notice": "立行立改通知书"})
    assert gaps((*ABOVE, told), feedback_on="2026-06-12") == []
    assert [one.code for one in gaps((*ABOVE, Item("task:1", FULL)), unanswered=2)] == ["plan.gap-opinions"]


def test_a_unit_reads_its_own_part_with_what_stands_above() -> None:
    other = Item("task:2", {**FULL, "unit_id": 4})
    content = (*ABOVE, Item("task:1", FULL), other)
    assert [one.key for one in plans.only(content, [3])] == ["finding:1", "problem:1", "task:1"]
    assert plans.only(content, [9]) == ()


def test_every_move_ends_in_a_known_state() -> None:
    assert set(plans.MOVES) == set(plans.STATES)
    assert {to for targets in plans.MOVES.values() for to in targets} <= set(plans.STATES)
    assert plans.APPROVED not in plans.MOVES[plans.DRAFT]


@given(st.sets(st.sampled_from(sorted(plan_rules.FIELD_RANKS)), min_size=1))
def test_the_heaviest_field_decides_who_decides(fields: set[str]) -> None:
    rank = plan_rules.rank_of(plan_rules.EDIT, fields)
    heaviest = max(plan_rules.RANKS.index(plan_rules.FIELD_RANKS[name]) for name in fields)
    assert plan_rules.RANKS.index(rank) == heaviest


def test_a_later_extension_never_needs_less() -> None:
    ranks = [plan_rules.RANKS.index(plan_rules.extension(nth)[0]) for nth in range(1, 9)]
    assert ranks == sorted(ranks)
    assert [plan_rules.extension(nth)[1] for nth in (1, 2, 3, 9)] == [False, False, True, True]


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_an_extension_is_later_than_all_that_it_must_be(new: date) -> None:
    old, first, today, feedback = date(2026, 12, 31), date(2026, 9, 30), date(2026, 11, 23), date(2026, 6, 12)
    found = plan_rules.extension_faults(new, old=old, first=first, today=today, feedback=feedback)
    assert (found == []) == (new > old)


def test_checklists_name_known_kinds_and_a_result() -> None:
    for needs in plan_rules.CHECKLISTS.values():
        assert {need.kind for need in needs} <= set(plan_rules.KINDS)
        assert any(need.proves == "result" and not need.optional for need in needs)
        assert all(need.optional for need in needs if need.kind in ("photo", "minutes"))


@given(st.integers(0, 10**12))
def test_money_is_kept_to_the_fen(value: int) -> None:
    assert accountability.fen(accountability.yuan(value)) == value


@pytest.mark.parametrize(
    ("state", "stamp"), [("opinions", "（征求意见稿）"), ("review", "（送审稿）"), ("approved", "")]
)
def test_the_paper_says_for_whom_it_is_and_annexes_three_lists(state: str, stamp: str) -> None:
    facts = Facts(
        "整改方案", "江澜高新区", "巡察", state, 1, number="江高委〔2026〕12号", feedback_on="2026-06-12"
    )
    paper = compose_plan(facts, (*ABOVE, Item("task:1", FULL)))
    assert paper.title == "整改方案" + stamp
    assert [one.title for one in paper.attachments] == ["问题清单", "任务清单", "责任清单"]
    assert all(one.landscape for one in paper.attachments)
    assert (paper.head is not None) == (state == "approved")
    text = write_paper(paper, "txt").content.decode()
    assert "原因分析：底数不清" in text and "佐证材料：台账" in text


def test_a_version_made_by_a_change_is_not_said_to_be_approved_by_the_meeting() -> None:
    facts = Facts(
        "整改方案", "某区", "巡察", "approved", 2, meeting="领导小组第3次会议", approved_on="2026-09-29"
    )
    assert "本方案（第2版）于2026年9月29日由领导小组第3次会议批准。" in _text_of(facts)
    assert "本方案由领导小组第3次会议批准。2026年9月29日按权限批准变更，形成第2版。" in _text_of(
        replace(facts, changed=True)
    )


def _text_of(facts: Facts) -> str:
    return "".join(block.text for block in compose_plan(facts, ()).blocks if isinstance(block, Paragraph))
