"""The forms of dispatches, meetings and decisions."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.meetings import ANSWERS, KINDS
from bihuan.findings.forms import Choices, RowForm, day_field, words
from bihuan.oversight.words import told
from bihuan.web.forms import choose_from

MEMBERS = ("present", "absent", "guest")


def choice(label: Any, *, needed: bool = False, coerce: Any = int, hint: Any = "") -> forms.TypedChoiceField:
    """Return a field whose choices the form is given."""
    return forms.TypedChoiceField(
        label=label, coerce=coerce, empty_value=None, required=needed, help_text=hint
    )


def fill(form: forms.Form, name: str, choices: Choices, *, empty: bool = True) -> None:
    """Give a field its choices."""
    choose_from(form, name, [("", "—"), *choices] if empty else list(choices))


class PrepareForm(RowForm):
    """Which week a dispatch is prepared for."""

    organisation_id = choice(_("单位"), needed=True)
    week_of = day_field(_("哪一周"), _("填这一周里的任意一天。"))
    inspection_id = choice(_("只调度一个巡察"), hint=_("不选就是本单位全部在办的巡察。"))

    def __init__(self, *args: Any, organisations: Choices, inspections: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "organisation_id", organisations, empty=False)
        fill(self, "inspection_id", inspections)
        self.fields["week_of"].required = True


class DispatchForm(RowForm):
    """Where a dispatch meets, who chairs it, and a note."""

    place = words(_("地点"))
    chair = words(_("主持人"))
    note = words(_("说明"), long=True)


class HoldForm(DispatchForm):
    """That a dispatch was held: the day, and as of when its agenda is frozen."""

    held_on = day_field(_("召开日期"))
    as_of = day_field(_("议程数字截至"), _("不填就是召开当天。"))
    field_order = ("held_on", "as_of", "place", "chair", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].required = True


class MeetingForm(RowForm):
    """The facts of a meeting."""

    title = words(_("会议名称"), needed=True)
    held_on = day_field(_("召开日期"))
    place = words(_("地点"))
    chair = words(_("主持人"))
    inspection_id = choice(_("巡察"))
    topics = words(_("议题"), long=True, hint=_("一行一项。"))
    account = words(_("会议情况"), long=True, hint=_("写进纪要，一段一行。"))

    def __init__(self, *args: Any, inspections: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "inspection_id", inspections)
        self.fields["held_on"].required = True


class NewMeetingForm(MeetingForm):
    """A meeting that is called."""

    organisation_id = choice(_("单位"), needed=True)
    kind = forms.ChoiceField(label=_("种类"))
    field_order = ("organisation_id", "kind")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "organisation_id", organisations, empty=False)
        choose_from(self, "kind", [(kind, told(f"meeting-{kind}")) for kind in KINDS])


class AttendanceForm(RowForm):
    """Who was to be there, a line each: name, post, and for who is absent the reason."""

    present = words(_("出席"), long=True, hint=_("一行一人：姓名 职务。线上参加的在行末写“线上”。"))
    absent = words(_("请假"), long=True, hint=_("一行一人：姓名 职务 理由。"))
    guest = words(_("列席"), long=True, hint=_("一行一人：姓名 职务。"))

    def people(self, known: dict[str, int]) -> list[dict[str, Any]]:
        """Return the people of all lines; a name that only one account has is that account."""
        return [
            one
            for manner in MEMBERS
            for line in self.cleaned_data[manner].splitlines()
            if (one := read_person(line, manner, known))
        ]


def read_person(line: str, manner: str, known: dict[str, int]) -> dict[str, Any] | None:
    """Return the person of a line, None for an empty one.

    >>> read_person("沈既白 副主任 线上", "present", {})
    {'name': '沈既白', 'post': '副主任', 'reason': '', 'manner': 'online', 'person_id': None}
    """
    parts = re.split(r"[\s，,、]+", line.strip())
    if not parts[0]:
        return None
    name, rest = parts[0], parts[1:]
    if rest and rest[-1] == "线上" and manner == "present":
        manner, rest = "online", rest[:-1]
    return {
        "name": name,
        "post": rest[0] if rest else "",
        "reason": " ".join(rest[1:]),
        "manner": manner,
        "person_id": known.get(name),
    }


def lines_of(people: Sequence[Any]) -> dict[str, str]:
    """Return the lines of a form for people that are there already."""
    found: dict[str, list[str]] = {manner: [] for manner in MEMBERS}
    for one in people:
        online = ["线上"] if one.manner == "online" else []
        parts = [part for part in (one.name, one.post, one.reason, *online) if part]
        found["present" if one.manner in ("online", "substitute") else one.manner].append(" ".join(parts))
    return {manner: "\n".join(lines) for manner, lines in found.items()}


class DecisionForm(RowForm):
    """A decision: what, who, until when; or a question with the office's advice."""

    text = words(_("议定事项"), needed=True, long=True)
    unit_id = choice(_("承办单位"))
    person_id = choice(_("承办人"))
    person_name = words(_("承办人（没有账号的写姓名）"))
    due_on = day_field(_("完成期限"))
    task_id = choice(_("相关任务"))

    def __init__(self, *args: Any, units: Choices, people: Choices, tasks: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "unit_id", units)
        fill(self, "person_id", people)
        fill(self, "task_id", tasks)


class QuestionForm(DecisionForm):
    """A question laid before the leading group."""

    advice = words(_("整改办建议"), long=True)
    field_order = ("text", "advice")

    def values(self) -> dict[str, Any]:
        """Return the values with the mark of a question."""
        return {**super().values(), "asked": True}


class AnswerForm(RowForm):
    """What the leading group answers; name and day only where the office writes a paper down."""

    answer = forms.ChoiceField(label=_("批示"), widget=forms.RadioSelect)
    text = words(_("批示内容"), long=True)
    answered_by = words(_("批示人"), hint=_("登记纸面批示时填写。"))
    answered_on = day_field(_("批示日期"), _("登记纸面批示时填写。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "answer", [(word, told(f"answer-{word}")) for word in ANSWERS])


class FinishForm(RowForm):
    """When a decision was done and what came of it."""

    done_on = day_field(_("办结日期"))
    note = words(_("办理结果"), needed=True, long=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = True


class RecuseForm(RowForm):
    """Who stands aside from what in a meeting."""

    person_id = choice(_("回避人"), needed=True)
    task_id = choice(_("任务"))
    problem_id = choice(_("或整个问题"))
    reason = words(_("回避原因"), needed=True)

    def __init__(self, *args: Any, people: Choices, tasks: Choices, problems: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "person_id", people)
        fill(self, "task_id", tasks)
        fill(self, "problem_id", problems)


class WhyForm(RowForm):
    """Why something is cancelled or withdrawn."""

    reason = words(_("理由"), needed=True, long=True)
