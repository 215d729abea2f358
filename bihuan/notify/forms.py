"""What people fill in about being told: how they want letters, and the robots of an organisation."""

from typing import TYPE_CHECKING

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.notify.models import LETTERS, ROBOTS
from bihuan.orgs.forms import text
from bihuan.orgs.models import Unit
from bihuan.web.forms import choose_row

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

LETTER_WORDS: "dict[str, StrPromise]" = dict(
    zip(LETTERS, (_("不发邮件"), _("每日汇总一封"), _("即时发送")), strict=True)
)
ROBOT_WORDS: "dict[str, StrPromise]" = dict(zip(ROBOTS, (_("企业微信"), _("钉钉"), _("飞书")), strict=True))


def clock(label: "StrPromise") -> forms.TimeField:
    """Return a field for a time of the day, with the browser's own clock."""
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class WishesForm(forms.Form):
    """How a person wants letters."""

    letters = forms.ChoiceField(
        label=_("邮件"), choices=lambda: list(LETTER_WORDS.items()), widget=forms.RadioSelect
    )
    quiet_from = clock(_("免打扰开始"))
    quiet_to = clock(_("免打扰结束"))
    weekends = forms.BooleanField(label=_("周末也发邮件"), required=False)


class RobotForm(forms.Form):
    """A robot as its group's settings tell it; the address is a secret, so it is never shown again."""

    organisation = forms.ModelChoiceField(Unit.objects.none(), label=_("单位"))
    kind = forms.ChoiceField(label=_("类别"), choices=lambda: list(ROBOT_WORDS.items()))
    name = text(_("名称"), most=60)
    url = text(_("机器人地址"), most=400)
    secret = text(_("签名密钥"), most=200, required=False)

    def offer(self, organisations: "QuerySet[Unit]") -> None:
        """Take the organisations that may be chosen."""
        choose_row(self, "organisation", organisations)


class RobotChangeForm(forms.Form):
    """Another name for a robot, or another address in place of the one that is kept."""

    name = text(_("名称"), most=60)
    url = text(_("新的机器人地址"), most=400, required=False)
    secret = text(_("新的签名密钥"), most=200, required=False)
