"""The chain and the tree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.chronicle import canonical, commitment, leaf, node, root


def slow_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node(slow_root(leaves[:split]), slow_root(leaves[split:]))


@pytest.mark.parametrize("size", range(40))
def test_root_is_the_definition_of_the_standard(size: int) -> None:
    leaves = [leaf(str(i).encode()) for i in range(size)]
    assert root(leaves) == slow_root(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=30), st.data())
def test_any_changed_leaf_changes_the_root(bodies: list[bytes], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(bodies) - 1))
    changed = [*bodies]
    changed[at] = bodies[at] + b"x"
    assert root(map(leaf, bodies)) != root(map(leaf, changed))


def test_canonical_sorts_keys_and_keeps_chinese() -> None:
    assert canonical({"乙": 1, "甲": [True, None, "整改"]}) == '{"乙":1,"甲":[true,null,"整改"]}'.encode()


def test_canonical_refuses_floats_at_any_depth() -> None:
    with pytest.raises(TypeError):
        canonical({"a": [{"b": 0.5}]})


def test_commitment_binds_field_and_value() -> None:
    assert commitment("00", "title", "甲") != commitment("00", "text", "甲")
    assert commitment("00", "title", "甲") != commitment("01", "title", "甲")
