"""Whatever a text says, its draft holds every line once and can be looked at."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.draft_faults import counts, faults
from bihuan.core.draft_reading import mode_of, tree_of
from bihuan.core.drafting import MODES, Tree, from_json, to_json
from bihuan.core.reading import read
from bihuan.formats import read_bytes

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def drafted(name: str, data: bytes, mode: str = "") -> Tree:
    source = read_bytes(name, data)
    document = read(source)
    tree = tree_of(document, source.lines, mode=mode or mode_of(document))
    assert sorted(line for node in tree.nodes for line in node.lines) == [
        line.place.line for line in source.lines
    ]
    assert len(list(tree.walk())) == len(tree.nodes)
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree
    faults(tree), counts(tree)
    return tree


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["反馈意见.docx", "整改方案任务表.xlsx", "整改通报.docx", "整改通报.txt"])
def test_samples_keep_every_line_in_every_mode(name, mode):
    drafted(name, (SAMPLES / name).read_bytes(), mode)


@pytest.mark.shared
def test_real_texts_keep_every_line(shared):
    paths = sorted((shared / "notices").rglob("*.txt"))
    assert paths
    for path in paths:
        drafted(path.name, path.read_bytes())


LINES = (SAMPLES / "整改通报.txt").read_text(encoding="utf-8").split("\n")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=12)), min_size=1, max_size=40))
def test_shuffled_and_broken_text_keeps_every_line(lines):
    text = "\n".join(lines)
    if text.strip().strip("\x00"):
        try:
            drafted("x.txt", text.encode(errors="replace"))
        except Exception as refusal:  # noqa: BLE001
            assert type(refusal).__name__ == "UnreadableFile", refusal


def test_the_sample_notice_gives_its_25_institutions():
    tree = drafted("整改通报.txt", (SAMPLES / "整改通报.txt").read_bytes())
    assert sum(node.kind == "institution" for node in tree.registered()) == 25
