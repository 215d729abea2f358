"""A document's full name is known by what is its own, never by what every body is called."""

import pytest

from bihuan.core.naming import may_be_same


@pytest.mark.parametrize(
    ("known", "printed", "same"),
    [
        ("江澜高新区", "江澜高新技术产业开发区党工委", True),
        ("江澜高新区", "中共江澜高新技术产业开发区工作委员会", True),
        ("江澜高新区", "清河经济开发区党工委", False),
        ("云洲市水务局", "市水务局党组", True),
        ("云洲市水务局", "市教育局党委", False),
        ("第二人民医院", "云洲市第二人民医院党委", True),
        ("高新区", "高新区党工委", False),
        ("", "江澜", False),
    ],
)
def test_names_fit_by_what_is_their_own(known: str, printed: str, same: bool) -> None:
    assert may_be_same(known, printed) is same
    assert may_be_same(printed, known) is same
