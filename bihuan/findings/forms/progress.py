"""The forms of progress and of workbooks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.findings.forms.register import RowForm, day_field, words


class ProgressForm(RowForm):
    """What was done on a task, what comes next, what stands in the way."""

    text = words(_("做了什么"), needed=True, long=True, hint=_("写事实、日期和数字。"))
    next_step = words(_("下一步"), long=True)
    obstacle = words(_("困难"), long=True, hint=_("需要上级或别的单位解决的。"))


class PeriodForm(RowForm):
    """For which period workbooks are made, and until when they come back."""

    period = forms.CharField(label=_("期次"), max_length=40, help_text=_("写2026年11月、第3周一类的叫法。"))
    due_on = day_field(_("交回期限"))
