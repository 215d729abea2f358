"""What is filled in about delegations, groups, substitutes, administrators, the calendar and the directory's sheet."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.orgs import words
from bihuan.orgs.codes import tidy_username
from bihuan.orgs.forms import SUGGESTED, EndForm, Suggested, UnitField, day, reason, text
from bihuan.orgs.models import User
from bihuan.web import catalogue
from bihuan.web.edge import language

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


def lines(label: "StrPromise", *, required: bool = True, rows: int = 4) -> forms.CharField:
    """Return a field for several lines of text."""
    return forms.CharField(
        label=label,
        max_length=20_000,
        required=required,
        widget=forms.Textarea(attrs={"class": "wide", "rows": rows}),
    )


class PersonField(forms.CharField):
    """A person, given by account or, where that tells one, by name.

    Set `people` (who may be chosen) on the bound form's field before it is checked.
    """

    widget = Suggested
    people: "QuerySet[User]" = User.objects.none()

    def offer(self, people: "QuerySet[User]") -> None:
        """Take who may be chosen; up to 200 accounts are suggested."""
        self.people = people
        found = list(people.order_by("username").values_list("username", flat=True)[: SUGGESTED + 1])
        self.widget.names = found if len(found) <= SUGGESTED else []

    def clean(self, value: Any) -> User | None:
        """Return the one person meant, None for an empty field that may be empty.

        :raises forms.ValidationError: when there is none, or more than one of this name.
        """
        typed = str(super().clean(value)).strip()
        if not typed:
            return None
        return self.one(typed)

    def one(self, typed: str) -> User:
        """Return the person of an account or name.

        :raises forms.ValidationError: when there is none, or more than one of this name.
        """
        found = list(self.people.filter(username=tidy_username(typed))[:1])
        found = found or list(self.people.filter(name=typed)[:2])
        if len(found) != 1:
            sentence = catalogue.say("orgs.delegate-unknown", {"person": typed[:64]}, lang=language())
            raise forms.ValidationError(sentence)
        return found[0]


class PeopleField(PersonField):
    """Several people, one account a line, in their order."""

    widget = forms.Textarea(attrs={"class": "wide", "rows": 6})  # type: ignore[assignment]

    def offer(self, people: "QuerySet[User]") -> None:
        """Take who may be chosen."""
        self.people = people

    def clean(self, value: Any) -> Any:
        """Return the people meant."""
        typed = str(forms.CharField.clean(self, value)).splitlines()
        return [self.one(line.strip()) for line in typed if line.strip()]


class DelegationForm(forms.Form):
    """To whom a right is lent, over what, from when to when, and why."""

    person = PersonField(label=_("受托人"), max_length=64)
    unit = UnitField(label=_("范围（含下级）"), required=False)
    starts_on = day(_("从哪天起"))
    ends_on = day(_("到哪天止"))
    reason = reason()


class EndDelegationForm(EndForm):
    """The last day of a delegation, and why it ends early."""

    reason = text(_("原因"), most=200, required=False)


class SubstitutesForm(forms.Form):
    """Who steps in, in their order."""

    people = PeopleField(label=_("替补（按顺序）"), required=False, max_length=4000)


class AdministratorsForm(forms.Form):
    """The three administrators, and from when."""

    system_admin = PersonField(label=_("系统管理员"), max_length=64)
    security_admin = PersonField(label=_("安全管理员"), max_length=64)
    audit_admin = PersonField(label=_("审计管理员"), max_length=64)
    starts_on = day(_("从哪天起"))


class GroupForm(forms.Form):
    """A group with what its founding notice says."""

    name = text(_("名称"), most=120)
    founded_on = day(_("成立日期"))
    document_number = text(_("文号"), most=60, required=False)
    addressee = text(_("主送"), most=200, required=False)
    basis = lines(_("成立依据"), required=False, rows=2)
    duties = lines(_("主要职责"), required=False, rows=6)
    office_name = text(_("办公室名称"), most=120, required=False)
    office_unit = UnitField(label=_("办公室设在"), required=False)
    office_duties = lines(_("办公室职责"), required=False, rows=4)


class MemberForm(forms.Form):
    """A seat in a group: somebody with an account, or a name."""

    seat = forms.ChoiceField(label=_("组内职务"), choices=lambda: words.seats())
    person = PersonField(label=_("账号"), required=False, max_length=64)
    name = text(_("姓名（没有账号的）"), most=64, required=False)
    title = text(_("单位和职务"), most=120, required=False)
    starts_on = day(_("从哪天起"), required=False)
    ends_on = day(_("到哪天止"), required=False)


class OrderForm(forms.Form):
    """The order of people: a number for each; equal numbers keep the order that they have."""

    def __init__(self, *args: Any, rows: "list[tuple[int, str]]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = [pk for pk, _label in rows]
        for place, (pk, label) in enumerate(rows, 1):
            field = forms.IntegerField(label=label, min_value=0, max_value=10_000, initial=place)
            self.fields[f"place-{pk}"] = field

    def order(self) -> list[int]:
        """Return the ids in the order that was given."""
        return sorted(self._rows, key=lambda pk: int(self.cleaned_data[f"place-{pk}"]))


class DaysForm(forms.Form):
    """Days of the calendar, one a line, and where they stand."""

    days = lines(_("日期"), rows=10)
    source = text(_("依据"), most=200)


class DeadlineForm(forms.Form):
    """A term of the organisation's own, and where it stands."""

    number = forms.IntegerField(label=_("期限"), min_value=1, max_value=10_000)
    measure = forms.ChoiceField(label=_("计法"), choices=lambda: words.measures())
    source = text(_("依据"), most=200)


class DirectoryFileForm(forms.Form):
    """A sheet of units and people, and what happens to accounts that stand."""

    file = forms.FileField(label=_("填好的表格"))
    mode = forms.ChoiceField(
        label=_("已有的账号"),
        choices=[("update", _("更新：补上新的职务、角色和邮箱")), ("skip", _("跳过：不改已有的人"))],
    )


def offer(form: forms.BaseForm, name: str, rows: Any) -> None:
    """Give a field of units or people what may be chosen.

    :raises TypeError: for a field that is neither.
    """
    field = form.fields[name]
    if not isinstance(field, UnitField | PersonField):
        raise TypeError(name)
    field.offer(rows)
