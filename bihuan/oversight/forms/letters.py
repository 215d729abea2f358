"""The forms of slips and letters, and of a rule."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.letters import KINDS, WAYS
from bihuan.core.oversight import RULES
from bihuan.findings.forms import Choices, RowForm, day_field, words
from bihuan.oversight.forms.sittings import choice, fill
from bihuan.oversight.words import told
from bihuan.web.forms import choose_from


class LetterForm(RowForm):
    """A draft of a letter."""

    kind = forms.ChoiceField(label=_("种类"))
    unit_id = choice(_("发往单位"), needed=True)
    addressee = words(_("主送"), needed=True, hint=_("照公文写法，例如“生态环境部：”。"))
    title = words(_("标题"), needed=True)
    basis = words(_("依据"), long=True)
    text = words(_("正文"), needed=True, long=True)
    reply_due_on = day_field(_("回复期限"))
    copies = words(_("抄送"))
    signer = words(_("签发人"))

    def __init__(self, *args: Any, kinds: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "kind", kinds, empty=False)
        fill(self, "unit_id", units)


class NewLetterForm(LetterForm):
    """A new letter, with the tasks that it is about."""

    tasks = forms.CharField(
        label=_("所涉任务编号"),
        required=False,
        help_text=_("用顿号或空格隔开，例如“17-2、17-3”。"),
    )
    organisation_id = choice(_("单位"), needed=True)
    field_order = ("organisation_id", "kind", "unit_id", "tasks")

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill(self, "organisation_id", organisations, empty=False)


class DeliverForm(RowForm):
    """To whom a letter was handed, when and how."""

    delivered_on = day_field(_("送达日期"))
    delivered_to = words(_("签收人"), needed=True)
    delivered_how = forms.ChoiceField(label=_("送达方式"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delivered_on"].required = True
        choose_from(self, "delivered_how", [(way, told(f"way-{way}")) for way in WAYS])


class ReplyForm(RowForm):
    """What a unit answers; signer and day only where the issuer writes a paper down."""

    text = words(_("办理情况"), long=True)
    file = forms.FileField(label=_("附件"), required=False)
    signer = words(_("签字人"), hint=_("登记纸面回复时填写。"))
    replied_on = day_field(_("回复日期"), _("登记纸面回复时填写。"))


class JudgeForm(RowForm):
    """Whether a reply stands."""

    taken = forms.TypedChoiceField(
        label=_("这份回复"),
        choices=(("yes", _("认可")), ("no", _("退回重报"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = words(_("意见"), long=True, hint=_("退回时必填。"))


class CloseForm(RowForm):
    """Why a letter is closed without a reply that stands."""

    note = words(_("办结说明"), long=True, hint=_("没有回复就办结的，写明原因。"))


class RuleForm(RowForm):
    """The value of a rule, where it comes from, and from when it holds."""

    value = forms.CharField(label=_("取值"), required=False)
    source = words(_("依据"), needed=True, hint=_("写明文件名称和文号。"))
    starts_on = day_field(_("自哪天起"), _("不填就是今天。"))

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = RULES[key].shape
        if self.shape == "ladder":
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 12})
        if self.shape == "day":
            self.fields["value"].widget = forms.DateInput(attrs={"type": "date"})

    def given(self) -> Any:
        """Return the value in the rule's shape; what cannot be read stays text, and the action refuses it."""
        text = self.cleaned_data["value"].strip()
        if self.shape in ("days", "number"):
            return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
        if self.shape == "day":
            return text or None
        if self.shape == "ladder":
            try:
                return json.loads(text)
            except ValueError:
                return text
        return text


def kinds_for(steps: frozenset[str]) -> list[tuple[str, str]]:
    """Return the kinds of letters that these steps issue."""
    return [(kind.key, told(f"letter-{kind.key}")) for kind in KINDS.values() if kind.step in steps]
