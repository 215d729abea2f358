"""Find the article in a page by where its sentences stand, whatever the site.

blocks ─roles→ "text" for title and article, "chrome" for navigation, stamps, lists of other pages
"""

import re
from collections import Counter
from dataclasses import replace

from bihuan.core.source import LineRole
from bihuan.formats.html_blocks import Block, Page
from bihuan.formats.lines import OWN_LINE, join_lines

_SENTENCE = re.compile(r"[。；;！？]|[，,、：:].{6}")
_LONG = 30
_SHARE = 0.85
_LINKED = 0.55
_STAMP = re.compile(
    r"(?:发布|发表|更新|成文|发文)(?:时间|日期)|(?:时间|日期)\s*[:：]\s*\d{4}|(?:信息|稿件|文章|新闻)?来源\s*[:：]|浏览(?:次数|量)|点击(?:数|次数|率|量)"
    r"|阅读(?:次数|量|数)?\s*[:：]|访问(?:次数|量)|字\s*号\s*[:：]|字体\s*[:：【\[]|打印(?:本页|此页)?|关闭(?:窗口|本页)?\s*[】\])]?$"
    r"|分享(?:到|至)|扫一扫|(?:责任)?编辑\s*[:：]|作者\s*[:：]|供稿\s*[:：]|审核\s*[:：]|(?:上|下)一(?:篇|条)"
    r"|(?:当前|您的|所在)位置|相关(?:文章|链接|阅读|新闻|附件)|返回(?:顶部|首页|列表)|收藏本站|设为首页|^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
)
_IMPRINT = re.compile(
    r"版权所有|copyright|©|ICP备|公网安备|网站标识码|(?:主办|承办)(?:单位)?\s*[:：]|技术支持\s*[:：]", re.I
)
_STAMP_LENGTH = 120
_ATTACHMENT = re.compile(r"附件|附表|附：|附:")
_TITLE_MARK = re.compile(r"\bh1\b|\bh2\b|title|\btit\b|biaoti|\bbt\b|headline|subject")
_CHROME_MARK = re.compile(
    r"\bnav\b|\bheader\b|\bfooter\b|\baside\b|breadcrumb|crumb|position|location|sidebar|copyright|\bmenu|share"
    r"|related|recommend|pagination|\bpager?\b|toolbar|\bfoot\b|\btop\b"
)
_TITLE_WORDS = re.compile(
    r"(?:通报|报告|公告|公示|通知|意见|方案|情况|函|决定|清单|办法|规定|条例)[》”）)]?$"
)
_FOLD = re.compile(r"[\s　:：,，“”\"'《》()（）|_-]+")


def arranged(page: Page) -> list[tuple[Block, LineRole]]:
    """Return the blocks of the page with their roles, the lines of a divided title joined."""
    blocks = page.blocks
    home = _container(blocks)
    inside = [block.path[: len(home)] == home for block in blocks]
    title = _title_positions(page, inside)
    found: list[LineRole] = []
    sentences = [index for index, block in enumerate(blocks) if inside[index] and _weight(block)]
    for index, block in enumerate(blocks):
        # Between its first and last sentence an article may well say where the money comes from
        # (资金来源：…).
        between = bool(sentences) and sentences[0] < index < sentences[-1]
        kept = index in title or (inside[index] and not _is_chrome(block, stamped=not between))
        found.append("text" if kept else "chrome")
    _cut_before_title(found, title, blocks)
    if "text" not in found:
        found = ["text"] * len(blocks)
    return _with_whole_title(blocks, found, title)


def _with_whole_title(
    blocks: list[Block], found: list[LineRole], title: set[int]
) -> list[tuple[Block, LineRole]]:
    """Join the lines of a title, which is divided for its looks.

    What begins with a bracket or dash stays a line.
    """
    whole: list[tuple[Block, LineRole]] = []
    for index, (block, role) in enumerate(zip(blocks, found, strict=True)):
        if index in title and index - 1 in title and block.text[0] not in OWN_LINE:
            above = whole[-1][0]
            whole[-1] = replace(above, text=join_lines([above.text, block.text])), role
        else:
            whole.append((block, role))
    return whole


def _container(blocks: list[Block]) -> tuple[int, ...]:
    """Return the path of the smallest element that holds most of the sentences of the page."""
    weights: Counter[tuple[int, ...]] = Counter()
    for block in blocks:
        weight = _weight(block)
        if weight:
            for depth in range(len(block.path) + 1):
                weights[block.path[:depth]] += weight
    home: tuple[int, ...] = ()
    needed = _SHARE * weights[()]
    if not needed:
        return home
    for path, weight in weights.items():
        # A paragraph's own element is no container: a notice of one long paragraph still has its date
        # beside it.
        if weight >= needed and len(path) > len(home):
            home = path
    lone = [block for block in blocks if _weight(block) and block.path[: len(home)] == home]
    return home[:-1] if len(lone) == 1 and home and lone[0].path == home else home


def _weight(block: Block) -> int:
    """Return how much a block speaks for being the article.

    Long sentences that are no links, rows of data.
    """
    if block.linked > _LINKED * len(block.text) or _CHROME_MARK.search(block.marks.rsplit(" ", 3)[-1]):
        return 0
    if _IMPRINT.search(block.text):
        return 0
    if block.cells:
        return len(block.text) if len(block.text) >= _LONG // 2 else 0
    return len(block.text) if len(block.text) >= _LONG and _SENTENCE.search(block.text) else 0


def _is_chrome(block: Block, *, stamped: bool = True) -> bool:
    """Tell whether a block inside the article's element is furniture all the same.

    `stamped` looks for stamps too.
    """
    if block.linked > _LINKED * len(block.text):
        return not _ATTACHMENT.search(block.text)
    if not stamped:
        return False
    if _IMPRINT.search(block.text):
        return True
    return (
        bool(_STAMP.search(block.text))
        and len(block.text) <= _STAMP_LENGTH
        and not re.search(r"[。；]", block.text)
    )


def _title_positions(page: Page, inside: list[bool]) -> set[int]:
    """Return the positions of the title's lines: before the article's text, or its first lines."""
    blocks = page.blocks
    first = next((i for i, b in enumerate(blocks) if inside[i] and _weight(b)), len(blocks))
    heads = [_folded(title) for title in page.titles]
    best: list[int] = []
    for index in range(first - 1, -1, -1):
        block = blocks[index]
        if _is_chrome(block) or len(block.text) > _STAMP_LENGTH:
            continue
        text = _folded(block.text)
        named = len(text) >= 6 and any(text in head for head in heads)
        marked = (
            bool(_TITLE_MARK.search(block.marks)) and len(text) >= 8 and bool(_TITLE_WORDS.search(block.text))
        )
        if named or marked or block.level == 1:
            best.append(index)
            # The lines of one heading, parted by line breaks, follow each other in the same element.
            while index > 0 and blocks[index - 1].path == block.path and not _is_chrome(blocks[index - 1]):
                index -= 1
                best.append(index)
            break
    return set(best)


def _folded(text: str) -> str:
    return _FOLD.sub("", text)


def _cut_before_title(found: list[LineRole], title: set[int], blocks: list[Block]) -> None:
    """Mark what stands before the title as chrome.

    Breadcrumbs and column names carry no mark of their own.
    """
    for index in range(min(title, default=0)):
        if not _weight(blocks[index]):
            found[index] = "chrome"
