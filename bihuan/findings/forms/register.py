"""The forms of the register: typed text ─clean→ values for an action; the action's faults go beside their fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.findings import CATEGORIES, OPEN_STATES
from bihuan.core.register import FieldFault
from bihuan.findings.wording import category_word, state_word
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from

LONG = forms.Textarea(attrs={"rows": 4})
Choices = Sequence[tuple[str, str]]
NOTHING_PROPOSED: Mapping[str, tuple[date, str]] = MappingProxyType({})


def words(label: Any, *, needed: bool = False, hint: Any = "", long: bool = False) -> forms.CharField:
    """Return a field of text; its length is judged by core.register, with all other faults."""
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(attrs={"class": "wide"})
    return forms.CharField(label=label, required=needed, help_text=hint, widget=widget)


def month_or_day(label: Any) -> forms.CharField:
    """Return a field of a date that may be known to the month only."""
    return forms.CharField(label=label, required=False, help_text=_("写2026-06-12，只知道月份时写2026-06。"))


def day_field(label: Any, hint: Any = "") -> forms.DateField:
    """Return a field of a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, help_text=hint, widget=widget)


class RowForm(forms.Form):
    """A form of one row of the register. `revision` is what the person read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> dict[str, Any]:
        """Return the cleaned values as an action takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "revision"}

    def take(self, faults: Iterable[FieldFault]) -> None:
        """Put the faults of an action beside their fields."""
        for fault in faults:
            told = say(fault.code, fault.params, lang=language())
            self.add_error(fault.field if fault.field in self.fields else None, told)


class InspectionForm(RowForm):
    """The facts of an inspection."""

    title = words(_("名称"), needed=True, hint=_("照文件上的写法。"))
    kind_id = forms.ChoiceField(label=_("种类"))
    authority = words(_("派出机关"))
    team = words(_("巡察组"))
    subject = words(_("被巡察单位"))
    starts_on = month_or_day(_("进驻日期"))
    ends_on = month_or_day(_("结束日期"))
    feedback_on = month_or_day(_("反馈日期"))
    notice_title = words(_("通报标题"))
    signed_by = words(_("落款单位"))
    signed_on = month_or_day(_("落款日期"))
    published_on = month_or_day(_("公布日期"))
    phone = words(_("联系电话"))
    post = words(_("通信地址"))
    email = words(_("电子邮箱"))

    def __init__(self, *args: Any, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kind_id", kinds)


class NewInspectionForm(InspectionForm):
    """An inspection begun by hand, in an organisation of the person's."""

    organisation_id = forms.TypedChoiceField(label=_("单位"), coerce=int)
    field_order = ("organisation_id", "title", "kind_id")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "organisation_id", organisations)


class FindingForm(RowForm):
    """A finding."""

    number = words(_("编号"), needed=True)
    title = words(_("反馈问题"), needed=True, long=True)
    quote = words(_("反馈原文"), long=True)


class ProblemForm(RowForm):
    """A problem."""

    number = words(_("编号"), needed=True)
    title = words(_("具体问题"), needed=True, long=True)
    text = words(_("问题表现"), long=True)
    response = words(_("整改情况"), long=True)


class TaskForm(RowForm):
    """A task."""

    number = words(_("编号"), needed=True)
    title = words(_("任务"), needed=True, long=True)
    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int, empty_value=None, required=False)
    leader = words(_("牵头领导"))
    category = forms.ChoiceField(label=_("类别"), required=False)
    due_on = day_field(_("期限"))
    notice = words(_("立行立改依据"), hint=_("期限早于反馈日期时，写明是哪份立行立改通知书。"))
    measures = words(_("整改措施"), long=True)
    expected = words(_("预期成效"), long=True)
    remark = words(_("备注"), long=True)

    def __init__(
        self,
        *args: Any,
        units: Choices,
        first_due: date | None = None,
        proposed: Mapping[str, tuple[date, str]] = NOTHING_PROPOSED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if proposed:
            said = [f"{category_word(name)}{day.isoformat()}" for name, (day, _source) in proposed.items()]
            self.fields["due_on"].help_text = _("按期限规则，建议：%(days)s。") % {"days": "，".join(said)}
        choose_from(self, "unit_id", [("", "—"), *units])
        choose_from(self, "category", [("", "—"), *((word, category_word(word)) for word in CATEGORIES)])
        if first_due is not None:
            self.fields["due_on"].help_text = _("首定期限%(day)s，一直保留。") % {
                "day": first_due.isoformat()
            }


class StateForm(RowForm):
    """The open state of a task."""

    state = forms.ChoiceField(label=_("状态"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "state", [(state, state_word(state)) for state in OPEN_STATES])


class StepForm(RowForm):
    """A step of a task."""

    title = words(_("工作步骤"), needed=True, long=True)
    person = words(_("经办人"))
    due_on = day_field(_("期限"))
    done_on = day_field(_("完成日期"))


class InstitutionForm(RowForm):
    """An institution made or mended."""

    title = words(_("名称"), needed=True)
    document_number = words(_("文号"))
    issued_on = month_or_day(_("印发日期"))
    number = words(_("编号"))
    effective_on = day_field(_("生效日期"))
    review_on = day_field(_("复审日期"), _("到这一天重新审查是否还适用。"))
    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int, empty_value=None, required=False)
    inspection_id = forms.TypedChoiceField(label=_("巡察"), coerce=int, empty_value=None, required=False)

    superseded_by_id = forms.TypedChoiceField(
        label=_("已被哪项制度代替"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self, *args: Any, units: Choices, inspections: Choices, institutions: Choices = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if institutions:
            choose_from(self, "superseded_by_id", [("", "—"), *institutions])
        else:
            del self.fields["superseded_by_id"]
        choose_from(self, "unit_id", [("", "—"), *units])
        choose_from(self, "inspection_id", [("", "—"), *inspections])


class NewInstitutionForm(InstitutionForm):
    """An institution registered by hand, in an organisation of the person's."""

    organisation_id = forms.TypedChoiceField(label=_("单位"), coerce=int)
    field_order = ("organisation_id",)

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "organisation_id", organisations)


class ReasonForm(RowForm):
    """The reason why a row is withdrawn."""

    reason = words(_("撤回理由"), needed=True, long=True, hint=_("撤回的记录仍可查，注明“已撤回”。"))


def first_values(form: type[RowForm], row: Any) -> dict[str, Any]:
    """Return what a form shows at first: the row as it stands, with the revision that the person reads."""
    names = [name for name in form.base_fields if name != "organisation_id"]
    return {name: getattr(row, name) for name in names if hasattr(row, name)}
