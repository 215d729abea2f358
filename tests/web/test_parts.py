import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation


def render(text: str, path: str = "/tasks/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return " ".join(engines["django"].from_string(text).render(context, request).split())


@pytest.fixture(params=["zh-hans", "en"])
def tongue(request: pytest.FixtureRequest) -> Any:
    with translation.override(request.param):
        yield request.param


def test_a_mark_has_shape_and_word() -> None:
    assert render('{% mark "completed" %}') == '<span class="mark done">已完成</span>'
    assert render('{% mark "long_term" %}') == '<span class="mark long">长期整改</span>'
    assert render('{% flag "late" "逾期6天" %}') == '<span class="mark flag late">逾期6天</span>'


def test_a_tally_is_written_out_and_its_bar_says_the_whole_sentence() -> None:
    shares = [
        ("completed", 39, "/tasks/?state=completed"),
        ("basically_completed", 7, ""),
        ("overdue", 0, ""),
        ("long_term", 3, ""),
    ]
    text = render('{% tally shares unit="项任务" url="/tasks/" %}', shares=shares)
    assert "<b>49</b>" in text
    assert 'aria-label="已完成39、基本完成7、长期整改3，合计49项任务"' in text
    sum_ = re.sub(r"<[^>]+>", " ", text.partition("</p>")[0]).split()
    assert sum_ == ["49", "项任务", "=", "39", "已完成", "+", "7", "基本完成", "+", "3", "长期整改"]
    assert (
        '<i class="done" style="--n:39"></i><i class="basic" style="--n:7"></i><i class="long" style="--n:3"></i>'
        in text
    )
    assert "逾期" not in text
    assert 'href="/tasks/?state=completed"' in text


def test_an_empty_tally_has_no_bar() -> None:
    text = render('{% tally shares unit="项任务" %}', shares=[])
    assert "<b>0</b>" in text
    assert "meter" not in text


class Form(forms.Form):
    name = forms.CharField(label="名称", help_text="写全称。")
    note = forms.CharField(label="备注", required=False)
    done = forms.BooleanField(label="已办", required=False)
    kind = forms.ChoiceField(
        label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect, required=False
    )


def test_a_field_ties_label_hint_fault_and_input_together() -> None:
    text = render("{% field form.name %}", form=Form({}))
    assert '<label for="id_name">名称</label>' in text
    assert 'id="id_name-hint">写全称。' in text
    assert 'aria-describedby="id_name-hint id_name-fault"' in text
    assert 'aria-invalid="true"' in text
    assert text.index("写全称") < text.index('class="err"') < text.index("<input")


def test_a_field_without_fault_says_when_it_may_stay_empty() -> None:
    text = render("{% field form.note %}", form=Form())
    assert "（可不填）" in text
    assert "aria-invalid" not in text
    assert "aria-describedby" not in text


def test_choices_stand_in_a_fieldset_and_a_tick_before_its_word() -> None:
    assert "<fieldset" in render("{% field form.kind %}", form=Form())
    tick = render("{% field form.done %}", form=Form())
    assert tick.index("checkbox") < tick.index("已办")


def test_the_summary_of_faults_links_to_the_fields(tongue: str) -> None:
    text = render("{% faults form %}", form=Form({}))
    assert 'href="#id_name"' in text
    assert ("有1处要改" if tongue == "zh-hans" else "one thing to change") in text
    assert render("{% faults form %}", form=Form()) == ""


def test_pages_keep_the_filters_of_the_address() -> None:
    page = Paginator(range(1284), 50).page(2)
    text = render('{% pages page unit="项" %}', "/tasks/?state=late&page=2", page=page)
    assert "第51—100项，共1,284项" in text
    assert 'href="?state=late&amp;page=3"' in text
    assert "第2页，共26页" in text


def test_one_page_shows_its_range_only() -> None:
    text = render('{% pages page unit="项" %}', page=Paginator(range(3), 50).page(1))
    assert "第1—3项，共3项" in text
    assert "<a" not in text
    assert "共0项" in render('{% pages page unit="项" %}', page=Paginator([], 50).page(1))


def test_a_head_sorts_and_turns_round() -> None:
    first = render('{% th "期限" "due" %}', "/tasks/?state=late&page=3")
    assert 'href="?state=late&amp;sort=due"' in first
    assert "aria-sort" not in first
    again = render('{% th "期限" "due" %}', "/tasks/?sort=due")
    assert 'aria-sort="ascending"' in again
    assert 'href="?sort=-due"' in again
    assert 'aria-sort="descending"' in render('{% th "期限" "due" %}', "/tasks/?sort=-due")
    assert "<a" not in render('{% th "期限" %}')


def test_a_crumb_ends_with_the_page_itself() -> None:
    text = render('{% crumb "/i/" "巡察" "/i/1/" "云洲市委专项巡察" "任务清单" %}')
    assert text.count("<a ") == 2
    assert '<li aria-current="page">任务清单</li>' in text


def test_a_timeline_shows_day_act_and_person() -> None:
    rows = [{"at": date(2026, 11, 23), "text": "改了期限", "who": "整改办 方静宜", "css": "key"}]
    text = render('{% timeline rows "没有记录。" %}', rows=rows)
    assert '<li class="key"><time datetime="2026-11-23" title="2026年11月23日">11月23日</time>' in text
    assert "<small>整改办 方静宜</small>" in text
    assert render('{% timeline rows "没有记录。" %}', rows=[]) == '<p class="soft">没有记录。</p>'


def test_days_are_written_in_the_language_of_the_page(tongue: str) -> None:
    text = render("{{ d|day }}/{{ d|short_day }}/{{ m|moment }}/{{ none|day }}",
                  d=date(2026, 6, 1), m=datetime(2026, 11, 23, 6, 32, tzinfo=UTC), none=None)  # fmt: skip
    expected = {
        "zh-hans": "2026年6月1日/6月1日/2026年11月23日14:32/",
        "en": "1 June 2026/1 June/23 November 2026 14:32/",
    }
    assert text == expected[tongue]


def test_a_code_is_said_in_the_language_of_the_page(tongue: str) -> None:
    text = render('{% say "orgs.unit-closed-already" unit="甲" %}')
    assert "甲" in text
    assert ("已经停用" in text) == (tongue == "zh-hans")


def test_what_people_typed_is_escaped_in_every_part() -> None:
    bad = "<b>x</b>"
    page = "".join(
        render(text, bad=bad, rows=[{"at": date(2026, 1, 1), "text": bad, "who": bad}])
        for text in ('{% crumb "/" bad bad %}', "{% timeline rows %}", '{% say "orgs.unit-closed-already" unit=bad %}',
                     "{% mark bad bad %}", '{% flag "late" bad %}')
    )  # fmt: skip
    assert bad not in page


def test_help_in_place_is_closed_until_asked_for() -> None:
    text = render('{% help_here "orgs.help-units" %}')
    assert text.startswith('<details class="help noprint"><summary>本页怎么用</summary>')
    assert "单位按上下级登记" in text


def test_an_address_that_does_not_exist_is_left_empty() -> None:
    assert render('[{% url_if "nowhere:at-all" %}]') == "[]"
    assert render('{% url_if "web:help" %}') == "/help/"
