"""The forms of plans: what is filled in, opinions, approval, changes of an approved plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.findings import CATEGORIES
from bihuan.core.plan_rules import KINDS
from bihuan.core.plans import ADOPTED, DECLINED, PROVES, RESULT
from bihuan.findings.forms.register import Choices, RowForm, day_field, words
from bihuan.findings.wording import category_word
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from


def needed_day(label: Any) -> forms.DateField:
    """Return a field of a day that must be given."""
    field = day_field(label)
    field.required = True
    return field


class CauseForm(RowForm):
    """Why a problem came about."""

    cause = words(_("原因分析"), needed=True, long=True)


class AskedCauseForm(RowForm):
    """Another cause than the approved plan has."""

    cause = words(_("原因分析"), needed=True, long=True)
    reason = words(_("变更理由"), needed=True, long=True)


class JointForm(RowForm):
    """The units that work with the lead unit."""

    unit_ids = forms.TypedMultipleChoiceField(
        label=_("配合单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "unit_ids", units)


class ReachForm(RowForm):
    """The day on which a milestone was reached."""

    done_on = day_field(_("完成日期"), _("留空表示还没有完成。"))


class WaitForm(RowForm):
    """A letter to an outside body."""

    body = words(_("外部单位"), needed=True)
    matter = words(_("事项"), needed=True, long=True)
    letter = words(_("函件文号"))
    sent_on = needed_day(_("去函日期"))
    reply_due_on = needed_day(_("答复期限"))


class ReplyForm(RowForm):
    """The reply of an outside body."""

    replied_on = needed_day(_("答复日期"))
    reply = words(_("答复内容"), needed=True, long=True)


class BeginForm(RowForm):
    """A plan begun."""

    title = words(_("方案名称"), needed=True)
    document_number = words(_("文号"))


class ApproveForm(RowForm):
    """Where and when a plan was approved."""

    meeting = words(_("批准的会议"), needed=True, hint=_("例如：领导小组第3次会议。"))
    document_number = words(_("文号"))
    approved_on = day_field(_("批准日期"), _("留空即今天。"))


class OpinionForm(RowForm):
    """An opinion on a plan or one item of it."""

    unit_id = forms.TypedChoiceField(label=_("本单位内的意见"), coerce=int, empty_value=None, required=False)
    body = words(_("外部机关的意见"), hint=_("例如：巡察办、纪委监委、组织部。"))
    item = forms.ChoiceField(label=_("对哪一项"), required=False)
    text = words(_("意见"), needed=True, long=True, hint=_("没有意见的，写“无意见”。"))
    received_on = day_field(_("收到日期"), _("留空即今天。"))

    def __init__(self, *args: Any, units: Choices, items: Choices, outside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "unit_id", [*([("", "—")] if outside else []), *units])
        choose_from(self, "item", [("", _("整个方案")), *items])
        if not outside:
            del self.fields["body"]


class WhoseForm(RowForm):
    """Whose opinions a sheet brings back."""

    unit_id = forms.TypedChoiceField(label=_("本单位内的意见"), coerce=int, empty_value=None, required=False)
    body = words(_("外部机关的意见"), hint=_("例如：巡察办、纪委监委、组织部。"))
    received_on = day_field(_("收到日期"), _("留空即今天。"))

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "unit_id", [("", "—"), *units])


class AnswerForm(RowForm):
    """What becomes of an opinion."""

    answer = forms.ChoiceField(label=_("答复"))
    answer_text = words(_("说明"), long=True, hint=_("不采纳的，写明理由。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "answer", _choices("plan.answer", (ADOPTED, DECLINED)))


class ExtensionForm(RowForm):
    """A later due date asked for."""

    due_on = needed_day(_("新期限"))
    reason = words(_("延期理由"), needed=True, long=True)
    consent = words(_("上级同意的文件"), hint=_("第3次及以后的延期须写明。"))


class ChangeForm(RowForm):
    """Other values of a task than the approved plan has."""

    number = words(_("编号"), needed=True)
    title = words(_("任务"), needed=True, long=True)
    unit_id = forms.TypedChoiceField(label=_("责任单位"), coerce=int, empty_value=None, required=False)
    leader = words(_("牵头领导"))
    category = forms.ChoiceField(label=_("类别"), required=False)
    measures = words(_("整改措施"), long=True)
    expected = words(_("预期成效"), long=True)
    joint_unit_ids = forms.TypedMultipleChoiceField(
        label=_("配合单位"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = words(_("变更理由"), needed=True, long=True)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "unit_id", [("", "—"), *units])
        choose_from(self, "joint_unit_ids", units)
        choose_from(self, "category", [("", "—"), *((one, category_word(one)) for one in CATEGORIES)])


class AdditionForm(ChangeForm):
    """One more task of a problem."""

    due_on = day_field(_("期限"))
    joint_unit_ids = None  # type: ignore[assignment]
    field_order = (
        "number",
        "title",
        "unit_id",
        "leader",
        "category",
        "due_on",
        "measures",
        "expected",
        "reason",
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        RowForm.__init__(self, *args, **kwargs)
        choose_from(self, "unit_id", [("", "—"), *units])
        choose_from(self, "category", [("", "—"), *((one, category_word(one)) for one in CATEGORIES)])


class AskForm(RowForm):
    """Why something is asked for."""

    reason = words(_("变更理由"), needed=True, long=True)


class WhyForm(RowForm):
    """Why a version or an opinion is given up."""

    reason = words(_("理由"), needed=True, long=True)


class LineForm(forms.Form):
    """A line of a list; `id` names one that is there."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AroundLine(LineForm):
    """Where else one looked."""

    scope = words(_("排查范围"), needed=True)
    found = forms.IntegerField(label=_("发现几处"), min_value=0, initial=0)
    fixed = forms.IntegerField(label=_("已整改几处"), min_value=0, initial=0)
    note = words(_("说明"))


class NeedLine(LineForm):
    """A line of the checklist of evidence."""

    kind = forms.ChoiceField(label=_("种类"))
    title = words(_("材料名称"), needed=True)
    proves = forms.ChoiceField(label=_("证明"))
    optional = forms.BooleanField(label=_("可以没有"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kind", _choices("plan.kind", KINDS))
        choose_from(self, "proves", _choices("plan.proves", PROVES))
        self.fields["kind"].initial, self.fields["proves"].initial = "ledger", RESULT


class PointLine(LineForm):
    """A milestone."""

    title = words(_("阶段节点"), needed=True)
    due_on = needed_day(_("期限"))


def _choices(area: str, codes: Any) -> list[tuple[str, str]]:
    return [(code, say(f"{area}-{code}", lang=language())) for code in codes]
