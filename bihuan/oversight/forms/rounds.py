"""What people fill in about rounds: shape only; what is decided stands in the actions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.closure import RETURN_REASONS
from bihuan.core.rounds import ANSWERS, HIGH, KINDS, ORDINARY, RESULTS, STRATA
from bihuan.findings.forms import RowForm, day_field, words
from bihuan.orgs.models import User
from bihuan.oversight.actions.round_checks import CheckDraft
from bihuan.oversight.models import RoundCheck
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from

KIND_WORDS = {"full": _("全面督查"), "sampled": _("抽样督查"), "recheck": _("抽查复核")}
STATE_WORDS = {
    "preparing": _("准备中"), "frozen": _("名单已冻结"), "open": _("检查中"), "reported": _("已形成报告"),
}  # fmt: skip
RESULT_WORDS = {"holds": _("属实"), "fails": _("不属实"), "unseen": _("未看到")}
ANSWER_WORDS = {"yes": _("是"), "no": _("否"), "na": _("不适用")}
STRATA_WORDS = {"unit": _("责任单位"), "risk": _("风险")}
VIA_WORDS = {"screen": _("网页"), "sheet": _("检查表"), "workbook": _("表格导入"), "api": _("接口")}
MOMENT = "%Y-%m-%dT%H:%M"


class RoundForm(RowForm):
    """A round before its list is frozen."""

    kind = forms.ChoiceField(label=_("方式"), choices=[(kind, KIND_WORDS[kind]) for kind in KINDS])
    title = words(_("名称"), needed=True)
    starts_on = day_field(_("开始日期"))
    ends_on = day_field(_("结束日期"))
    asked = words(_("督查内容"), needed=True, hint=_("每行一条，用“是、否、不适用”回答。"), long=True)
    strata = forms.MultipleChoiceField(
        label=_("抽样分层"),
        required=False,
        choices=[(one, STRATA_WORDS[one]) for one in STRATA],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("每层至少抽1项，其余按比例分配。全面督查不用选。"),
    )
    heavy = forms.IntegerField(
        label=_("重点项目的权数"), required=False, min_value=1, max_value=100, initial=1,
        help_text=_("延期、退回过、基本完成和长期整改的为重点。填3即按三倍分配。"),
    )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return the values as `create_round` takes them."""
        given = super().values()
        heavy = given.pop("heavy") or 1
        given["questions"] = [line.strip() for line in given.pop("asked").splitlines() if line.strip()]
        given["weights"] = {HIGH: heavy, ORDINARY: 1} if heavy > 1 else {}
        return given

    def take(self, faults: Iterable[Any]) -> None:
        """Put the faults of the action beside the fields under which they were asked."""
        named = {"questions": "asked", "weights": "heavy"}
        for fault in faults:
            field = named.get(fault.field, fault.field)
            self.add_error(
                field if field in self.fields else None, say(fault.code, fault.params, lang=language())
            )


class NewRoundForm(RoundForm):
    """A new round, of one of the live inspections in sight."""

    inspection_id = forms.TypedChoiceField(label=_("巡察"), coerce=int)
    field_order = ("inspection_id",)

    def __init__(self, *args: Any, inspections: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "inspection_id", inspections)


class DrawForm(forms.Form):
    """The seed, once the list is frozen."""

    agreed = words(_("会上公开确定的内容"), hint=_("如现场掷出的骰子点数3-5-1-6-2。先宣读名单摘要，再确定。"))
    size = forms.IntegerField(label=_("抽取数量"), min_value=1)
    reason = words(_("重新抽样的理由"), hint=_("已抽过样时必填，两次结果都会公开显示。"))

    def take(self, faults: Iterable[Any]) -> None:
        """Put the faults of the action beside their fields."""
        for fault in faults:
            self.add_error(
                fault.field if fault.field in self.fields else None,
                say(fault.code, fault.params, lang=language()),
            )


class CheckForm(forms.Form):
    """What was found of one item; made for a phone: large choices, the photo straight from the camera."""

    over = forms.IntegerField(widget=forms.HiddenInput, required=False)
    result = forms.ChoiceField(
        label=_("检查结果"), required=False, widget=forms.RadioSelect,
        choices=[(one, RESULT_WORDS[one]) for one in RESULTS],
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("不属实的原因"), required=False)
    note = words(_("看到的情况"), hint=_("不属实或未看到时必填。"), long=True)
    place = words(_("地点"))
    captured_at = forms.DateTimeField(
        label=_("检查时间"), required=False, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    first_id = forms.TypedChoiceField(label=_("检查人"), coerce=int, required=False)
    second_id = forms.TypedChoiceField(label=_("另一检查人"), coerce=int, required=False)
    photo = forms.FileField(
        label=_("照片"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf", "capture": "environment"}),
    )  # fmt: skip
    correction = words(_("更正理由"))

    def __init__(
        self,
        *args: Any,
        questions: Sequence[str],
        people: Sequence[User],
        old: RoundCheck | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(0, "—"), *((one.pk, one.name) for one in people)]
        for name in ("first_id", "second_id"):
            choose_from(self, name, named)
        reasons = ((one, say(f"closure.reason-{one}", lang=language())) for one in RETURN_REASONS)
        choose_from(self, "reason", [("", "—"), *reasons])
        self.questions = list(questions)
        for place, question in enumerate(self.questions):
            self.fields[f"q{place}"] = forms.ChoiceField(
                label=question, required=False, widget=forms.RadioSelect,
                choices=[(one, ANSWER_WORDS[one]) for one in ANSWERS],
            )  # fmt: skip
        asked = [f"q{place}" for place in range(len(self.questions))]
        if old is None:
            del self.fields["correction"]
        self.order_fields(
            ["over", "captured_at", "first_id", "second_id", "place", *asked, "result", "reason", "note"]
        )

    def draft(self, item_id: int) -> CheckDraft:
        """Return what was filled in, for `record_checks`."""
        given = self.cleaned_data
        answers = {
            question: given[f"q{place}"]
            for place, question in enumerate(self.questions)
            if given[f"q{place}"]
        }
        moment: datetime | None = given["captured_at"]
        return CheckDraft(
            item_id, given["result"], given["first_id"] or 0, given["second_id"] or 0, moment,
            answers=answers, reason=given["reason"], note=given["note"], place=given["place"],
            correction=given.get("correction", ""), over=given["over"] or 0,
        )  # fmt: skip

    def take(self, faults: Iterable[Any]) -> None:
        """Put the faults of the action beside their fields; those of answers beside the first question."""
        for fault in faults:
            field = "q0" if fault.field == "answers" else fault.field
            self.add_error(
                field if field in self.fields else None, say(fault.code, fault.params, lang=language())
            )
