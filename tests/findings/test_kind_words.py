"""A kind of inspection words its states as its own documents do; the catalogue stands for the rest."""

from django.urls import reverse

from bihuan.findings.models import InspectionKind
from tests.cast import Cast
from tests.findings.browsing import signed_in
from tests.making import make_register


def test_the_pages_of_an_inspection_say_its_states_in_the_words_of_its_kind(cast: Cast) -> None:
    task = make_register(cast)[0]
    InspectionKind.objects.filter(pk="xuncha").update(words={"todo": {"zh-Hans": "尚未启动"}})
    client = signed_in(cast.office)
    for name, pk in (
        ("inspection", task.inspection_id),
        ("finding", task.problem.finding_id),
        ("problem", task.problem_id),
        ("task", task.pk),
    ):
        page = client.get(reverse(f"findings:{name}", args=[pk])).content.decode()
        assert '<span class="mark todo">尚未启动' in page, name
    page = client.get(reverse("findings:task", args=[task.pk])).content.decode()
    assert "整改中" in page
    InspectionKind.objects.filter(pk="xuncha").update(words={})
    assert "尚未启动" not in client.get(reverse("findings:task", args=[task.pk])).content.decode()
