"""The forms of closure: the claim, the decision on a step, the return, the reopening, the scan of a signed sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.closure import CLOSE, PREVIOUS, REOPEN_REASONS, RETURN_REASONS, VERIFY, Answers, Claim
from bihuan.core.findings import END_STATES
from bihuan.core.register import FieldFault
from bihuan.findings.actions.closure_back import Return
from bihuan.findings.closure_words import tell_fault
from bihuan.findings.forms.register import RowForm, day_field, words
from bihuan.findings.wording import state_word
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from

LONGEST = 4000
YES_NO = {"sufficient": (_("充分"), _("不充分")), "appropriate": (_("适当"), _("不适当"))}
#: Where a fault stands whose field has another name on the page.
ALIASES = MappingProxyType({"on": "signed_on"})
Named = Sequence[tuple[int, str]]


def reasons(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return codes of reasons with their words."""
    return [(code, say(f"closure.reason-{code}", lang=language())) for code in codes]


def answers_of(given: Mapping[str, Any]) -> Answers:
    """Return the two answers of a verifier, None for one that was not given."""
    said = {"yes": True, "no": False}
    return Answers(said.get(given.get("sufficient", "")), said.get(given.get("appropriate", "")))


class ClosureForm(RowForm):
    """A form of closure: text longer than LONGEST characters is a fault of its field.

    `status` is the HTTP status of the page that shows its faults.
    """

    status = 422
    needed: ClassVar[Collection[str]] = ()

    def full_clean(self) -> None:
        """Judge the fields; that one is empty is said by the action, with all other faults."""
        for name in self.needed:
            self.fields[name].required = False
        super().full_clean()
        for name in self.needed:
            self.fields[name].required = True

    def take(self, faults: Iterable[FieldFault]) -> None:
        """Put the faults of a step beside their fields; what belongs to none stands above."""
        for fault in faults:
            name = ALIASES.get(fault.field, fault.field)
            self.add_error(name if name in self.fields else None, tell_fault(fault))

    def clean(self) -> dict[str, Any]:
        """Judge the length of every text."""
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and len(value) > LONGEST:
                self.add_error(name, say("desk.too-long", {"most": LONGEST}, lang=language()))
        return self.cleaned_data


class ClaimForm(ClosureForm):
    """What a unit claims: the end, what was done; what is left and until when; the next review."""

    needed = ("text",)

    end_state = forms.ChoiceField(label=_("申请的结果"), widget=forms.RadioSelect, required=False)
    text = words(_("做了什么、结果怎样"), needed=True, long=True, hint=_("写数字、日期和成效，不写打算。"))
    left_over = words(_("还剩什么"), long=True, hint=_("基本完成时必填。"))
    left_until = day_field(_("剩余部分哪天前完成"), _("基本完成时必填。"))
    failures = words(_("没有通过的检查"), long=True, hint=_("逐项写名称和原因，没有时不填。"))
    review_on = day_field(_("下次复核日期"), _("长期整改时必填。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "end_state", [(state, state_word(state)) for state in END_STATES])

    def claim(self) -> Claim:
        """Return what is claimed; what belongs to another end is left out."""
        given = self.cleaned_data
        end = given.get("end_state", "")
        return Claim(
            end,
            given.get("text", ""),
            given.get("left_over", ""),
            given.get("left_until"),
            given.get("failures", ""),
            given.get("review_on"),
        )


class DecisionForm(ClosureForm):
    """What somebody decides on a step: answers and note of a verifier, the meeting of a group; else nothing."""

    sufficient = forms.ChoiceField(label=_("一、材料是否充分？"), widget=forms.RadioSelect, required=False)
    appropriate = forms.ChoiceField(label=_("二、整改是否适当？"), widget=forms.RadioSelect, required=False)
    verify_note = words(_("核查说明"), long=True)
    meeting = words(_("会议"), hint=_("在会上销号时写会议名称，回避的人按会议核对。"))

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in YES_NO:
            choose_from(self, name, list(zip(("yes", "no"), YES_NO[name], strict=True)))
        unused = {VERIFY: ("meeting",), CLOSE: ("sufficient", "appropriate", "verify_note")}
        for name in unused.get(step, tuple(self.fields)):
            self.fields.pop(name, None)

    def answers(self) -> Answers:
        """Return the two answers."""
        return answers_of(self.cleaned_data)


class ReturnForm(ClosureForm):
    """Why a claim goes back: the coded reason, what failed, what is to be done, and to where."""

    reason = forms.ChoiceField(label=_("退回原因"), widget=forms.RadioSelect, required=False)
    evidence_id = forms.TypedChoiceField(label=_("哪份材料"), coerce=int, empty_value=None, required=False)
    need_id = forms.TypedChoiceField(label=_("清单哪一项"), coerce=int, empty_value=None, required=False)
    measure = words(_("哪条措施"))
    note = words(_("要求补什么"), long=True)
    to = forms.ChoiceField(label=_("退到哪里"), required=False)

    def __init__(
        self, *args: Any, stage: str = "", evidence: Named = (), needs: Named = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["reason"].choices = reasons(RETURN_REASONS)
        fields["evidence_id"].choices = [("", _("不指材料")), *evidence]
        fields["need_id"].choices = [("", _("不指清单")), *needs]
        if stage in PREVIOUS:
            back = say(f"desk.back-{PREVIOUS[stage]}", lang=language())
            fields["to"].choices = [("", say("desk.back-unit", lang=language())), (PREVIOUS[stage], back)]
        else:
            fields.pop("to")

    def given(self) -> Return:
        """Return it as the action takes it."""
        given = self.cleaned_data
        return Return(
            given.get("reason", ""),
            given.get("note", ""),
            given.get("evidence_id"),
            given.get("need_id"),
            given.get("measure", ""),
            given.get("to", ""),
        )


class ReopenForm(ClosureForm):
    """Why a closed task is taken up again."""

    needed = ("note",)

    reason = forms.ChoiceField(label=_("原因"), widget=forms.RadioSelect, required=False)
    note = words(_("查到了什么"), needed=True, long=True)
    source = forms.CharField(
        label=_("依据"), required=False, max_length=100, help_text=_("文件、轮次或会议的名称。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "reason", reasons(REOPEN_REASONS))


class WithdrawForm(ClosureForm):
    """Why a claim is taken back; it need not be said."""

    reason = words(_("撤回的原因"), long=True)


class BindForm(ClosureForm):
    """The scan of a signed sheet: the file, who signed when, and what a verifier answered."""

    file = forms.FileField(label=_("扫描件"), help_text=_("PDF或图片。"), allow_empty_file=True)
    signer_id = forms.TypedChoiceField(label=_("签字人"), coerce=int)
    signed_on = day_field(_("签字日期"), _("照单上手写的日期。"))
    sufficient = forms.ChoiceField(
        label=_("单上勾选：材料是否充分"), widget=forms.RadioSelect, required=False
    )
    appropriate = forms.ChoiceField(
        label=_("单上勾选：整改是否适当"), widget=forms.RadioSelect, required=False
    )
    note = words(_("单上的意见"), long=True)

    def __init__(self, *args: Any, step: str, signers: Named, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["signer_id"].choices = [("", "—"), *signers]
        fields["signed_on"].required = True
        for name in YES_NO:
            fields[name].choices = list(zip(("yes", "no"), YES_NO[name], strict=True))
            if step != VERIFY:
                fields.pop(name)

    def answers(self) -> Answers | None:
        """Return the two answers of a verifier; None where nobody was asked for them."""
        return answers_of(self.cleaned_data) if "sufficient" in self.fields else None
