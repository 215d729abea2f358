"""The check sheet of a round as a workbook: taken along, filled in offline, brought back, shown before it is written.

round ─workbook→ xlsx with hidden ids ─filled offline→ ─preview→ rows, faults by cell, conflicts ─carried→ record_checks
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from django.core import signing

from bihuan.audit.actor import Actor
from bihuan.core.closure import RETURN_REASONS
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.core.round_papers import RESULT_WORDS
from bihuan.core.source import Source
from bihuan.orgs.models import User
from bihuan.oversight.actions.round_checks import CheckDraft, faults_of
from bihuan.oversight.models import Round, RoundCheck, RoundItem
from bihuan.oversight.queries.rounds import entitled, items_of
from bihuan.web.catalogue import say

SALT = "bihuan.oversight.round-sheet"
KEPT_SECONDS = 3600
MOST_ROWS = 500
ID, LABEL, TITLE, UNIT = "系统编号", "编号", "任务", "责任单位"
#: column word → field of a draft, in the order of the sheet after the questions
FIELDS = {
    "结果": "result", "不属实的原因": "reason", "看到的情况": "note", "地点": "place", "检查时间": "captured_at",
    "检查人": "first_id", "另一检查人": "second_id", "更正理由": "correction",
}  # fmt: skip
ANSWER_WORDS = {"是": "yes", "否": "no", "不适用": "na"}
RESULTS = {word: result for result, word in RESULT_WORDS.items()}
MOMENTS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in the row of an item: under which column, the code and its parameters."""

    row: int
    label: str
    column: str
    fault: FieldFault


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a returned sheet would write. `conflicts` are items that somebody recorded since the sheet was made."""

    drafts: tuple[CheckDraft, ...]
    labels: Mapping[int, str]
    blank: int
    same: int
    faults: tuple[CellFault, ...]
    conflicts: tuple[RoundCheck, ...]
    carried: str


def reason_words() -> dict[str, str]:
    """Return the code of each reason by its Chinese words, as the drop-down of the sheet has them."""
    return {say(f"closure.reason-{one}"): one for one in RETURN_REASONS}


def workbook(round_: Round, today: Any) -> bytes:
    """Return the sheet of a round: what may be filled in is open, all else is locked, ids are hidden."""
    items = items_of(round_)
    names = list(_people(round_, today))
    file = io.BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet, lists = book.add_worksheet("检查表"), book.add_worksheet("选项")
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
    fixed = book.add_format({"text_wrap": True, "border": 1, "valign": "top"})
    open_ = book.add_format(
        {"text_wrap": True, "border": 1, "valign": "top", "locked": False, "num_format": "@"}
    )
    columns = [ID, LABEL, TITLE, UNIT, *round_.questions, *FIELDS]
    for at, word in enumerate(columns):
        sheet.write_string(0, at, word, head)
    for line, one in enumerate(items, 1):
        item, over = one.item, _pk(one.check)
        held = (f"R{round_.pk}-{item.pk}-{over}", item.label, item.task.title, item.unit_name)
        for at, text in enumerate(held):
            sheet.write_string(line, at, text, fixed)
        for at in range(len(held), len(columns)):
            sheet.write_blank(line, at, None, open_)
    last = max(len(items), 1)
    drop: dict[str, Sequence[str]] = dict.fromkeys(round_.questions, list(ANSWER_WORDS))
    drop |= {
        "结果": list(RESULTS),
        "不属实的原因": list(reason_words()),
        "检查人": names,
        "另一检查人": names,
    }
    for place, (word, values) in enumerate((w, v) for w, v in drop.items() if v):
        for line, value in enumerate(values):
            lists.write_string(line, place, value)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        source = f"=选项!${letter}$1:${letter}${len(values)}"
        at = columns.index(word)
        sheet.data_validation(1, at, last, at, {"validate": "list", "source": source})
    moment = columns.index("检查时间")
    sheet.data_validation(
        1, moment, last, moment,
        {"validate": "any", "input_title": "检查时间", "input_message": "如2026-11-23 10:30"},
    )  # fmt: skip
    sheet.set_column(0, 0, 4, None, {"hidden": True})
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 34)
    sheet.set_column(3, len(columns) - 1, 14)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    lists.hide()
    book.close()
    return file.getvalue()


def preview(round_: Round, source: Source, *, actor: Actor) -> SheetPreview:
    """Return what a returned sheet would write, every fault and every conflict. Few queries, however many rows.

    :raises Refused: when it is not the sheet of this round, or its columns are gone.
    """
    read = list(_read(round_, source, actor))
    items = {
        item.pk: item
        for item in RoundItem.objects.select_related("task", "round").filter(round=round_, chosen=True)
    }
    there = {one.item_id: one for one in RoundCheck.objects.filter(item__round=round_, current=True)}
    faults = [
        CellFault(row, "", ID, FieldFault("item", "rounds.sheet-strange-row"))
        for row, draft, _wrong in read
        if draft.item_id not in items
    ]
    seen: set[int] = set()
    for row, draft, _wrong in read:
        if draft.item_id in seen:
            faults.append(CellFault(row, "", ID, FieldFault("item", "rounds.item-twice")))
        seen.add(draft.item_id)
    filled = [one for one in read if one[1].item_id in items and _is_filled(one[1])]
    fresh = [one for one in filled if not _is_same(one[1], there.get(one[1].item_id))]
    conflicts = [
        there[draft.item_id]
        for _row_number, draft, _wrong in fresh
        if draft.item_id in there and draft.over != there[draft.item_id].pk
    ]
    clashing = {check.item_id for check in conflicts}
    going = [one for one in fresh if one[1].item_id not in clashing]
    drafts = [replace(draft, over=_pk(there.get(draft.item_id))) for _row, draft, _wrong in going]
    wrong = faults_of(drafts, items, round_, actor=actor) if drafts and not faults else {}
    for row, draft, own in going:
        named = {fault.field for fault in own}
        found = [*own, *(one for one in wrong.get(draft.item_id, ()) if one.field not in named)]
        faults += [CellFault(row, items[draft.item_id].label, _column(fault.field), fault) for fault in found]
    return SheetPreview(
        tuple(drafts),
        {pk: item.label for pk, item in items.items()},
        blank=len(read) - len(filled),
        same=len(filled) - len(fresh),
        faults=tuple(faults),
        conflicts=tuple(conflicts),
        carried="" if faults or not drafts else carry(round_, drafts, actor),
    )


def carry(round_: Round, drafts: Sequence[CheckDraft], actor: Actor) -> str:
    """Return the drafts as a signed text that only this person can commit, within the hour."""
    rows = [
        [one.item_id, one.result, one.first_id, one.second_id, one.captured_at and one.captured_at.isoformat(),
         dict(one.answers), one.reason, one.note, one.place, one.correction, one.over]
        for one in drafts
    ]  # fmt: skip
    return signing.dumps({"user": actor.user_id, "round": round_.pk, "rows": rows}, salt=SALT, compress=True)


def carried(round_: Round, text: str, actor: Actor) -> list[CheckDraft]:
    """Return the drafts that a preview carried.

    :raises Refused: when the text was changed, is an hour old, or was made for somebody else or another round.
    """
    try:
        held = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        raise Refused("rounds.sheet-preview-gone") from None
    if held["user"] != actor.user_id or held["round"] != round_.pk:
        raise Refused("rounds.sheet-preview-gone")
    return [
        CheckDraft(
            item, result, first, second, datetime.fromisoformat(captured) if captured else None, answers=answers,
            reason=reason, note=note, place=place, correction=correction, over=over,
        )
        for item, result, first, second, captured, answers, reason, note, place, correction, over in held["rows"]
    ]  # fmt: skip


def _read(round_: Round, source: Source, actor: Actor) -> Iterator[tuple[int, CheckDraft, list[FieldFault]]]:
    """Yield each row as a draft with what of it could not be understood.

    :raises Refused: when it is not the sheet of this round.
    """
    lines = [line for line in source.lines if line.role == "row"]
    at = next((place for place, line in enumerate(lines) if ID in line.cells), None)
    if at is None or source.format != "xlsx":
        raise Refused("rounds.sheet-not-ours")
    head = {word.strip(): place for place, word in reversed(list(enumerate(lines[at].cells)))}
    missing = [word for word in (*round_.questions, *FIELDS) if word not in head]
    if missing:
        raise Refused("rounds.sheet-columns", columns="、".join(missing)[:200])
    people = _people(round_, actor.today)
    body = [line for line in lines[at + 1 :] if any(cell.strip() for cell in line.cells)]
    if len(body) > MOST_ROWS:
        raise Refused("closure.too-many", most=MOST_ROWS)
    for line in body:
        cells = {
            word: line.cells[place].strip() if place < len(line.cells) else "" for word, place in head.items()
        }
        mark = cells[ID].split("-")
        if len(mark) != 3 or mark[0] != f"R{round_.pk}" or not (mark[1].isdecimal() and mark[2].isdecimal()):
            if mark[0] not in ("", f"R{round_.pk}"):
                raise Refused("rounds.sheet-other-round")
            mark = ["", "0", "0"]
        yield int(_row(line.place.cell)), *_draft(cells, int(mark[1]), int(mark[2]), round_, people, actor)


def _draft(
    cells: Mapping[str, str], item: int, over: int, round_: Round, people: Mapping[str, int], actor: Actor
) -> tuple[CheckDraft, list[FieldFault]]:
    wrong: list[FieldFault] = []

    def known(word: str, values: Mapping[str, Any], code: str, empty: Any) -> Any:
        text = cells[word]
        if text and text not in values:
            wrong.append(
                FieldFault(FIELDS.get(word, "answers"), code, {"value": text[:40], "question": text[:40]})
            )
        return values.get(text, empty)

    answers = {
        question: found
        for question in round_.questions
        if (found := known(question, ANSWER_WORDS, "rounds.sheet-answer", ""))
    }
    draft = CheckDraft(
        item,
        known("结果", RESULTS, "rounds.result", ""),
        known("检查人", people, "rounds.sheet-person", 0),
        known("另一检查人", people, "rounds.sheet-person", 0),
        _moment(cells["检查时间"], actor.zone, wrong),
        answers=answers,
        reason=known("不属实的原因", reason_words(), "rounds.sheet-reason", ""),
        note=cells["看到的情况"],
        place=cells["地点"],
        correction=cells["更正理由"],
        over=over,
    )
    return draft, wrong


def _moment(text: str, zone: str, wrong: list[FieldFault]) -> datetime | None:
    for shape in MOMENTS if text else ():
        try:
            return datetime.strptime(text, shape).replace(tzinfo=ZoneInfo(zone))
        except ValueError:
            continue
    if text:
        wrong.append(FieldFault("captured_at", "rounds.sheet-moment", {"value": text[:40]}))
    return None


def _people(round_: Round, today: Any) -> dict[str, int]:
    """Return the persons who may look at items, by a name that is theirs alone."""
    found: list[User] = entitled(round_.kind, round_.organisation_id, today)
    names = [one.name for one in found]
    return {
        one.name if names.count(one.name) == 1 else f"{one.name}（{one.username}）": one.pk for one in found
    }


def _is_filled(draft: CheckDraft) -> bool:
    return bool(draft.result or draft.answers or draft.note or draft.captured_at)


def _is_same(draft: CheckDraft, check: RoundCheck | None) -> bool:
    """Tell whether a row says what is recorded already, so that a sheet dropped twice writes nothing."""
    if check is None or draft.captured_at is None:
        return False
    return (
        draft.result == check.result
        and draft.note == check.note
        and dict(draft.answers) == check.answers
        and draft.captured_at == check.captured_at
        and {draft.first_id, draft.second_id} == {check.first_id, check.second_id}
    )


def _pk(check: RoundCheck | None) -> int:
    return check.pk if check else 0


def _column(field: str) -> str:
    return next((word for word, name in FIELDS.items() if name == field), "督查内容")


def _row(cell: str | None) -> str:
    return "".join(filter(str.isdecimal, (cell or "").rpartition("!")[2])) or "0"
