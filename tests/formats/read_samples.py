"""One invented text and the means to build it as every format, byte by byte where libraries are too tidy."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

import typst

PARAGRAPHS = (
    "中共临江市水务局党组关于巡察整改进展情况的通报",
    "根据市委统一部署，2024年3月1日至4月30日，市委第二巡察组对临江市水务局党组进行了常规巡察。6月12日，市委第二巡察组"
    "反馈了巡察意见。按照有关要求，现将巡察整改进展情况予以公布。",
    "一、组织整改落实情况",
    "局党组先后召开专题会议4次，制定整改方案，明确整改措施62条，逐项落实责任领导和责任科室，坚持每周调度、每月通报，"
    "对进展缓慢的事项由分管领导当面督办，确保件件有着落。",
    "二、巡察反馈问题整改情况",
    "（一）反馈问题：学习贯彻上级部署不够深入",
    "1.供水保障任务推进不快。",
    "整改情况：一是完成管网改造12.5公里，受益群众3200余户；二是投入资金300万元，新建泵站2座，改造老旧小区供水设施18处，"
    "漏损率由16.4%下降到11.2%；三是制定《临江市城区供水管理办法》（临水发〔2024〕27号）。",
    "三、联系方式",
    "欢迎广大干部群众对整改落实情况进行监督。联系电话：0999-1234567；电子邮箱：shuiwu@example.gov.cn。",
    "中共临江市水务局党组",
    "2024年12月20日",
)
TABLE = (
    ("序号", "问题", "责任单位"),
    ("1", "供水保障任务推进不快", "供水科"),
    ("2", "管网改造滞后", "工程科"),
)

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    f'{_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def text_file(paragraphs: Sequence[str] = PARAGRAPHS) -> str:
    return "".join(f"　　{paragraph}\r\n" for paragraph in paragraphs)


def p(text: str, properties: str = "") -> str:
    """A paragraph of WordprocessingML with one run."""
    settings = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{settings}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(rows: Sequence[Sequence[str]]) -> str:
    grid = "<w:tblGrid>" + "<w:gridCol/>" * len(rows[0]) + "</w:tblGrid>"
    return f"<w:tbl>{grid}" + "".join(
        "<w:tr>" + "".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    ) + "</w:tbl>"  # fmt: skip


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return buffer.getvalue()


def docx_parts(body: str, **parts: str) -> dict[str, str | bytes]:
    """The parts of a document; `parts` are styles, numbering, footnotes, header, footer … without namespaces."""
    names = {"header": "hdr", "footer": "ftr"}
    entries: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{_KINDS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    links = "".join(f'<Relationship Id="{k}" Type="{_KINDS}/{k}" Target="{k}.xml"/>' for k in parts)
    entries["word/_rels/document.xml.rels"] = f"<Relationships>{links}</Relationships>"
    for kind, content in parts.items():
        root = names.get(kind, kind)
        entries[f"word/{kind}.xml"] = f"<w:{root} {NAMESPACES}>{content}</w:{root}>"
    return entries


def docx_file(body: str | None = None, **parts: str) -> bytes:
    if body is None:
        body = "".join(p(paragraph) for paragraph in PARAGRAPHS) + table(TABLE)
    return zipped(docx_parts(body, **parts))


def html_file(
    paragraphs: Sequence[str] = PARAGRAPHS, rows: Sequence[Sequence[str]] = TABLE, *, charset: str = "utf-8"
) -> bytes:
    """A page of a government site: navigation, stamp, article, related pages, imprint."""
    nav = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("首页", "政务公开", "互动交流"))
    related = "".join(
        f'<li><a href="/{n}">某单位关于第{n}轮巡察整改进展情况的通报</a><span>2024-11-0{n}</span></li>'
        for n in range(1, 8)
    )
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    article = "".join(f'<p style="text-indent:2em">{escape(text)}</p>' for text in paragraphs[1:])
    page = f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{paragraphs[0]}_临江市水务局</title>
    <script>var a = "<p>脚本里的文字，不应出现，不应出现，不应出现。</p>";</script></head><body>
    <div class="top"><ul class="nav">{nav}</ul><form><input name="q"><button>搜索</button></form></div>
    <div class="crumb">当前位置：<a>首页</a> &gt; <a>政务公开</a></div>
    <div class="main"><h1>{paragraphs[0]}</h1>
    <div class="info">发布时间：2024-12-27 16:11 来源：临江市水务局 浏览次数：123 打印本页</div>
    <div class="content">{article}<table>{cells}</table></div><div class="share">分享到：微信 微博</div></div>
    <div class="related"><h3>相关文章</h3><ul>{related}</ul></div>
    <div style="display:none">看不见的文字，看不见的文字，看不见的文字，看不见的文字。</div>
    <div class="footer">主办单位：临江市水务局 网站标识码：1234567890，未经许可，不得转载，版权所有。</div></body></html>"""
    return page.encode(charset)


def typst_text(text: str) -> str:
    return "#" + '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def pdf_file(
    paragraphs: Sequence[str] = PARAGRAPHS, rows: Sequence[Sequence[str]] = TABLE, *, extra: str = ""
) -> bytes:
    """An official paper: 28 characters a line, first line indented by two, numbers below the text."""
    cells = "".join(f"[{typst_text(cell)}]," for row in rows for cell in row)
    grid = f"#table(columns: {len(rows[0])}, {cells})" if rows else ""
    body = "\n\n".join(typst_text(text) for text in paragraphs[1:])
    source = f"""
    #set page(margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), footer: context align(right)[— #counter(page).display() —])
    #set text(font: ("Noto Serif CJK SC",), size: 16pt, lang: "zh", region: "cn")
    #align(center, text(size: 22pt)[{typst_text(paragraphs[0])}])
    #set par(justify: true, first-line-indent: (amount: 2em, all: true), leading: 12pt, spacing: 12pt)
    {body}

    {grid}
    {extra}
    """
    return bytes(typst.compile(source.encode()))
