"""The forms of evidence: what all of them say of a piece, and the reason of a withdrawal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.evidence.rules import PROVES
from bihuan.core.plan_rules import KINDS
from bihuan.findings.forms.register import Choices, RowForm, day_field, words
from bihuan.web.catalogue import say
from bihuan.web.edge import language
from bihuan.web.forms import choose_from


def kind_choices() -> Choices:
    """Return the kinds of evidence with their words."""
    return [(kind, say(f"evidence.kind-{kind}", lang=language())) for kind in KINDS]


class FactsForm(RowForm):
    """What is said of pieces: kind, what they prove, the day of the paper, the line of the checklist, a note."""

    kind = forms.ChoiceField(label=_("种类"))
    proves = forms.ChoiceField(label=_("能证明什么"), required=False)
    need_id = forms.TypedChoiceField(label=_("对应清单"), required=False, coerce=int, empty_value=None)
    dated_on = day_field(_("文件日期"), _("文件落款的日期，不知道时不填。"))
    note = words(_("说明"))

    def __init__(self, *args: Any, needs: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "kind", kind_choices())
        proves = [(one, say(f"evidence.proves-{one}", lang=language())) for one in PROVES]
        choose_from(self, "proves", [("", _("照种类")), *proves])
        choose_from(self, "need_id", [("", _("不对应")), *needs])


class NotKeptForm(FactsForm):
    """That something was not kept at that time: what, and why, in place of a file."""

    statement = words(_("当时为何未留存，何人何时知情"), needed=True, long=True)
    field_order = ("statement", "kind", "proves", "need_id", "dated_on", "note")


class RevisionForm(FactsForm):
    """A newer file of a piece."""

    file = forms.FileField(label=_("新的文件"), allow_empty_file=True)
    field_order = ("file",)
