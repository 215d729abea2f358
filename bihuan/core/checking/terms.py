"""Is one inspection called by one name, and one paper by one kind?"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Passage, Reading, params

# After the wrong word: what can only belong to the inspection that the document is about.
_OF_THIS: Final = r"(?:整改|反馈|组|意见|督查|进驻|发现|移交|指出|办)"
# Before the wrong word: a different inspection that is rightly called so.
_HIGHER: Final = re.compile(
    r"(?:中央|国家|省委|省级|自治区党?委?|市委|区党委|兵团|上级|上轮|上一轮|历次|历年|往年|以往|接受|迎接|"
    r"配合|贯通)[^,。;、]{0,8}$|[察视、和与及或]$"
)
_LOWER: Final = re.compile(
    r"(?:市委|县委|区委|旗委|市县|县区|内部|所属|系统|校内|下级|对下|基层|村|提级|交叉|集团)[^,。;、]{0,8}$|"
    r"[察视、和与及或]$"
)
_PAIR: Final = re.compile(r"^(?:[、和与及或]?巡[察视])")
_WRONG: Final[Mapping[str, tuple[tuple[str, re.Pattern[str] | None], ...]]] = MappingProxyType(
    {
        "巡察": (("巡视", _HIGHER), ("巡查", None)),
        "巡视": (("巡察", _LOWER), ("巡查", None)),
        "督察": (("督查", None),),
    }
)
_SAYS: Final = re.compile(r"现将[^。;]{0,60}?(?:(?P<report>报告如下|予以报告)|(?P<notice>通报如下|予以通报))")


def check_term_mixed(reading: Reading) -> Iterator[Fault]:
    """Find another word for this inspection, and a title that calls the paper otherwise than its opening."""
    kind = reading.document.inspection.kind or ""
    for wrong, elsewhere in _WRONG.get(kind, ()):
        pattern = re.compile(wrong + _OF_THIS)
        for passage in reading.body():
            if wrong in passage.bare:
                yield from _uses(passage, pattern, wrong=wrong, right=kind, elsewhere=elsewhere)
    yield from _paper(reading)


def _uses(
    passage: Passage, pattern: re.Pattern[str], *, wrong: str, right: str, elsewhere: re.Pattern[str] | None
) -> Iterator[Fault]:
    """Yield the uses of `wrong` that do not speak of some other inspection."""
    for match in pattern.finditer(passage.bare):
        before = passage.bare[max(0, match.start() - 16) : match.start()]
        after = passage.bare[match.start() + len(wrong) : match.end() + 4]
        if (elsewhere is not None and elsewhere.search(before)) or _PAIR.match(after):
            continue
        start, end = _name_around(passage.bare, match.start(), match.end())
        words = passage.text[start:end]
        proposal = words.replace(wrong, right)
        yield passage.fault(
            "term-mixed", start, end, params=params(word=wrong, kind=right), proposal=proposal
        )


def _name_around(bare: str, start: int, end: int) -> tuple[int, int]:
    """Return the word with what belongs to its name after it, as 巡视整改督查办."""
    match = re.compile(r"(?:督查|整改|工作|领导|小组|办公室|办|组|意见|情况)*").match(bare, end)
    return start, match.end() if match else end


def _paper(reading: Reading) -> Iterator[Fault]:
    """Compare the kind of paper in the title with that in the opening sentence."""
    title = (reading.document.title or "").strip().rstrip("》")
    if not (title.endswith(("通报", "报告")) and reading.account):
        return
    for passage in reading.body():
        match = _SAYS.search(passage.bare) if "现将" in passage.bare else None
        if match is None:
            continue
        said = "report" if match["report"] else "notice"
        if title.endswith("通报") == (said == "report"):
            yield passage.fault(
                "term-mixed", match.start(said), match.end(said), variant="paper",
                params=params(title=title[-2:], word=match[said]),
            )  # fmt: skip
        return
