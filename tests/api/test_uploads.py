"""Sending files through the API: pieces, cuts, offsets, refusals."""

from collections.abc import Callable
from typing import Any

from tests.api.conftest import Caller
from tests.cast import Cast


def announce(by: Caller, *files: dict[str, Any], purpose: str = "task:1") -> list[dict[str, Any]]:
    return by.post("uploads", {"purpose": purpose, "files": list(files)}, status=201)["rows"]


def send(by: Caller, pk: int, data: bytes, offset: str) -> Any:
    return by.client.patch(
        f"/api/v1/uploads/{pk}", data, content_type="application/offset+octet-stream",
        headers={"Upload-Offset": offset},
    )  # fmt: skip


def test_a_file_goes_up_in_pieces_and_is_listed(cast: Cast, office: Caller) -> None:
    (row,) = announce(office, {"name": "说明.txt", "size": 10, "folder": "15号", "mark": "m"})
    assert (row["offset"], row["done"], row["folder"]) == (0, False, "15号")
    assert send(office, row["id"], b"12345", "0").json()["offset"] == 5
    wrong = send(office, row["id"], b"x", "0")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["params"]["offset"]) == (
        409,
        "files.upload-offset",
        5,
    )
    assert office.get(f"uploads/{row['id']}")["offset"] == 5
    done = send(office, row["id"], b"67890", "5").json()
    assert (done["done"], done["kind"], done["offset"]) == (True, "txt", 10)
    (again,) = announce(office, {"name": "说明.txt", "size": 10, "folder": "15号", "mark": "m"})
    assert (again["id"], again["done"]) == (row["id"], True)
    assert [one["id"] for one in office.get("uploads?purpose=task:1")["rows"]] == [row["id"]]
    assert office.get("uploads")["rows"] == []


def test_what_is_refused_says_why_and_is_gone(cast: Cast, office: Caller) -> None:
    page = b"<!DOCTYPE html><html>"
    good, bad = announce(office, {"name": "台账.pdf", "size": len(page)}, {"name": "a.exe", "size": 3})
    assert bad["refused"]["code"] == "files.kind"
    found = send(office, good["id"], page, "0")
    assert found.status_code == 422
    assert found.json()["message"] == "文件没有收。“台账.pdf”的内容是网页，不是PDF。请重新导出后上传。"
    office.get(f"uploads/{good['id']}", status=404)


def test_headers_and_sizes_are_checked(cast: Cast, office: Caller) -> None:
    (row,) = announce(office, {"name": "大.txt", "size": 20 << 20})
    for said in ("", "-1", "x", "٣", "9" * 30):
        assert send(office, row["id"], b"x", said).json()["code"] == "files.upload-header"
    assert send(office, row["id"], b"x" * (9 << 20), "0").json()["code"] == "files.chunk-too-large"
    assert send(office, row["id"], b"x" * (8 << 20), "0").json()["offset"] == 8 << 20
    office.post("uploads", {"files": []}, status=422)
    office.post("uploads", {"files": [{"name": "a.txt", "size": -1}]}, status=422)
    assert announce(office, {"name": "a.txt", "size": 0})[0]["refused"]["code"] == "files.empty"


def test_an_upload_is_its_owners_alone(cast: Cast, office: Caller, caller: Callable[..., Caller]) -> None:
    (row,) = announce(office, {"name": "a.txt", "size": 3})
    other = caller(cast.reader)
    other.get(f"uploads/{row['id']}", status=404)
    assert send(other, row["id"], b"abc", "0").status_code == 404
    assert other.ask("delete", f"uploads/{row['id']}").status_code == 404
    assert office.ask("delete", f"uploads/{row['id']}").status_code == 200
    office.get(f"uploads/{row['id']}", status=404)
