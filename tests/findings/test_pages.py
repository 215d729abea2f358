"""Every address of the register, for everybody of the cast."""

import pytest
from django.urls import reverse

from bihuan.findings.actions import tasks as actions
from tests.cast import Cast, actor_for
from tests.findings.browsing import signed_in
from tests.making import make_institution, make_register

LISTS = ("tasks", "problems", "responsibilities", "institutions", "inspections")


def addresses(cast: Cast) -> dict[str, str]:
    """Return every address that shows one object of 江澜高新区."""
    task = make_register(cast, unit_id=cast.environment.pk, leader="贺明渠")[0]
    step = actions.add_step(task, {"title": "发放样表"}, actor=actor_for(cast.office))
    institution = make_institution(cast, inspection_id=task.inspection_id)
    at = {
        "inspection": task.inspection_id, "finding": task.problem.finding_id, "problem": task.problem_id, "task": task.pk,
        "institution": institution.pk,
    }  # fmt: skip
    pages = {name: reverse(f"findings:{name}", args=[pk]) for name, pk in at.items()}
    edits = {f"edit-{name}": reverse(f"findings:edit-{name}", args=[pk]) for name, pk in at.items()}
    return {
        **pages,
        **edits,
        "edit-step": reverse("findings:edit-step", args=[step.pk]),
        "new-finding": reverse("findings:new-finding", args=[task.inspection_id]),
        "new-problem": reverse("findings:new-problem", args=[task.problem.finding_id]),
        "new-task": reverse("findings:new-task", args=[task.problem_id]),
        "new-step": reverse("findings:new-step", args=[task.pk]),
        **{
            f"withdraw-{kind}": reverse("findings:withdraw", args=[kind, at[kind]])
            for kind in at
            if kind != "inspection"
        },
        "withdraw-step": reverse("findings:withdraw", args=["step", step.pk]),
    }


def test_the_office_opens_every_page(cast: Cast) -> None:
    client = signed_in(cast.office)
    for name, url in addresses(cast).items():
        answer = client.get(url)
        assert answer.status_code == 200, (name, answer.status_code)
        assert "findings." not in answer.content.decode().replace("findings.po", ""), name
        assert len(answer.content) < 60_000


def test_a_reader_reads_and_may_not_write(cast: Cast) -> None:
    client = signed_in(cast.reader)
    for name, url in addresses(cast).items():
        expected = 403 if name.startswith(("edit", "new", "withdraw")) else 200
        assert client.get(url).status_code == expected, name


def test_another_organisations_office_finds_nothing(cast: Cast) -> None:
    client = signed_in(cast.outsider)
    for name, url in addresses(cast).items():
        assert client.get(url).status_code == 404, name


def test_a_department_reader_sees_own_tasks_and_what_holds_them(cast: Cast) -> None:
    urls = addresses(cast)
    client = signed_in(cast.department_reader)
    for name in ("inspection", "finding", "problem", "task"):
        assert client.get(urls[name]).status_code == 200, name
    assert client.get(urls["institution"]).status_code == 404
    assert client.get(urls["edit-task"]).status_code == 403


def test_a_disabled_account_is_led_to_signing_in(cast: Cast) -> None:
    urls = addresses(cast)
    client = signed_in(cast.disabled)
    for url in [*urls.values(), *(reverse(f"findings:{name}") for name in LISTS)]:
        assert client.get(url).status_code == 302


@pytest.mark.parametrize("name", LISTS)
def test_every_list_shows_what_is_seen_and_nothing_else(cast: Cast, name: str) -> None:
    addresses(cast)
    url = reverse(f"findings:{name}")
    assert "共1项" in signed_in(cast.office).get(url).content.decode()
    assert "共1项" in signed_in(cast.reader).get(url).content.decode()
    assert "共0项" in signed_in(cast.outsider).get(url).content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_every_list_prints_and_speaks_english(cast: Cast, name: str) -> None:
    addresses(cast)
    cast.office.language = "en"
    cast.office.save(update_fields=["language"])
    answer = signed_in(cast.office).get(reverse(f"findings:{name}"), {"print": "1"})
    assert answer.status_code == 200
    assert "findings." not in answer.content.decode()
