import zipfile
from io import BytesIO

import docx
import pytest

from bihuan.core.source import Source, UnreadableFile
from bihuan.formats import read_bytes
from tests.formats.read_samples import PARAGRAPHS, docx_file, docx_parts, p, table, zipped

BREAK = "<w:r><w:br/></w:r>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def read(body: str, **parts: str) -> Source:
    return read_bytes("a.docx", docx_file(body, **parts))


def texts(body: str, **parts: str) -> list[str]:
    return [line.text for line in read(body, **parts).lines]


def test_document_of_python_docx_is_read() -> None:
    document = docx.Document()
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    buffer = BytesIO()
    document.save(buffer)
    assert [line.text for line in read_bytes("a.docx", buffer.getvalue()).lines] == list(PARAGRAPHS)


def test_insertions_are_kept_and_deletions_dropped() -> None:
    body = (
        f"<w:p>{run('整改')}<w:del>{run('未')}<w:r><w:delText>删去</w:delText></w:r></w:del>"
        f"<w:ins>{run('已')}</w:ins>{run('完成')}</w:p>"
    )
    source = read(body)
    assert source.lines[0].text == "整改已完成"
    assert [warning.code for warning in source.warnings] == ["formats.changes-accepted"]


def test_moved_text_stands_where_it_went() -> None:
    body = f"<w:p>{run('甲')}<w:moveFrom>{run('丙')}</w:moveFrom></w:p><w:p>{run('乙')}<w:moveTo>{run('丙')}</w:moveTo></w:p>"
    assert texts(body) == ["甲", "乙丙"]


def test_paragraphs_become_one_when_the_mark_between_is_deleted() -> None:
    joined = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p>"
    assert texts(joined + p("后半") + p("下一段")) == ["前半后半", "下一段"]


def test_text_without_a_paragraph_after_its_deleted_mark_is_not_lost() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p('框')}</w:txbxContent></w:pict></w:r>"
    unended = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('末段')}{box}</w:p>"
    assert texts(unended) == ["末段", "框"]
    assert texts(unended + table((("甲", "乙"),))) == ["末段", "框", "甲\t乙"]


def test_deleted_rows_and_cells_are_dropped() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('旧')}</w:tc><w:tc>{p('行')}</w:tc></w:tr>"
    body = table((("序号", "问题"), ("1", "甲"))).replace("</w:tbl>", gone + "</w:tbl>")
    assert texts(body) == ["序号\t问题", "1\t甲"]


def test_soft_breaks_divide_lines() -> None:
    assert texts(f"<w:p>{run('联系电话：1')}{BREAK}{run('邮箱：2')}</w:p>") == ["联系电话：1", "邮箱：2"]


def test_centred_title_stays_whole_but_its_date_is_a_line() -> None:
    centred = '<w:pPr><w:jc w:val="center"/></w:pPr>'
    body = f"<w:p>{centred}{run('中共某局党组')}{BREAK}{run('整改情况的通报')}{BREAK}{run('（2024年5月）')}</w:p>"
    assert texts(body) == ["中共某局党组整改情况的通报", "（2024年5月）"]


def test_text_box_in_both_forms_is_read_once() -> None:
    box = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"
    body = (
        f"<w:p>{run('框外')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert texts(body) == ["框外", "框内文字"]


def test_text_box_in_the_old_form_alone_is_read() -> None:
    body = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{p('旧式')}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    assert texts(body) == ["旧式"]


def test_fields_show_their_results_not_their_codes() -> None:
    body = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DATE \\@ yyyy</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('2024年')}<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        f"<w:hyperlink r:id='x'>{run('链接')}</w:hyperlink><w:fldSimple>{run('3')}</w:fldSimple></w:p>"
    )
    assert texts(body) == ["2024年链接3"]


def test_content_controls_and_smart_tags_are_looked_into() -> None:
    body = (
        f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{p('控件段')}</w:sdtContent></w:sdt>"
        f"<w:p><w:smartTag>{run('标记')}</w:smartTag><w:sdt><w:sdtContent>{run('内')}</w:sdtContent></w:sdt></w:p>"
    )
    assert texts(body) == ["控件段", "标记内"]


def test_hidden_text_is_left_out_with_a_warning() -> None:
    shown = run("显", '<w:vanish w:val="0"/>')
    source = read(f"<w:p>{run('明')}{run('暗', '<w:vanish/>')}{shown}</w:p>")
    assert source.lines[0].text == "明显"
    assert [warning.code for warning in source.warnings] == ["formats.hidden-text"]


def test_pronunciation_above_characters_is_left_out() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('xún')}</w:rt><w:rubyBase>{run('巡')}</w:rubyBase></w:ruby></w:r>"
    assert texts(f"<w:p>{ruby}{run('察')}</w:p>") == ["巡察"]


def test_tabs_hyphens_and_symbols_are_characters() -> None:
    body = "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>0730</w:t><w:noBreakHyphen/><w:t>5</w:t><w:sym w:char='F0FE'/></w:r></w:p>"
    assert texts(body) == ["甲\t0730-5☑"]


def test_headings_have_the_level_of_their_style_or_paragraph() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="base"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="base"/></w:style>'
    )
    body = (
        p("甲", '<w:pStyle w:val="own"/>')
        + p("乙", '<w:outlineLvl w:val="0"/>')
        + p("丙", '<w:outlineLvl w:val="9"/>')
    )
    assert [line.level for line in read(body, styles=styles).lines] == [2, 1, None]


def test_style_that_is_based_on_itself_does_not_hang() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="a"/></w:style>'
    assert texts(p("甲", '<w:pStyle w:val="a"/>'), styles=styles) == ["甲"]


def test_merged_cells_leave_empty_places() -> None:
    def cell(text: str, settings: str = "") -> str:
        return f"<w:tc><w:tcPr>{settings}</w:tcPr>{p(text)}</w:tc>"

    wide, tall = cell("横", '<w:gridSpan w:val="2"/>'), cell("竖", '<w:vMerge w:val="restart"/>')
    body = (
        "<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/><w:gridCol/></w:tblGrid>"
        f"<w:tr>{wide}{cell('右')}</w:tr><w:tr>{tall}{cell('一')}{cell('二')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('三')}{cell('四')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('五')}{cell('六')}</w:tr></w:tbl>"
    )
    rows = [line.cells for line in read(body).lines]
    assert rows == [("横", "", "右"), ("竖", "一", "二"), ("", "三", "四"), ("", "五", "六")]


def test_rows_know_their_table_and_number() -> None:
    lines = read(table((("甲", "乙"), ("丙", "丁"))) + p("隔") + table((("戊", "己"),))).lines
    assert [line.place.cell for line in lines] == ["T1!A1", "T1!A2", None, "T2!A1"]


def test_paragraphs_and_tables_within_a_cell_are_joined() -> None:
    cell = f"<w:tc>{p('1.制定方案')}{p('2.落实责任')}{table((('内', '表'),))}</w:tc>"
    body = f"<w:tbl><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid><w:tr><w:tc>{p('措施')}</w:tc>{cell}</w:tr></w:tbl>"
    assert read(body).lines[0].cells == ("措施", "1.制定方案 2.落实责任 内 表")


def test_frame_of_one_column_is_not_a_table() -> None:
    source = read(table((("甲",), ("乙",))))
    assert [(line.text, line.role) for line in source.lines] == [("甲", "text"), ("乙", "text")]


def test_footnotes_follow_the_text_and_margins_are_chrome() -> None:
    body = "<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id='1'/></w:r></w:p>"
    notes = f'<w:footnote w:type="separator" w:id="0">{p("—")}</w:footnote><w:footnote w:id="1">{p("脚注文字")}</w:footnote>'
    source = read(body, footnotes=notes, header=p("页眉"), footer=p("— 1 —"))
    assert [(line.text, line.role) for line in source.lines] == [
        ("正文", "text"), ("[1] 脚注文字", "text"), ("页眉", "chrome"), ("— 1 —", "chrome"),
    ]  # fmt: skip


def test_embedded_files_are_left_out_with_a_warning() -> None:
    parts = docx_parts(p("正文") + "<w:altChunk/>")
    inner = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    source = read_bytes("a.docx", zipped({**parts, "word/embeddings/book.xlsx": inner}))
    assert [(warning.code, warning.params["count"]) for warning in source.warnings] == [
        ("formats.embedded-left-out", 2)
    ]


def test_strict_form_of_the_format_is_read() -> None:
    parts = docx_parts(p("严格格式"))
    main = str(parts["word/document.xml"]).replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read_bytes("a.docx", zipped({**parts, "word/document.xml": main})).lines[0].text == "严格格式"


def test_external_template_is_never_followed() -> None:
    parts = docx_parts(p("正文"))
    parts["word/_rels/document.xml.rels"] = (
        '<Relationships><Relationship Id="s" Type="http://x/styles" Target="http://127.0.0.1:9/x.xml" '
        'TargetMode="External"/><Relationship Id="n" Type="http://x/numbering" Target="../../../etc/passwd"/></Relationships>'
    )
    assert read_bytes("a.docx", zipped(parts)).lines[0].text == "正文"


@pytest.mark.parametrize("missing", ["word/document.xml", "body"])
def test_container_without_text_is_refused(missing: str) -> None:
    parts = docx_parts(p("正文"))
    if missing == "body":
        parts["word/document.xml"] = str(parts["word/document.xml"]).replace("w:body", "w:other")
    else:
        del parts[missing]
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.docx", zipped(parts))
    assert refusal.value.code == "formats.not-word"


def test_document_of_word_cut_short_is_refused() -> None:
    data = docx_file()
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.docx", data[: len(data) // 2])
    assert refusal.value.code == "formats.truncated"
    assert zipfile.is_zipfile(BytesIO(data))
