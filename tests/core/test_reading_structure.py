"""Findings, problems, answers, the end of a document, and the lines that belong to nobody."""

from pathlib import Path

import pytest

from bihuan.core.reading import asdict, read
from bihuan.formats import read_file
from tests.core.reading_sources import from_text

SHARED = Path(__file__).resolve().parents[3] / "shared"

NOTICE = """县委巡察整改
【巡察整改】中共云岭县农机局党组关于巡察整改进展情况的通报
编辑：某某 发表时间：2022-12-20 10:11 来源：县纪委 浏览次数：
根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。6月1日，县委第五巡察组反馈了巡察意见。现将整改情况予以公布。
一、组织整改落实情况
局党组召开专题会议5次。截至目前，反馈的2个方面4个问题，已完成整改3个，长期整改1个，建章立制6项。
二、反馈问题整改情况
（一）反馈问题：学习贯彻不够深入。
1.学习计划落实有偏差。
整改状态：完成
整改情况：一是补课。补学3次，参加45人次。二是建制。印发《学习“积分制”管理办法》（云农机〔2022〕8号）。
2.调查研究不足。局领导下乡偏少。
整改情况：全年调研60余次，解决难题近20个。
形成报告四份。
（二）反馈问题：项目管理不规范。
3.补贴发放滞后。
整改情况：兑付补贴1369.5万元，同比增长12.6%，覆盖率98.71%。
4.档案不全。
整改情况：已于9月30日前补齐，建成库房2000平方米。
三、下一步打算
（一）巩固成果。持续用力，久久为功。
欢迎广大干部群众对巡察整改落实情况进行监督。联系电话：0799-6001122；邮政信箱：云岭县人民路6号县农机局办公室；电子邮箱：ylnj@yunling.gov.cn。
中共云岭县农机局党组
2022年12月16日
上一篇：没有了
"""


def test_a_notice_is_taken_apart() -> None:
    document = read(from_text(NOTICE))
    assert [(f.number, f.title, [p.number for p in f.problems]) for f in document.findings] == [
        ("一", "学习贯彻不够深入", ["1", "2"]),
        ("二", "项目管理不规范", ["3", "4"]),
    ]
    first, second = document.findings[0].problems
    assert (first.title, first.status) == ("学习计划落实有偏差", "完成")
    assert [m.text for m in first.measures] == [
        "补课。补学3次，参加45人次",
        "建制。印发《学习“积分制”管理办法》（云农机〔2022〕8号）",
    ]
    assert second.text == "局领导下乡偏少。"
    assert second.response == "全年调研60余次，解决难题近20个。\n形成报告四份。"
    assert [place.line for place in second.response_places] == [13, 14]


def test_the_end_is_read_and_the_last_answer_stays_clean() -> None:
    document = read(from_text(NOTICE))
    assert (document.contact.phone, document.contact.email) == ("0799-6001122", "ylnj@yunling.gov.cn")
    assert document.contact.post == "云岭县人民路6号县农机局办公室"
    assert (document.signed_by, document.signed_on) == ("中共云岭县农机局党组", "2022-12-16")
    assert document.published_on == "2022-12-20"
    assert "欢迎" not in (document.findings[-1].problems[-1].response or "")


def test_only_page_furniture_is_left_over() -> None:
    document = read(from_text(NOTICE))
    assert [u.text[:5] for u in document.unmapped] == ["县委巡察整", "编辑：某某", "上一篇：没"]
    assert [part.kind for part in document.parts] == [
        "title", "opening", "organisation", "tally", "rectification", "follow_up", "contact", "signature", "date",
    ]  # fmt: skip


def test_problems_without_numbers_stand_under_their_finding() -> None:
    text = NOTICE.split("二、反馈")[0] + (
        "二、反馈问题整改情况\n（一）学习不够深入。\n有计划无行动。\n整改情况：补课三次。\n"
        "读书笔记照抄。\n整改情况：重写笔记12份。\n"
    )
    problems = read(from_text(text)).findings[0].problems
    assert [(p.number, p.title, p.response) for p in problems] == [
        ("", "有计划无行动", "补课三次。"),
        ("", "读书笔记照抄", "重写笔记12份。"),
    ]


def test_topics_without_a_marker_are_answered_by_their_own_text() -> None:
    text = NOTICE.split("二、反馈")[0] + (
        "二、坚持问题导向，推动整改见行见效\n（一）贯彻上级部署方面\n1.落实农机购置补贴政策\n"
        "（1）加快兑付进度。一是核对名单。二是兑付资金200万元。\n（2）规范公示。在村务栏公示6次。\n"
    )
    finding = read(from_text(text)).findings[0]
    assert (finding.title, finding.aspect) == ("落实农机购置补贴政策", "贯彻上级部署方面")
    assert [(p.number, p.title) for p in finding.problems] == [("1", "加快兑付进度"), ("2", "规范公示")]
    assert finding.problems[0].response == "一是核对名单。二是兑付资金200万元。"


def test_flat_problems_are_findings_of_their_own() -> None:
    text = NOTICE.split("二、反馈")[0] + (
        "二、反馈意见整改落实情况\n1.关于“补贴‘跑冒滴漏’仍存在”问题\n整改情况：已堵塞漏洞。\n"
        "2.关于“培训不足”问题\n整改情况：培训8期。\n"
    )
    found = read(from_text(text)).findings
    assert [(f.number, f.title, len(f.problems)) for f in found] == [
        ("1", "关于“补贴‘跑冒滴漏’仍存在”问题", 1),
        ("2", "关于“培训不足”问题", 1),
    ]


def test_a_feedback_document_lists_problems_without_answers() -> None:
    text = (
        "县委第五巡察组关于巡察县农机局党组的反馈意见\n"
        "根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。现将巡察情况反馈如下。\n"
        "一、总体评价\n成绩较好。\n二、存在的主要问题\n（一）学习贯彻不够深入\n"
        "1.学习计划落实有偏差。2021年以来，仅学习3次。\n2.调查研究不足。\n（二）项目管理不规范\n1.补贴发放滞后。\n"
        "三、意见建议\n（一）加强学习。要制定计划。\n"
    )
    document = read(from_text(text))
    assert document.kind == "feedback"
    assert [(f.title, [p.title for p in f.problems]) for f in document.findings] == [
        ("学习贯彻不够深入", ["学习计划落实有偏差", "调查研究不足"]),
        ("项目管理不规范", ["补贴发放滞后"]),
    ]
    first = document.findings[0].problems[0]
    assert (first.response, first.text) == (None, "2021年以来，仅学习3次。")


def test_an_audit_follow_up_names_status_in_its_text() -> None:
    text = (
        "云岭县农机局关于预算执行审计整改情况的公告\n根据县审计局审计报告要求，现将审计整改情况公告如下。\n"
        "一、预算编制不完整\n该问题已完成整改。一是规范编制。二是收回资金5.0227万元。\n"
        "二、往来款项长期挂账\n该问题正在整改。已清理15笔。\n"
    )
    document = read(from_text(text))
    problems = [p for f in document.findings for p in f.problems]
    assert [(p.title, p.status) for p in problems] == [
        ("预算编制不完整", "已完成整改"),
        ("往来款项长期挂账", "正在整改"),
    ]
    assert "5.0227万元" in [figure.text for figure in problems[0].figures]


def test_an_environmental_follow_up_tells_one_task() -> None:
    text = (
        "关于云岭市中央生态环境保护督察反馈意见整改任务（序号二十三）整改情况的公示\n"
        "整改任务：部分乡镇污水管网不完善。\n整改目标：完善管网。\n整改完成情况：\n1、新建管网12公里。\n2、日处理能力达2万m3/d。\n"
        "公示时间：2021年3月1日至2021年3月7日，共7天。\n联系电话：0799-1234567\n云岭市住房和城乡建设局\n2021年3月1日"
    )
    document = read(from_text(text))
    (finding,) = document.findings
    assert (finding.number, finding.title) == ("二十三", "部分乡镇污水管网不完善")
    assert finding.problems[0].response == "1、新建管网12公里。\n2、日处理能力达2万m3/d。"
    assert (document.contact.phone, document.signed_by) == ("0799-1234567", "云岭市住房和城乡建设局")


def test_the_json_has_the_keys_of_the_contract() -> None:
    values = asdict(read(from_text(NOTICE)))
    assert {
        "file", "kind", "title", "inspection", "as_of", "tally", "headings", "findings", "tasks", "parts", "unmapped",
        "contact", "signed_by", "signed_on", "published_on", "warnings",
    } == set(values)  # fmt: skip
    problem = values["findings"][0]["problems"][1]
    assert problem["text"] == "调查研究不足。局领导下乡偏少。"
    assert problem["place"] == {"line": 12}
    for figure in problem["figures"]:
        assert problem["response"][figure["start"] : figure["end"]] == figure["text"]


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "notices").exists(), reason="needs ../shared/notices beside the checkout")
def test_the_real_notice_is_read_whole() -> None:
    document = read(read_file(SHARED / "notices" / "miluo-2023.txt"))
    assert len(document.findings) == 10
    problems = [p for f in document.findings for p in f.problems]
    assert [p.number for p in problems] == [str(n) for n in range(1, 33)]
    assert all(p.response for p in problems)
    assert asdict(document)["tally"] == {
        "aspects": 3, "problems": 14, "tasks": 49, "completed": 39, "basically_completed": 7, "long_term": 3,
        "policies": 25,
    }  # fmt: skip
    facts = document.inspection
    assert (facts.starts_on, facts.ends_on, facts.feedback_on) == ("2023-03-15", "2023-04-25", "2023-07-25")
    assert facts.team == "岳阳市委园区专项巡察组"
    assert (document.signed_on, document.published_on) == ("2023-11-02", "2023-12-27")
    assert document.contact.phone and document.contact.post and document.contact.email
    assert len(document.unmapped) == 2
    assert all("巡视巡察情况" in u.text or "浏览次数" in u.text for u in document.unmapped)
    assert not document.warnings


def test_a_section_that_names_a_finding_is_the_finding() -> None:
    text = NOTICE.split("一、组织")[0] + (
        "一、关于党的领导弱化问题的整改\n1、问题：学习制度落实不到位。整改情况：学习32次。\n2、问题：阵地薄弱。整改情况：投入15万元。\n"
        "二、关于基层基础薄弱问题的整改\n1、问题：台账不全。整改情况：已补齐。\n"
    )
    found = read(from_text(text)).findings
    assert [(f.number, f.title, [(p.number, p.title) for p in f.problems]) for f in found] == [
        ("一", "关于党的领导弱化问题的整改", [("1", "学习制度落实不到位"), ("2", "阵地薄弱")]),
        ("二", "关于基层基础薄弱问题的整改", [("1", "台账不全")]),
    ]
    assert found[0].problems[1].response == "投入15万元。"


def test_an_environmental_follow_up_may_have_headings() -> None:
    text = (
        "云岭市关于省生态环境保护督察反馈问题（编号：12）整改完成情况的公示\n根据整改方案，现将整改情况公示如下：\n"
        "一、反馈问题\n部分企业治理设施运行不正常。\n二、整改目标\n设施正常运行。\n三、整改措施及落实情况\n"
        "1.对23家企业开展排查。\n2.立案查处3家。\n四、公示时间\n2022年5月9日至5月15日\n联系电话：0570-3088000\n"
    )
    (finding,) = read(from_text(text)).findings
    assert finding.title == "部分企业治理设施运行不正常"
    assert finding.problems[0].response == "1.对23家企业开展排查。\n2.立案查处3家。"


def test_problems_counted_in_words_keep_their_number() -> None:
    text = NOTICE.split("二、反馈")[0] + (
        "二、反馈问题整改情况\n（一）落实部署方面\n问题1：学习不够。\n整改情况：已补课。\n问题2：创新不足。\n整改情况：已改进。\n"
    )
    (finding,) = read(from_text(text)).findings
    assert [(p.number, p.title) for p in finding.problems] == [("1", "学习不够"), ("2", "创新不足")]
