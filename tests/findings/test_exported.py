"""What leaves the house leaves a mark: one sealed event for each list that was taken out."""

import hashlib
from pathlib import Path

import pytest
from django.urls import reverse

from bihuan.audit.models import Event
from bihuan.audit.queries import chain_breaks, table_breaks
from bihuan.cli.main import main
from bihuan.findings.models import Export
from tests.cast import Cast
from tests.findings.browsing import signed_in
from tests.making import make_register


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
@pytest.mark.parametrize("name", ["tasks", "problems", "responsibilities", "institutions"])
def test_an_export_is_sealed_once_with_the_sum_of_its_file(cast: Cast, name: str, suffix: str) -> None:
    make_register(cast, count=3, leader="贺明渠")
    before = Event.objects.count()
    answer = signed_in(cast.reader).get(reverse("findings:export", args=[name, suffix]))
    content = b"".join(answer.streaming_content)
    row = Export.objects.get()
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert (row.list, row.organisation_id, row.made_by_id) == (name, cast.organisation.pk, cast.reader.pk)
    assert row.rows == {"tasks": 3, "problems": 3, "responsibilities": 1, "institutions": 0}[name]
    assert Event.objects.count() == before + 1
    assert Event.objects.get(kind="export").action == "list.export"
    assert [*chain_breaks(), *table_breaks()] == []


def test_the_record_says_in_words_what_was_exported_and_keeps_the_filters_veiled(cast: Cast) -> None:
    make_register(cast, leader="贺明渠")
    client = signed_in(cast.office)
    client.get(reverse("findings:export", args=["tasks", "xlsx"]), {"leader": "贺明渠"})
    assert Export.objects.get().filters.startswith("leader=")
    assert "贺明渠" not in Event.objects.get(kind="export").sealed
    page = client.get(reverse("audit:record")).content.decode()
    assert "导出清单" in page
    assert Export.objects.get().name in page


def test_a_department_that_takes_its_own_rows_is_filed_in_its_organisation(cast: Cast) -> None:
    make_register(cast, count=2, unit_id=cast.environment.pk)
    signed_in(cast.department_reader).get(reverse("findings:export", args=["tasks", "xlsx"]))
    row = Export.objects.get()
    assert (row.rows, row.organisation_id) == (2, cast.organisation.pk)


def test_a_refused_export_leaves_no_mark(cast: Cast) -> None:
    client = signed_in(cast.office)
    assert client.get(reverse("findings:export", args=["tasks", "xlsx"]), {"state": "x"}).status_code == 422
    assert client.get(reverse("findings:export", args=["tasks", "exe"])).status_code == 404
    assert not Export.objects.exists()


def test_the_command_seals_what_it_wrote_and_nothing_that_it_could_not_write(
    cast: Cast, tmp_path: Path
) -> None:
    make_register(cast, count=2)
    out = tmp_path / "all.xlsx"
    assert main(["export", "tasks", "-o", str(out)]) == 0
    row = Export.objects.get()
    assert (row.rows, row.made_by_id, row.name) == (2, None, "all.xlsx")
    assert row.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert main(["export", "tasks", "-o", str(tmp_path / "no" / "x.xlsx")]) == 1
    assert main(["export", "inspections", "-o", str(tmp_path / "i.xlsx")]) == 0
    assert Export.objects.count() == 2
    assert [*chain_breaks(), *table_breaks()] == []
