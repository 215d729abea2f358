"""The forms of what stands beside closure: blockers, disputes and rulings, recusals, recipients, reviews, remarks."""

import re
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.accountability import fen
from bihuan.core.refusal import Refused
from bihuan.core.register import FieldFault
from bihuan.findings.actions.axes import RULINGS
from bihuan.findings.actions.recipients import HOW
from bihuan.findings.closure_words import tell_fault
from bihuan.findings.forms.closure import ClosureForm
from bihuan.findings.forms.register import Choices, day_field, words
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from

#: What a line of recipients holds, in this order.
COLUMNS = ("name", "contact", "owed", "amount")
_APART = re.compile(r"[\t，,]")
_NAMES = re.compile(r"[、，,；;\s]+")


class BesideForm(ClosureForm):
    """A form beside closure. `aliases`: where a fault stands whose field has another name on the page."""

    aliases: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def take(self, faults: Iterable[FieldFault]) -> None:
        """Put the faults of an action beside their fields; what belongs to none stands above."""
        for fault in faults:
            name = self.aliases.get(fault.field, fault.field)
            self.add_error(name if name in self.fields else None, tell_fault(fault))

    def refuse(self, refusal: Refused) -> None:
        """Show why nothing was done: beside the field that the refusal is about, else above."""
        self.status = refusal.status
        name = self.aliases.get(refusal.code, "file" if refusal.code.startswith("files.") else "")
        self.add_error(name if name in self.fields else None, tell_fault(refusal))


class BlockerForm(BesideForm):
    """Why no task of a problem may be closed now, and where that was found."""

    needed: ClassVar[Collection[str]] = ("reason",)
    aliases = MappingProxyType({"name": "source"})

    reason = words(_("不具备销号条件的原因"), needed=True, long=True)
    source = words(_("出处"), hint=_("在哪里查到的，例如第2轮督查。至多40字。"))


class WhyForm(BesideForm):
    """The reason why something is ended, struck or withdrawn."""

    needed: ClassVar[Collection[str]] = ("reason",)

    reason = words(_("理由"), needed=True, long=True)


class DisputeForm(BesideForm):
    """What is not accepted, the whole problem or one task, and why."""

    needed: ClassVar[Collection[str]] = ("ground", "task_id")

    task_id = forms.TypedChoiceField(label=_("对哪一项有异议"), coerce=int, empty_value=None, required=False)
    ground = words(_("异议的理由"), needed=True, long=True, hint=_("写清事实和依据，上级机关按此答复。"))

    def __init__(self, *args: Any, tasks: Choices, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "task_id", [*([("", _("整个问题"))] if whole else []), *tasks])


class RulingForm(BesideForm):
    """What the superior rules, on which day; with his paper if there is one."""

    needed: ClassVar[Collection[str]] = ("text", "ruling")
    aliases = MappingProxyType({"closure.ruling-paper": "file"})

    ruling = forms.ChoiceField(label=_("答复"), widget=forms.RadioSelect)
    text = words(_("答复内容"), needed=True, long=True)
    ruled_on = day_field(_("答复日期"), _("不填就是今天。"))
    file = forms.FileField(label=_("书面答复"), required=False, allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulings = [(one, say(f"closure.ruling-{one}", lang=language())) for one in RULINGS]
        choose_from(self, "ruling", rulings)


class PaperRulingForm(RulingForm):
    """What the superior ruled, as the office enters it from his paper."""

    needed: ClassVar[Collection[str]] = ("text", "ruling", "file")

    file = forms.FileField(
        label=_("书面答复"), allow_empty_file=True, help_text=_("登记上级机关的答复，须上传扫描件或文件。")
    )


class RecusalForm(BesideForm):
    """Who takes no part, in one meeting or always, and why."""

    needed: ClassVar[Collection[str]] = ("reason",)
    aliases = MappingProxyType({"name": "meeting"})

    person_id = forms.TypedChoiceField(label=_("回避人"), coerce=int)
    meeting = words(_("会议"), hint=_("只在一次会议上回避时写会议名称，一直回避的不填。"))
    reason = words(_("回避原因"), needed=True, long=True)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "person_id", [("", "—"), *people] if len(people) > 1 else people)


class PeopleForm(BesideForm):
    """Who is owed something, a line each."""

    needed: ClassVar[Collection[str]] = ("people",)

    people = words(
        _("应得款物的人或企业"),
        needed=True,
        long=True,
        hint=_("一行一户：名称，联系方式，应得什么，金额（元）。后三项可以不写，也可以从表格粘贴。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[int] = []

    def clean(self) -> dict[str, Any]:
        """Read the lines; an amount that is none is a fault of its line. The whole may be as long as the list is."""
        self.cleaned_data["read"] = [
            self._read(number, line)
            for number, line in enumerate(self.cleaned_data.get("people", "").splitlines(), 1)
            if line.strip()
        ]
        return self.cleaned_data

    def take(self, faults: Iterable[FieldFault]) -> None:
        """Say of each fault on which line it stands."""
        for fault in faults:
            row, _dot, field = fault.field.partition(".")
            if row.isdecimal():
                self._fault(self.lines[int(row) - 1], field, tell_fault(fault))
            else:
                super().take([fault])

    def _read(self, number: int, line: str) -> dict[str, Any]:
        self.lines.append(number)
        parts = [part.strip() for part in _APART.split(line)]
        if len(parts) > len(COLUMNS):
            self._fault(number, "line", say("beside.line-parts", lang=language()))
        row: dict[str, Any] = dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS, parts, strict=False))
        amount = fen(row["amount"].removesuffix("元"))
        if amount is None:
            self._fault(number, "amount", say("closure.recipient-amount", lang=language()))
        return {**row, "amount": amount or 0}

    def _fault(self, number: int, field: str, message: str) -> None:
        word = say(f"beside.line-{field}", {"row": number}, lang=language())
        self.add_error("people", f"{word}{message}")


class DrawForm(BesideForm):
    """How many are asked, and the seed that was said in public."""

    needed: ClassVar[Collection[str]] = ("seed", "size")

    size = forms.IntegerField(label=_("抽取人数"))
    seed = words(
        _("抽取口令"), needed=True, hint=_("当众确定的字词或数字。同一名单、同一口令，抽出的人一样。")
    )

    def clean(self) -> dict[str, Any]:
        """A number that is missing is told by the action."""
        super().clean()
        self.cleaned_data["size"] = self.cleaned_data.get("size") or 0
        return self.cleaned_data


class AnswerForm(BesideForm):
    """What somebody who was drawn said."""

    needed: ClassVar[Collection[str]] = ("confirmed", "how")

    confirmed = forms.ChoiceField(label=_("是否已经得到"), widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("回访方式"), widget=forms.RadioSelect)
    asked_on = day_field(_("回访日期"), _("不填就是今天。"))
    note = words(_("说明"), long=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "confirmed", [("yes", _("已得到")), ("no", _("没有得到"))])
        choose_from(self, "how", [(one, say(f"closure.how-{one}", lang=language())) for one in HOW])

    def answer(self) -> dict[str, Any]:
        """Return it as the action takes it."""
        given = self.cleaned_data
        said = {"yes": True, "no": False}.get(given["confirmed"])
        return {**{name: given[name] for name in ("how", "asked_on", "note")}, "confirmed": said}


class ReviewForm(BesideForm):
    """What stands on a long-term task, and when it is reviewed again."""

    needed: ClassVar[Collection[str]] = ("text",)

    text = words(_("复核情况"), needed=True, long=True, hint=_("写这一段时间做了什么、机制是否在运行。"))
    next_on = day_field(_("下次复核日期"))


class RemarkForm(BesideForm):
    """A remark, and who is told of it by name."""

    needed: ClassVar[Collection[str]] = ("text",)
    aliases = MappingProxyType({"remark": "text"})

    text = words(_("留言"), needed=True, long=True)
    mentioned = words(_("提醒谁看"), hint=_("写姓名，几个人用顿号分开；同名的写成“姓名（部门）”。"))

    def names(self) -> list[str]:
        """Return the names that are written."""
        return [word for word in _NAMES.split(self.cleaned_data.get("mentioned", "")) if word]

    def ids(self, people: Collection[tuple[int, str, str]]) -> list[int]:
        """Return the people who are named; `people` are those of the organisation: number, name, unit."""
        found, faults = [], []
        for word in self.names():
            name, _open, unit = word.replace("(", "（").rstrip("）)").partition("（")
            same = [pk for pk, known, where in people if known == name and unit in ("", where)]
            if len(same) == 1:
                found.append(same[0])
            else:
                code = "beside.mentioned-twice" if same else "beside.mentioned-unknown"
                faults.append(FieldFault("mentioned", code, {"name": word[:40]}))
        self.take(faults)
        return found
