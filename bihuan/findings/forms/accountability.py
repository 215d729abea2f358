"""The forms of uses of institutions and of who was held to account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.findings.forms.plan import WhyForm, needed_day
from bihuan.findings.forms.register import Choices, RowForm, words
from bihuan.web.forms import choose_from

__all__ = ["AccountabilityForm", "UseForm", "WhyForm"]


class UseForm(RowForm):
    """What was done by an institution, with its paper."""

    done_on = needed_day(_("执行日期"))
    text = words(_("怎样执行"), needed=True, long=True)
    file = forms.FileField(label=_("佐证文件"), required=False)


class AccountabilityForm(RowForm):
    """How many persons in which form, and money recovered in yuan."""

    form = forms.ChoiceField(label=_("处理方式"))
    manner = words(_("具体方式"), hint=_("例如：诫勉谈话。不写姓名。"))
    persons = forms.IntegerField(label=_("人数"), min_value=0, initial=0)
    recovered = words(_("追缴金额（元）"), hint=_("至多两位小数，例如1234.50。"))
    decided_on = needed_day(_("决定日期"))
    problem_id = forms.TypedChoiceField(label=_("具体问题"), coerce=int, empty_value=None, required=False)
    basis = words(_("依据"), long=True, hint=_("写文件名称和文号，不写姓名。"))

    def __init__(self, *args: Any, forms_of: Choices, problems: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "form", forms_of)
        choose_from(self, "problem_id", [("", "—"), *problems])
