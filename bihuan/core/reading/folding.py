"""One form to match on, with the way back to the characters as printed.

raw line ─fold→ Folded(text without white space, half-width, simplified) ─printed(start, end)→ the raw characters

Only matching uses the folded text; whatever is returned to a reader is cut from the raw line.
"""

import re
import unicodedata
from dataclasses import dataclass

_TRADITIONAL = (
    "會会組组織织領领導导況况察察視视審审計计督督檢检查查問问題题貫贯徹彻進进開开關关於于落落實实統统籌筹"
    "黨党委委縣县區区級级報报饋馈議议見见為为務务現现將将們们對对處处證证長长責责任任監监規规範范"
    "與与後后學学習习強强化化辦办據据條条項项類类個个體体環环護护產产業业發发設设財财經经濟济貿贸"
    "單单聯联動动專专項项營营電电話话郵邮箱箱時时間间編编輯辑來来員员總总書书記记協协調调節节減减"
    "資资萬万億亿圍围團团結结論论應应該该還还沒没從从眾众幹干部部場场歷历屆届輪轮歲岁側侧極极"
    "機机構构標标準准嚴严紀纪檔档獎奖勵励責责質质選选舉举義义齊齐縱纵橫横傳传達达創创製制訂订"
    "劃划擔担當当啟启動动繼继續续鞏巩階阶段段漢汉東东島岛灣湾廣广陽阳寧宁遼辽蘇苏贛赣魯鲁豐丰"
    "農农鄉乡鎮镇醫医衛卫藥药術术語语廳厅劉刘張张陳陈楊杨趙赵黃黄吳吴羅罗馬马鄭郑謝谢許许鄧邓馮冯"
    "簡简稱称銷销號号閉闭轉转執执糾纠際际顯显餘余約约達达園园駐驻訪访綜综閱阅覽览數数瀏浏訊讯欄栏頁页權权備备兩两幾几堅坚擴扩圓圆"
    "佈布佔占併并徵征復复鬥斗錄录歸归無无頭头車车運运輸输運运網网絡络點点擊击廈厦測测試试認认"
)
_PUNCTUATION = {
    "　": " ", "\u00a0": " ", "∶": ":", "︰": ":", "﹕": ":", "﹔": ";", "﹐": ",", "﹑": "、", "｡": "。", "﹒": ".",
    "「": "“", "」": "”", "『": "‘", "』": "’", "〝": "“", "〞": "”", "－": "-", "‐":
        "-", "‑": "-", "–": "-", "―": "—",
    "﹣": "-", "～": "~", "〜": "~", "﹙": "(", "﹚": ")", "［": "[", "］": "]", "﹝":
        "〔", "﹞": "〕", "￥": "¥", "‧": "·",
}  # fmt: skip


def _table() -> dict[int, str]:
    """Build the one-to-one table of folding; nothing in it changes the length of a text."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    pairs = zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)
    table.update({ord(old): new for old, new in pairs if old != new})
    table.update({ord(old): new for old, new in _PUNCTUATION.items()})
    return table


TABLE = _table()
_FOLDED = {chr(code): plain for code, plain in TABLE.items()}
_USUAL = tuple((printed, _FOLDED[printed]) for printed in "，（）：；！？％")
_UNFOLDED = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
TRADITIONAL = frozenset(
    old for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True) if old != new
)
TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
PINYIN = re.compile(rf"[（(](?=[a-zü]{{0,4}}[{TONES}])[a-zü{TONES}]{{1,7}}[)）]")
UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
_NOISE = re.compile(rf"(?:[\s{UNSEEN}]+|{PINYIN.pattern})")


def folded(text: str) -> str:
    """Return `text` with every character in its one form, of the same length.

    The usual signs are replaced first: a search for what is left then costs a twelfth of `str.translate`.
    """
    for printed, plain in _USUAL:
        text = text.replace(printed, plain)
    return _UNFOLDED.sub(_one_form, text)


def _one_form(found: re.Match[str]) -> str:
    return _FOLDED[found[0]]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded stretch of a raw line. `offsets[i]` is the raw index of `text[i]`; None means `shift + i`."""

    raw: str
    text: str
    shift: int
    stop: int
    offsets: tuple[int, ...] | None = None

    def raw_at(self, index: int) -> int:
        """Return the raw index of the folded character `index`; the end of the stretch for what lies past it."""
        if index >= len(self.text):
            return self.stop
        return self.shift + index if self.offsets is None else self.offsets[index]

    def printed(self, start: int = 0, end: int | None = None) -> str:
        """Return the raw characters of a folded stretch, without white space at its ends."""
        stop = self.stop if end is None else self.raw_at(end)
        return self.raw[self.raw_at(start) : stop].strip()

    def beginning(self, length: int) -> str:
        """Return the first raw characters folded with their white space kept."""
        return folded(self.raw[self.shift : min(self.stop, self.shift + length)])

    @property
    def spaced(self) -> str:
        """Return the stretch folded with its white space kept, for lines whose columns are parted by blanks."""
        return folded(self.raw[self.shift : self.stop])


def fold(raw: str, start: int = 0, stop: int | None = None) -> Folded:
    """Fold one raw line, or the stretch of it from `start` to `stop`: width, script, quotation marks, white space."""
    end = len(raw) if stop is None else stop
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    piece = raw[start:end]
    if _is_plain(piece):
        return Folded(raw, folded(piece), start, end)
    kept: list[str] = []
    offsets: list[int] = []
    last = 0
    for noise in _NOISE.finditer(piece):
        kept.append(piece[last : noise.start()])
        offsets.extend(range(start + last, start + noise.start()))
        last = noise.end()
    kept.append(piece[last:])
    offsets.extend(range(start + last, end))
    return Folded(raw, folded("".join(kept)), start, end, tuple(offsets))


def _is_plain(piece: str) -> bool:
    """Tell whether no noise stands in a text: what cannot be printed holds all white space but one, and all unseen."""
    if piece.isprintable() and " " not in piece:
        return PINYIN.search(piece) is None
    return _NOISE.search(piece) is None
