"""Each kind of fault in a sentence of its own, beside a sentence that is right."""

import pytest

from bihuan.core.checking import Fault, check
from bihuan.core.reading import read
from bihuan.formats import read_bytes

FRAME = """中共澄江高新技术产业开发区工作委员会关于巡察整改进展情况的通报
根据市委统一部署，2025年3月3日至5月16日，市委第二巡察组对澄江高新技术产业开发区党工委进行了巡察。2025年6月20日，市委第二巡察组反馈了巡察意见。现将整改进展情况予以公布。
一、组织整改情况
{organisation}
二、反馈问题整改情况
（一）反馈问题：履行职责有差距。
1.资金管理不严。
整改情况：{one}
2.项目推进不快。
整改情况：{two}
三、下一步工作
{later}
{contact}
中共澄江高新技术产业开发区工作委员会
2025年12月1日
"""
RIGHT = {
    "organisation": "成立巡察整改工作领导小组，召开专题会6次。",
    "one": "清退违规资金12.6万元，退还率100%。",
    "two": "9个项目已开工9个，竣工6个。",
    "later": "巩固整改成果，防止问题反弹。",
    "contact": "联系电话：0739-6120034；邮政信箱：澄江市江滨路1号；电子邮箱：xcb@chengjiang.gov.example。",
}


def faults(**changes: str) -> list[Fault]:
    source = read_bytes("通报.txt", FRAME.format(**(RIGHT | changes)).encode())
    return list(check(source, read(source)))


def found(code: str, **changes: str) -> list[tuple[str, str]]:
    return [(fault.kind, fault.quote) for fault in faults(**changes) if fault.code == code]


def test_the_frame_itself_is_right() -> None:
    assert [(fault.kind, fault.quote) for fault in faults()] == []


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("拖欠的工程款全部支付到位。", "拖欠的工程款全部支付到位"),
        ("对所有台账进行了清理。", "对所有台账进行了清理"),
        ("办事效率大幅提升。", "办事效率大幅提升"),
        ("杜绝了违规收费行为。", "杜绝了违规收费行为"),
        ("彻底解决了历史遗留问题。", "彻底解决了历史遗留问题"),
        ("对3个部门进行检查，已实现监管全覆盖。拖欠款全部结清。", "拖欠款全部结清"),
    ],
)
def test_an_absolute_claim_without_a_number_is_told(answer: str, quote: str) -> None:
    assert found("absolute-without-figure", one=answer) == [("absolute-without-figure", quote)]


@pytest.mark.parametrize(
    "answer",
    [
        "拖欠的37笔工程款全部支付到位。",
        "拖欠工程款全部支付到位，共37笔、210万元。",
        "落实全面从严治党主体责任，全面贯彻党的二十大精神。",
        "组织全体党员观看警示教育片，所有党员写出心得。",
        "规定所有现金支出必须在基本户提现。",
        "确保全部整改到位。",
        "印发《关于全面清理办公用房的通知》。",
        "“所有问题已全部解决”的说法不属实，已更正报告2份。",
        "对不符合规定的一律不予报销。",
        "投诉量大幅下降，由23件降至2件。",
        "坚决杜绝违规采购行为。",
        "全面清理台账，更正差错37份。",
    ],
)
def test_set_phrases_rules_aims_and_counted_claims_are_no_absolutes(answer: str) -> None:
    assert found("absolute-without-figure", one=answer) == []


def test_absolutes_are_judged_in_answers_only() -> None:
    assert (
        found("absolute-without-figure", organisation="全部问题已经解决。", later="所有任务全部完成。") == []
    )


@pytest.mark.parametrize("words", ["50余家", "30多个", "近60次", "约200万元", "数十次", "多次"])
def test_a_vague_count_is_told(words: str) -> None:
    assert [quote for _, quote in found("vague-count", one=f"走访企业{words}，解决问题。")] == [words]


@pytest.mark.parametrize("words", ["50家", "近两年的台账", "2次以上的检查要求", "约谈3人", "许多家庭"])
def test_exact_counts_and_other_uses_are_not_vague(words: str) -> None:
    assert found("vague-count", one=f"走访{words}。") == []


@pytest.mark.parametrize("sentence", ["已完成75.35%。", "进出口总额2.86亿元，同比增长16.4%。"])
def test_a_rate_without_its_base_is_told(sentence: str) -> None:
    assert len(found("ratio-without-base", two=sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "应处置1126亩，已处置848亩，占75.31%。",
        "满意率由82.1%提高到93.4%。",
        "按不低于3%的比例提取风险金。",
        "贷款利率降为3.45%。",
    ],
)
def test_a_rate_with_its_base_or_a_term_passes(sentence: str) -> None:
    assert found("ratio-without-base", two=sentence) == []


def test_a_signed_agreement_is_no_result_until_one_is_named() -> None:
    assert found("input-not-result", two="与75家企业签订责任书。") == [("input-not-result", "签订责任书")]
    assert found("input-not-result", two="与75家企业签订责任书，已完成改造75家。") == []
    assert found("input-not-result", two="按签订的协议收回租金38万元。") == []


def test_an_answer_of_meetings_and_study_alone_is_told() -> None:
    kind = found("input-not-result", two="召开专题会议研究部署，组织学习有关规定，进一步压实责任。")
    assert [one for one, _ in kind] == ["input-not-result.activity"]


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("成立巡视整改督查组。", ["term-mixed"]),
        ("对照巡查反馈意见制定方案。", ["term-mixed"]),
        ("一并落实省委巡视整改要求。", []),
        ("结合中央巡视反馈意见抓整改。", []),
        ("落实巡视巡察整改要求。", []),
        ("学习《中国共产党巡视工作条例》。", []),
        ("开展日常巡查120次。", []),
    ],
)
def test_another_word_for_this_inspection_is_told(sentence: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in found("term-mixed", organisation=sentence)] == kinds


def test_another_kind_of_paper_in_the_opening_is_told() -> None:
    text = FRAME.format(**RIGHT).replace("予以公布", "报告如下")
    source = read_bytes("通报.txt", text.encode())
    assert [f.kind for f in check(source, read(source))] == ["term-mixed.paper"]


@pytest.mark.parametrize(
    ("words", "proposal"),
    [
        ("截止目前", "截至目前"), ("截止2025年11月底", "截至2025年"), ("财经经律", "财经纪律"), ("布署", "部署"),
        ("台帐", "台账"), ("按装设备", "安装"), ("约50余家", "50余家"), ("己完成", "已完成"),
        ("警钟常鸣", "警钟长鸣"), ("转帐", "转账"), ("帐户", "账户"), ("按排", "安排"), ("明查暗访", "明察暗访"), ("拔付", "拨付"), ("澄江高新技术产业开区", "澄江高新技术产业开发区"),
        ("澄江高新技术产产业开发区", "澄江高新技术产业开发区"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_comes_with_what_was_meant(words: str, proposal: str) -> None:
    told = [fault for fault in faults(later=f"在此，{words}。") if fault.code == "wording"]
    assert [fault.proposal[: len(proposal)] for fault in told if fault.proposal] == [proposal]


@pytest.mark.parametrize(
    "words",
    [
        "报名截止日期为9月1日", "受理时间截止到2025年5月25日", "自己完成", "以经济建设为中心", "周末完成", "按装配式标准", "预防犯罪", "公园满员", "就读职业学院",
        "分工做好", "既使用又养护", "澄江高新技术产业开发区", "澄江高新区", "治理理念", "年末按规定", "从严历练", "不作为", "搭建帐篷", "按排放标准", "干部暑期", "立即然后", "治安照明", "蚊帐户外", "反应釜",
    ],
)  # fmt: skip
def test_right_words_that_look_like_slips_pass(words: str) -> None:
    assert found("wording", later=f"在此，{words}。") == []


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("联系电话：07396120034。", ["contact.separator"]),
        ("联系电话：01066120034。", ["contact.separator"]),
        ("联系电话：6120034。", ["contact.area-code"]),
        ("联系电话：13973900001。", ["contact.mobile"]),
        ("联系电话：0739-61。", ["contact.phone-form"]),
        ("联系电话：12388；监督电话：（0739）6120034。", []),
        ("电话：0739-6120034、0739-6120035；邮编422900。", []),
        ("电话：010-66120034；电子邮箱：a_b@163.com。", ["contact.private-mail"]),
        ("电话：010-66120034；电子邮箱：xcb＠chengjiang。", ["contact.mail-form"]),
        ("电话：010-66120034；电子邮箱：xcb.chengjiang.gov。", ["contact.mail-form"]),
        ("如有意见，请向我们反映。", ["contact.missing"]),
    ],
)
def test_the_public_must_be_able_to_answer(line: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in found("contact", contact=line)] == kinds


def test_the_proposed_number_has_its_area_code_apart() -> None:
    for printed, proposal in (("07396120034", "0739-6120034"), ("01066120034", "010-66120034")):
        [fault] = [f for f in faults(contact=f"联系电话：{printed}。") if f.code == "contact"]
        assert fault.proposal == proposal


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("身份证号11010519491231002X", ["personal-data.identity"]),
        ("编号110105194912310021", []),
        ("卡号6222020000000000000", ["personal-data.card"]),
        ("卡号6222020000000000006", []),
        ("电话13800138000的机主", ["personal-data.mobile"]),
        ("群众张小满反映", ["personal-data.name"]),
        ("村民李某某反映", []),
        ("群众高度评价，居民任何时候都能反映", []),
    ],
)
def test_personal_data_is_told(words: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in found("personal-data", one=f"已核实{words}。")] == kinds


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("制度\ufffd项", ["corrupt-text"]),
        ("制度\x07项", ["corrupt-text.control"]),
        ("制\u200b度3项", ["corrupt-text.hidden"]),
        ("經(jīng)費3萬元", ["corrupt-text.pinyin"]),
        ("制度?项落实", ["corrupt-text.question"]),
        ("制度3项，，落实", ["corrupt-text.marks"]),
        ("制度3项。，落实", ["corrupt-text.marks"]),
        ("202442日制定", ["corrupt-text.date"]),
        ("“制度3项", ["corrupt-text.unclosed"]),
        ("为什么不落实？如何整改", []),
        ("面积(m)和VOCs（挥发物）", []),
        ("二十四小时365日值守", []),
        ("见（一）和1）", []),
    ],
)
def test_damage_is_told(words: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in found("corrupt-text", later=f"已{words}。")] == kinds


def test_a_problem_without_an_answer_is_told_where_the_others_have_one() -> None:
    text = FRAME.format(**RIGHT).replace(
        "三、下一步", "3.台账不全。\n4.检查不勤。\n整改情况：检查36次。\n三、下一步"
    )
    source = read_bytes("通报.txt", text.encode())
    told = [f for f in check(source, read(source)) if f.code == "answer-missing"]
    assert [(f.quote, f.params["number"]) for f in told] == [("3.台账不全。", "3")]


def test_a_short_answer_given_twice_is_a_reused_measure() -> None:
    assert found("reused-measure", one="补签文书58份。", two="补签文书58份。") == [
        ("reused-measure", "补签文书58份。")
    ]
    assert found("duplicate-text", one="补签文书58份。", two="补签文书58份。") == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "在园区投资新建第二生活污水处理厂，建成后规模达2万吨。",
            "在园区投资新建第二生活污水处理厂，年内竣工。",
        ),
        ("督促企业建立固体废物管理台账并按月填报。", "督促企业建立固体废物管理台账，并按月填报。"),
        ("聘请专家对重点企业上门开展诊断服务12次。", "聘请专家对重点企业上门开展诊断服务15次。"),
    ],
)
def test_a_clause_used_for_two_problems_is_told_even_when_it_is_changed_a_little(one: str, two: str) -> None:
    assert len(found("reused-measure", one=one, two=two)) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("召开班子会议。切实履行全面从严治党主体责任。", "开展检查9次。切实履行全面从严治党主体责任。"),
        ("计划于2026年12月31日前完成，已清退3万元。", "计划于2026年12月31日前完成，已开工9个。"),
        ("在巡察整改专题民主生活会上，检视问题12个。", "在巡察整改专题民主生活会上，作检查3人。"),
        ("制定《澄江高新区企业研发奖补申领细则》。", "按《澄江高新区企业研发奖补申领细则》兑付12家。"),
    ],
)
def test_set_phrases_dates_and_titles_may_stand_in_two_answers(one: str, two: str) -> None:
    assert found("reused-measure", one=one, two=two) == []
