"""Whether two names may mean the same organisation: the short name on our side, the full one in a document.

>>> may_be_same("江澜高新区", "江澜高新技术产业开发区党工委"), may_be_same("江澜高新区", "汨东高新区党工委")
(True, False)
"""

import unicodedata

#: Pairs of characters that say what kind of body it is, not which one.
GENERIC = frozenset(
    {
        first + second
        for words in (
            "高新技术产业开发区", "高新区", "经济技术开发区", "经济开发区", "经开区", "开发区", "工业园区", "产业园区",
            "园区", "中共", "中国共产党", "委员会", "工作委员会", "管理委员会", "管委会", "党工委", "党委", "党组",
            "党支部", "党总支", "人民政府", "市委", "县委", "区委", "省委", "街道", "乡镇", "办事处", "有限公司",
            "集团", "有限责任公司", "学校", "医院", "局党组", "局党委", "委党组", "公司党委", "集团党委", "区党工委",
            "区工委", "开发区党工委", "高新区党工委", "局机关",
        )
        for first, second in zip(words, words[1:], strict=False)
    }
)  # fmt: skip


def may_be_same(known: str, printed: str) -> bool:
    """Return whether the two names share a pair of characters that tells which body it is; a name of none fits none."""
    return bool(_telling(known) & _telling(printed))


def _telling(name: str) -> set[str]:
    text = "".join(unicodedata.normalize("NFKC", name).split())
    return {text[at : at + 2] for at in range(len(text) - 1)} - GENERIC
