"""What a document declares stands beside what is registered, with its words and place, and never changes a count."""

import pytest
from django.urls import reverse

from bihuan.documents.models import Received
from bihuan.files.models import StoredFile
from bihuan.findings.models import Declared, Inspection
from tests.cast import NOW, Cast
from tests.findings.browsing import signed_in
from tests.making import make_register


@pytest.fixture
def archive(cast: Cast) -> Inspection:
    inspection = make_register(cast, count=2, unit_id=cast.environment.pk)[0].inspection
    file = StoredFile.objects.create(sha256="0" * 64, size=1, type="text/plain", created_at=NOW)
    document = Received.objects.create(
        organisation=cast.organisation, file=file, name="整改通报.txt", kind="notice", received_at=NOW
    )
    for key, value in (("tasks", 49), ("completed", 39), ("policies", 25)):
        Declared.objects.create(
            inspection=inspection, document=document, key=key, value=value, quote="49项任务已完成39项", line=7
        )
    Inspection.objects.update(mode="archive", document=document)
    return Inspection.objects.get()


def test_declared_figures_stand_beside_the_registered_ones_with_their_place(
    cast: Cast, archive: Inspection
) -> None:
    page = signed_in(cast.reader).get(reverse("findings:inspection", args=[archive.pk])).content.decode()
    assert "文中所称" in page
    assert "整改通报.txt第7行" in page
    assert 'data-l="文中所称">49</td><td role="cell" class="num" data-l="登记">2 ' in page
    assert "“49项任务已完成39项”" in page


def test_nothing_is_invented_to_make_the_counts_agree(cast: Cast, archive: Inspection) -> None:
    page = signed_in(cast.reader).get(reverse("findings:tasks"), {"inspection": archive.pk}).content.decode()
    assert "共2项" in page


def test_a_department_that_sees_only_its_tasks_is_not_shown_the_whole_organisations_figures(
    cast: Cast, archive: Inspection
) -> None:
    page = (
        signed_in(cast.department_reader)
        .get(reverse("findings:inspection", args=[archive.pk]))
        .content.decode()
    )
    assert "文中所称" not in page
