import pytest

from bihuan.core.source import Line, UnreadableFile
from bihuan.formats import read_bytes
from tests.formats.read_samples import PARAGRAPHS, html_file

ARTICLE = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[1:])


def lines(page: str, encoding: str = "utf-8") -> tuple[Line, ...]:
    return read_bytes("a.html", page.encode(encoding)).lines


def kept(page: str) -> list[str]:
    return [line.text for line in lines(page) if line.role != "chrome"]


def chrome(page: str) -> list[str]:
    return [line.text for line in lines(page) if line.role == "chrome"]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030"), ("utf-16", "utf-16-le")],
)
def test_page_in_every_encoding_gives_the_same_article(charset: str, encoding: str) -> None:
    text = html_file(charset="utf-8").decode().replace("㎡", "")
    source = read_bytes("a.html", text.encode(charset if charset != "gb2312" else "gbk"))
    assert source.encoding == encoding
    assert [line.text for line in source.lines if line.role == "text"] == list(PARAGRAPHS)


def test_stamp_with_the_day_of_publication_is_kept_as_chrome() -> None:
    assert any("发布时间：2024-12-27" in text for text in chrome(html_file().decode()))


def test_navigation_and_related_pages_are_chrome_and_scripts_are_gone() -> None:
    source = read_bytes("a.html", html_file())
    furniture = [line.text for line in source.lines if line.role == "chrome"]
    assert "政务公开" in furniture
    assert any(text.startswith("某单位关于第3轮") for text in furniture)
    everything = "".join(line.text for line in source.lines)
    assert "脚本里的文字" not in everything
    assert "看不见的文字" not in everything


def test_page_laid_out_in_tables_is_read() -> None:
    lead = "".join(f"<td><a href=x>{word}</a></td>" for word in ("首页", "要闻", "监督"))
    body = "<br>".join("　　" + text for text in PARAGRAPHS[1:])
    data = "<table border=1><tr><th>序号</th><th>问题</th></tr><tr><td rowspan=2>1</td><td>供水</td></tr><tr><td>管网</td></tr></table>"
    page = (
        f"<html><head><title>{PARAGRAPHS[0]}-某网</title></head><body><table width=1000><tr><td><table><tr>{lead}</tr></table>"
        f"</td></tr><tr><td>您现在的位置：首页 &gt; 巡察整改</td></tr><tr><td class=tit>中共临江市水务局党组<br>关于巡察整改进展情况的通报</td></tr>"
        f"<tr><td>来源：某网　编辑：李四　日期：2024-12-27</td></tr><tr><td>{body}<br>{data}</td></tr>"
        "<tr><td>Copyright 2024 某网 版权所有，未经书面许可，任何单位不得转载，联系电话：0999-7654321。</td></tr></table></body></html>"
    )
    found = [line for line in lines(page) if line.role != "chrome"]
    assert [line.text for line in found if line.role == "text"] == list(PARAGRAPHS)
    assert [line.cells for line in found if line.role == "row"] == [
        ("序号", "问题"),
        ("1", "供水"),
        ("", "管网"),
    ]


def test_title_outside_the_article_is_kept_as_text() -> None:
    page = f"<body><div class=hd><h1>{PARAGRAPHS[0]}</h1></div><div><div class=c>{ARTICLE}</div></div></body>"
    assert kept(page) == list(PARAGRAPHS)
    assert lines(page)[0].level == 1


def test_text_in_spans_is_not_torn_apart() -> None:
    text = PARAGRAPHS[1]
    page = f"<body><section><span>{text[:9]}</span><b>{text[9:20]}</b><font>{text[20:]}</font></section><p>第二段。</p></body>"
    assert kept(page) == [text, "第二段。"]


def test_line_breaks_and_blocks_divide_paragraphs() -> None:
    assert kept("<body><div>甲段<br>乙段<div>丙段</div>丁段</div></body>") == ["甲段", "乙段", "丙段", "丁段"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert kept("<body><pre>甲段\n乙段</pre></body>") == ["甲段", "乙段"]


def test_source_of_money_within_the_article_is_no_stamp() -> None:
    page = f"<body><div>{ARTICLE.replace('<p>三、', '<p>资金来源：市级财政</p><p>三、')}</div></body>"
    assert "资金来源：市级财政" in kept(page)


def test_linked_attachment_stays_with_the_article() -> None:
    page = f"<body><div>{ARTICLE}<p><a href=a.docx>附件：整改清单.docx</a></p><p><a href=b>某单位的另一份通报</a></p></div></body>"
    assert "附件：整改清单.docx" in kept(page)
    assert "某单位的另一份通报" in chrome(page)


def test_short_page_without_sentences_is_kept_whole() -> None:
    assert kept("<html><body><p>整改清单</p><p>供水科</p></body></html>") == ["整改清单", "供水科"]


def test_merged_cells_leave_empty_places() -> None:
    page = (
        "<body><table><tr><td colspan=2>横</td><td>右</td></tr><tr><td rowspan=2>竖</td><td>一</td><td>二</td></tr>"
        "<tr><td>三</td><td>四</td></tr></table></body>"
    )
    assert [line.cells for line in lines(page)] == [("横", "", "右"), ("竖", "一", "二"), ("", "三", "四")]


@pytest.mark.parametrize("span", ["999999999999", "-1", "x", "0"])
def test_absurd_spans_do_no_harm(span: str) -> None:
    page = f"<body><table><tr><td colspan='{span}' rowspan='{span}'>甲</td><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table></body>"
    assert {text for line in lines(page) for text in line.cells if text} == {"甲", "乙", "丙", "丁"}


def test_plain_text_under_a_page_name_is_read_as_lines() -> None:
    assert [line.text for line in read_bytes("a.html", "甲段\n乙段".encode()).lines] == ["甲段", "乙段"]


def test_page_of_scripts_alone_holds_no_text() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        lines("<html><body><script>var a = 1</script></body></html>")
    assert refusal.value.code == "formats.no-text"


def test_every_visible_character_is_in_some_line() -> None:
    page = html_file().decode()
    everything = "".join(line.text for line in lines(page))
    assert all(
        text in everything
        for text in (*PARAGRAPHS, "当前位置：首页 > 政务公开", "分享到：微信 微博", "相关文章", "网站标识码")
    )
