"""What a form finds wrong is said in our words, names its field, and has no space before its colon."""

import re

import pytest
from django import forms
from django.utils import translation

from bihuan.web.forms import words
from tests.web.test_parts import render


class Form(forms.Form):
    number = forms.CharField(label="编号", max_length=4)
    kind = forms.ChoiceField(label="种类", choices=[("a", "甲")])
    day = forms.DateField(label="期限")
    place = forms.IntegerField(label="顺序", min_value=0, max_value=9)
    post = forms.EmailField(label="邮箱", required=False)
    again = forms.CharField(label="备注", required=False)

    def clean_again(self) -> str:
        """Refuse in a sentence of the form's own."""
        if self.cleaned_data["again"] == "不":
            raise forms.ValidationError("写得不对。")
        return str(self.cleaned_data["again"])


WRONG = {"number": "12345", "kind": "b", "day": "2026-13-01", "place": "10", "post": "x", "again": "不"}


def said(form: Form) -> list[str]:
    return [text for bound in form for text, _ in words(bound)]


def test_what_is_missing_is_asked_for_by_name() -> None:
    assert said(Form({})) == ["请填写“编号”。", "请选择“种类”。", "请填写“期限”。", "请填写“顺序”。"]
    with translation.override("en"):
        assert said(Form({}))[:2] == ["Please fill in “编号”.", "Please choose “种类”."]


def test_what_is_wrong_is_said_with_what_to_do() -> None:
    assert said(Form(WRONG)) == [
        "“编号”写了5字，最多4字，请缩短。",
        "“种类”里没有“b”这一项，请重新选择。",
        "“期限”不是日期，请写2026-12-05这样的日期。",
        "“顺序”不能大于9。",
        "“邮箱”不是电子邮箱地址，请核对。",
        "写得不对。",
    ]
    assert said(Form(WRONG | {"number": "1\x00", "place": "-1"}))[0] == "“编号”里有不能显示的字符，请删去。"
    assert said(Form(WRONG | {"place": "-1"}))[3] == "“顺序”不能小于0。"
    assert said(Form(WRONG | {"place": "x"}))[3] == "“顺序”不是整数，请只填数字。"


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("values", [{}, WRONG])
def test_no_sentence_of_the_framework_is_left(lang: str, values: dict[str, str]) -> None:
    with translation.override(lang):
        form = Form(values)
        page = render("{% faults form %}{% for bound in form %}{% field bound %}{% endfor %}", form=form)
        theirs = [str(text) for errors in form.errors.values() for text in errors if text != "写得不对。"]
    assert theirs
    assert [text for text in theirs if text in page] == []


def test_the_list_of_faults_leads_to_each_field_without_a_space_before_a_colon() -> None:
    text = render("{% faults form %}", form=Form(WRONG | {"number": ""}))
    assert '<li><a href="#id_number">请填写“编号”。</a></li>' in text
    assert '<li><a href="#id_again">备注：</a>写得不对。</li>' in text
    assert not re.search(r"\s：", re.sub("<[^>]+>", "", text))


def test_what_was_typed_is_escaped_in_the_sentence() -> None:
    assert "<b>" not in render("{% faults form %}", form=Form(WRONG | {"kind": "<b>x"})).replace("</b>", "")
