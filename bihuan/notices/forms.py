"""What a person may say when a notice is written."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WriteForm(forms.Form):
    """The day as of which the figures hold."""

    as_of = forms.DateField(
        label=_("数字截至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class WithdrawForm(forms.Form):
    """Why a notice is withdrawn."""

    reason = forms.CharField(label=_("撤回的理由"), max_length=500)
