"""Page furniture: what a web page prints round a document.

row ─is_chrome→ yes or no     rows ─published_on→ the date of the publication stamp
"""

import re
from collections.abc import Iterable

from bihuan.core.reading.dates import iso, tokens
from bihuan.core.reading.rows import Row

_STAMP_WORDS = (
    "发布时间|发布日期|发表时间|发表日期|发文时间|发文日期|发稿时间|公布日期|公布时间|公开日期"
    "|公开时间|上传时间|添加时间|录入时间|更新时间|更新日期|生成日期|日期|时间"
)
_LABELS = (
    rf"{_STAMP_WORDS}|成文日期|信息来源|文章来源|稿件来源|新闻来源|内容来源|来源|作者|编辑|编审|责任编辑|责编"
    rf"|校对|审核|供稿|撰稿|"
    "摄影|记者|通讯员|浏览次数|浏览量|浏览数|浏览|访问量|访问次数|点击次数|点击数|点击率|点击量|点击|阅读次数"
    "|阅读量|阅读|人气|字号|字体大小|字体|"
    "信息索引号|索引号|文件名称|信息名称|名称|标题|文号|发文字号|发布机构|发布单位|发文机关|发文单位|发布人"
    "|组配分类|主题分类|"
    "信息分类|分类|公开方式|公开范围|公开形式|公开属性|公开时限|主题词|关键词|有效性|时效性|体裁|所属机构"
    "|生效日期|废止日期|统一编号|"
    "当前位置|所在位置|您的位置|您现在的位置|您当前的位置|您所在的位置|你的位置|现在位置|当前的位置|"
    "上一篇|下一篇|上一条|下一条|上篇|下篇|相关阅读|相关链接|相关文章|友情链接|附件下载|一审|二审|三审|初审"
    "|复审|终审|签发|"
    "主办单位|主办|承办单位|承办|版权所有|备案号|网站标识码|技术支持|网站备案|分享到|分享|扫一扫|打印|责任单位声明"
)
_LABELLED = re.compile(rf"^[•·●■◆|*\[【(\-]*(?:{_LABELS})[\]】|]?(?:[:|>]|到:)")
_WORDS = re.compile(
    r"^[•·●■◆|*\[【(\-]*(?:主动公开|依申请公开|朗读|语音播报|打印(?:本页|正文|本文|文章)?|关闭(?:窗口|本页)?"
    r"|收藏|返回(?:首页|顶部|上页|列表)?|"
    r"首页|上一页|下一页|大中小|\[?大\]?\[?中\]?\[?小\]?|无障碍(?:浏览|阅读)?|长者(?:模式|版|助手)"
    r"|保护视力色.*|网站地图|联系我们|关于我们|设为首页|加入收藏|"
    r"微信|微博|QQ空间|手机版|客户端|相关(?:阅读|链接|文章|新闻|信息)|登录|注册|搜索|全文|正文|分享到?|A\+?A-?"
    r"|【?打印】?【?关闭】?|"
    r"字号[:\[大中小\]]*|扫一扫.*|\d{1,6}次?|更多>*|\[?更多\]?|繁體|简体|繁体|English)[\]】)|:]*$"
)
_STRONG = re.compile(
    r"ICP备|公网安备|版权所有|备案号|网站标识码|Copyright|©|扫一扫在手机|您访问的链接即将离开|当前位置"
    r"|您(?:现在|当前)?的?(?:所在)?位置|"
    r"^https?://\S+$|^www\.\S+$|分享到[:微]|字号:\[|^\[?(?:打印|关闭)[\]本正]|^【(?:打印|关闭)|浏览次数:"
    r"|浏览量:|点击(?:数|量|率)?:\d"
    r"|访问量:|"
    r"^上一[篇条]|^下一[篇条]|^责任编辑|^责编|^编辑:|^\[?一审[:\]]"
)
_RULED = re.compile(r"^[-—=_*·•|#\s.>]+$")
_CODE = re.compile(r"^[A-Z]*\d{8,}[-/\dA-Z]*$")
_BARE_DATE = re.compile(
    r"^[•·|\-]*(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_TIMED = re.compile(r"(?P<day>(?<!\d)(?:19|20)\d{2}-\d{1,2}-\d{1,2})\s+\d{1,2}:\d{2}")
_STAMP = re.compile(rf"(?:{_STAMP_WORDS})[:|]*(?=(?:19|20)\d{{2}}[-/.年])")


def is_chrome(row: Row, *, head: bool = False) -> bool:
    """Tell whether a row is page furniture; in the `head`, before the text begins, weaker signs are enough."""
    text = row.text
    if row.role == "chrome" or _RULED.match(text):
        return True
    if row.role == "row" and not head:
        return len(text) < 240 and bool(_STRONG.search(text))
    if len(text) > 240 or ("。" in text and len(text) > 60 and not _LABELLED.match(text)):
        return False
    if _STRONG.search(text) or _WORDS.match(text):
        return True
    if _LABELLED.match(text):
        return head or not text.startswith(("时间", "日期", "作者", "分类", "名称", "审核", "记者"))
    return head and bool(_CODE.match(text) or _BARE_DATE.match(text) or _trail(text))


def _trail(text: str) -> bool:
    """Tell whether a short row is a breadcrumb."""
    return len(text) < 80 and any(sign in text for sign in ">»›→") and "。" not in text


def published_on(head: Iterable[Row], tail: Iterable[Row]) -> str | None:
    """Return the date that the page's publication stamp prints, None when it prints none."""
    before, after = list(head), list(tail)
    for row in (*before, *after):
        text = row.folded.beginning(400)
        for stamp in _STAMP.finditer(text):
            for token in tokens(text[stamp.end() : stamp.end() + 16]):
                if token.start == 0 and not token.mangled:
                    return iso(token.readings[0])
    for row in before:
        timed = _TIMED.search(row.folded.beginning(400))
        if timed:
            return iso(tokens(timed["day"])[0].readings[0]) if tokens(timed["day"]) else None
        if _BARE_DATE.match(row.text):
            for token in tokens(row.text):
                return iso(token.readings[0])
    return None
