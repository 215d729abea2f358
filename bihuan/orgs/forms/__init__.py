"""What people fill in: a form checks shape and length; what contradicts the directory is for the actions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import passwords
from bihuan.orgs.edge import KIND_WORDS, LANGUAGE_WORDS, ROLE_WORDS
from bihuan.orgs.models import Unit
from bihuan.web import catalogue
from bihuan.web.edge import language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

SUGGESTED = 200


class Suggested(forms.TextInput):
    """A line of text with a list of suggestions."""

    template_name = "orgs/suggested.html"
    names: Sequence[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name the list of suggestions after the field."""
        context = super().get_context(name, value, attrs)
        context["names"] = self.names
        context["list"] = f"{name}-names"
        return context


def text(
    label: "StrPromise", *, most: int, required: bool = True, complete: str = "off", css: str = "wide"
) -> forms.CharField:
    """Return a field for one line of text with at most `most` characters."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        widget=forms.TextInput(attrs={"class": css, "autocomplete": complete}),
    )


def password(label: "StrPromise", *, complete: str = "new-password") -> forms.CharField:
    """Return a field for a password."""
    attrs = {"class": "wide", "autocomplete": complete}
    return forms.CharField(label=label, max_length=256, strip=False, widget=forms.PasswordInput(attrs=attrs))


def day(label: "StrPromise", *, required: bool = True) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def reason() -> forms.CharField:
    """Return a field for the reason that goes into the record."""
    return text(_("原因"), most=200)


class UnitField(forms.CharField):
    """A unit, given by its full or short name; a list of names helps where the directory is small.

    Set `units` (what may be chosen) on the bound form's field before it is checked.
    """

    widget = Suggested
    units: "QuerySet[Unit]" = Unit.objects.none()

    def offer(self, units: "QuerySet[Unit]") -> None:
        """Take what may be chosen; up to 200 names are suggested."""
        self.units = units
        names = list(units.order_by("name").values_list("name", flat=True)[: SUGGESTED + 1])
        self.widget.names = names if len(names) <= SUGGESTED else []

    def clean(self, value: Any) -> Unit | None:
        """Return the one unit of this name, None for an empty field that may be empty.

        :raises forms.ValidationError: when there is none, or more than one.
        """
        name = str(super().clean(value)).strip()
        if not name:
            return None
        found = list(self.units.filter(name=name)[:2]) or list(self.units.filter(short_name=name)[:2])
        if not found:
            raise forms.ValidationError(
                _("您管理的范围内没有“%(name)s”。请填写单位全称。"), params={"name": name}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("有几个单位都叫“%(name)s”。请从单位页面进入后再办理。"), params={"name": name}
            )
        return found[0]


class SignInForm(forms.Form):
    """Account, password, and the six digits where the second step is on."""

    username = text(_("账号"), most=64, complete="username")
    password = password(_("密码"), complete="current-password")
    token = forms.CharField(
        label=_("动态口令"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "size": "10"}),
    )


class TwicePassword(forms.Form):
    """A new password, typed twice."""

    new = password(_("新密码"))
    again = password(_("再填一次新密码"))

    def clean(self) -> dict[str, Any] | None:
        """Refuse two passwords that differ, and say everything that is wrong with the new one."""
        values = self.cleaned_data
        if values.get("new"):
            rules = passwords.profile()
            for remark in passwords.shape_faults(values["new"], values.get("username", ""), rules):
                self.add_error("new", catalogue.say(remark.code, remark.params, lang=language()))
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", str(_("两次填写的新密码不一样，请重新填写。")))
        return values


class FirstForm(TwicePassword):
    """The first account with its organisation."""

    code = text(_("一次性口令"), most=60)
    organisation = text(_("单位全称"), most=200, complete="organization")
    short_name = text(_("单位简称"), most=60, required=False)
    name = text(_("您的姓名"), most=64, complete="name")
    title = text(_("您的职务"), most=60, complete="organization-title")
    username = text(_("账号"), most=64, complete="username")
    field_order = ("code", "organisation", "short_name", "name", "title", "username", "new", "again")


class CodeForm(TwicePassword):
    """A new password by a one-time code."""

    username = text(_("账号"), most=64, complete="username")
    code = text(_("一次性口令"), most=60)
    field_order = ("username", "code", "new", "again")


class ForgotForm(forms.Form):
    """Which account to send a code to."""

    username = text(_("账号"), most=64, complete="username")


class PasswordForm(TwicePassword):
    """A new password in place of the old one."""

    old = password(_("现在的密码"), complete="current-password")
    field_order = ("old", "new", "again")


class PreferencesForm(forms.Form):
    """Language and size of type."""

    language = forms.ChoiceField(label=_("界面语言"), choices=lambda: list(LANGUAGE_WORDS.items()))
    large_type = forms.BooleanField(label=_("大字版"), required=False)


class TotpForm(forms.Form):
    """The six digits that confirm a device."""

    token = forms.CharField(
        label=_("动态口令"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": "10"}),
    )


class ConfirmPasswordForm(forms.Form):
    """The password once more, before the second step goes."""

    password = password(_("密码"), complete="current-password")


class TokenForm(forms.Form):
    """A token for the API."""

    name = text(_("用途"), most=60)
    expires_on = day(_("有效期至"))


class UnitForm(forms.Form):
    """A unit."""

    name = text(_("全称"), most=200)
    short_name = text(_("简称"), most=60, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=lambda: list(KIND_WORDS.items()))


class UnitEditForm(UnitForm):
    """A unit with its place among its sisters."""

    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=100000)


class MoveForm(forms.Form):
    """Where a unit goes: named among the open units that the person manages."""

    parent = UnitField(label=_("移到"))


class ReasonForm(forms.Form):
    """Why."""

    reason = reason()


class EndForm(forms.Form):
    """The last day of a post or grant."""

    ends_on = day(_("最后一天"))


class PostForm(forms.Form):
    """A post: its unit is named among those that the person manages."""

    unit = UnitField(label=_("单位"))
    title = text(_("职务"), most=60)
    starts_on = day(_("任职开始"))
    ends_on = day(_("任职结束"), required=False)


class PersonForm(forms.Form):
    """A new person with a first post."""

    name = text(_("姓名"), most=64)
    username = text(_("账号"), most=64)
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, widget=forms.EmailInput(attrs={"class": "wide"})
    )
    title = text(_("职务"), most=60)
    starts_on = day(_("任职开始"))
    role = forms.ChoiceField(
        label=_("权限"), required=False, choices=lambda: [("", _("暂不给权限")), *ROLE_WORDS.items()]
    )


class PersonEditForm(forms.Form):
    """A person's name and address."""

    name = text(_("姓名"), most=64)
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, widget=forms.EmailInput(attrs={"class": "wide"})
    )


class GrantForm(forms.Form):
    """A grant on a post: its unit is named among those that the person manages."""

    role = forms.ChoiceField(label=_("权限"), choices=lambda: list(ROLE_WORDS.items()))
    unit = UnitField(label=_("范围（含下级）"))
    starts_on = day(_("从哪天起"))
    ends_on = day(_("到哪天止"), required=False)


class ResetForm(forms.Form):
    """What a reset takes away beside the password."""

    without_totp = forms.BooleanField(label=_("同时停用两步验证（手机丢失时）"), required=False)
