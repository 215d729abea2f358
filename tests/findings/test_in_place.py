"""Lists change in place where there is JavaScript; the same addresses give the same pages without it."""

import re

from django.urls import reverse

from bihuan.findings.queries import tree
from tests.cast import Cast
from tests.findings.browsing import signed_in
from tests.making import make_register

HTMX = {"HX-Request": "true", "HX-Boosted": "true"}


def test_the_part_holds_what_the_page_holds_and_no_frame(cast: Cast) -> None:
    make_register(cast, count=3)
    client = signed_in(cast.office)
    url = reverse("findings:tasks") + "?sort=-due_on"
    page = client.get(url).content.decode()
    part = client.get(url, headers=HTMX).content.decode()
    assert 'id="nav"' in page
    assert 'id="nav"' not in part
    assert re.findall(r"<title>.*</title>", page) == re.findall(r"<title>.*</title>", part)
    main = re.compile(r'<main class="main" id="main".*</main>', re.DOTALL)
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert [token.sub("", found[0]) for found in (main.search(page), main.search(part)) if found] != []
    assert len({token.sub("", found[0]) for found in (main.search(page), main.search(part)) if found}) == 1


def test_sorting_filtering_and_paging_are_links_and_forms_that_htmx_follows(cast: Cast) -> None:
    make_register(cast, count=2)
    page = signed_in(cast.office).get(reverse("findings:tasks")).content.decode()
    assert page.count('hx-boost="true" hx-target="#main" hx-select="#main"') == 5
    assert 'id="sort-due_on" href="?sort=due_on"' in page
    assert not re.search(r"<script>|onclick=", page)


def test_a_folded_finding_opens_in_its_place(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(tree, "MOST_TASKS", 0)
    task = make_register(cast)[0]
    pk = task.problem.finding_id
    client = signed_in(cast.office)
    url = reverse("findings:inspection", args=[task.inspection_id])
    page = client.get(url).content.decode()
    assert f'href="?open={pk}#f{pk}" hx-get="?open={pk}" hx-target="#f{pk}" hx-select="#f{pk}"' in page
    part = client.get(url, {"open": str(pk)}, headers=HTMX).content.decode()
    assert re.search(rf'<details[^>]* id="f{pk}"><summary>', part)
    assert 'id="nav"' not in part
