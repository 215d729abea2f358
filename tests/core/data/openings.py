"""Invented openings, one a way of wording seen in real documents, with what each says.

Names, places and figures are made up. A key left out of the expectation is not tested; None and {} assert silence.
"""

from typing import Any

Case = tuple[str, str, dict[str, Any]]


def said(**facts: Any) -> dict[str, Any]:
    """Return an expectation."""
    return facts


PERIODS: tuple[Case, ...] = (
    (
        "full dates on both sides",
        "根据市委统一部署，2021年3月4日至2021年5月20日，市委第七巡察组对云岭市林业局党组开展了常规巡察。2021年6月30日，市委第七巡察组向市林业局党组反馈了巡察意见。按照巡察工作有关要求，现将巡察整改进展情况予以公布。",
        said(kind="notice", team="市委第七巡察组", subject="云岭市林业局党组", starts_on="2021-03-04", ends_on="2021-05-20", feedback_on="2021-06-30", title=None, inspection="巡察"),
    ),
    (
        "a dash between the days",
        "根据区委统一部署,2022年2月16日—4月15日,区委第一巡察组对区水务局党委进行了巡察。2022年5月27日,区委第一巡察组向区水务局党委反馈了巡察意见。现将巡察整改情况予以公布。",
        said(team="区委第一巡察组", subject="区水务局党委", starts_on="2022-02-16", ends_on="2022-04-15", feedback_on="2022-05-27"),
    ),
    (
        "a double dash and blanks between numbers",
        "根据区委统一部署，2022 年 2 月 16 日——4 月 15 日，区委第一巡察组对区水务局党委进行了巡察。5 月 27 日，反馈了巡察意见。现将巡察整改情况予以公布。",
        said(team="区委第一巡察组", subject="区水务局党委", starts_on="2022-02-16", ends_on="2022-04-15", feedback_on="2022-05-27"),
    ),
    (
        "thirds of months",
        "根据省委统一部署，2019年8月下旬至10月下旬，省委第六巡视组对云岭职业学院党委开展了常规巡视，并于2020年1月9日向学院党委反馈了意见。现将整改进展情况予以公布。",
        said(inspection="巡视", team="省委第六巡视组", subject="云岭职业学院党委", starts_on="2019-08", ends_on="2019-10", feedback_on="2020-01-09"),
    ),
    (
        "months only, the year repeated",
        "按照市委部署要求，2022年7月至2022年8月，市委巡察六组对市统计局党组开展常规巡察。2022年9月，市委巡察六组反馈了巡察意见。现将集中整改情况通报如下。",
        said(team="市委巡察六组", subject="市统计局党组", starts_on="2022-07", ends_on="2022-08", feedback_on="2022-09"),
    ),
    (
        "months only, the year once",
        "按照县委统一部署，2023年9月至11月，县委第二巡察组对县医疗保障局党组进行了巡察，2024年1月5日反馈了巡察意见。现将整改情况予以公布。",
        said(starts_on="2023-09", ends_on="2023-11", feedback_on="2024-01-05", team="县委第二巡察组", subject="县医疗保障局党组"),
    ),
    (
        "months with a hyphen under one year",
        "按照县委统一部署，2023年9-11月，县委第二巡察组对县医疗保障局党组进行了巡察。现将整改情况予以公布。",
        said(starts_on="2023-09", ends_on="2023-11", feedback_on=None),
    ),
    (
        "the period runs over the new year",
        "根据县委统一部署，2020年11月9日至1月15日，县委第三巡察组对溪口镇党委开展巡察。3月2日，县委第三巡察组向溪口镇党委反馈了巡察意见。现将巡察整改情况公布如下。",
        said(subject="溪口镇党委", starts_on="2020-11-09", ends_on="2021-01-15", feedback_on="2021-03-02"),
    ),
    (
        "the feedback's year rolls over",
        "根据县委统一部署，2020年9月9日至11月15日，县委第三巡察组对溪口镇党委开展巡察。1月12日，县委第三巡察组向溪口镇党委反馈了巡察意见。现将巡察整改情况公布如下。",
        said(starts_on="2020-09-09", ends_on="2020-11-15", feedback_on="2021-01-12"),
    ),
    (
        "a day alone ends the period",
        "根据县委统一部署，2021年4月6日至28日，县委第四巡察组对县档案馆党支部开展巡察。5月20日，反馈了巡察意见。现将巡察整改情况公布如下。",
        said(starts_on="2021-04-06", ends_on="2021-04-28", feedback_on="2021-05-20", subject="县档案馆党支部"),
    ),
    (
        "no feedback date",
        "根据县委统一部署，2021年4月6日至6月28日，县委第四巡察组对县档案馆党支部开展巡察，并反馈了巡察意见。现将巡察整改情况公布如下。",
        said(starts_on="2021-04-06", ends_on="2021-06-28", feedback_on=None),
    ),
    (
        "起 and 止 with the dates",
        "根据市委巡察工作安排，自2018年10月15日起至12月20日止，市委第五巡察组对市文联党组进行了政治巡察。2019年1月21日，市委第五巡察组反馈了巡察意见。现将整改情况予以公布。",
        said(starts_on="2018-10-15", ends_on="2018-12-20", feedback_on="2019-01-21", team="市委第五巡察组", subject="市文联党组"),
    ),
    (
        "no year anywhere",
        "根据市委统一部署，3月4日至5月20日，市委第七巡察组对市林业局党组开展了巡察。现将巡察整改进展情况予以公布。",
        said(starts_on=None, ends_on=None, feedback_on=None, team="市委第七巡察组"),
    ),
    (
        "year and month marks lost",
        "根据县委统一部署，2023316日至520日，县委第一巡察组对县供销社党组开展了巡察。2023719日，县委第一巡察组反馈了巡察意见。现将整改进展情况予以公布",
        said(starts_on="2023-03-16", ends_on="2023-05-20", feedback_on="2023-07-19"),
    ),
    (
        "month marks lost, years kept",
        "根据县委统一部署，2023年316日至2023年620日，县委第一巡察组对县供销社党组开展了巡察。2023年719日，县委第一巡察组反馈了巡察意见。现将整改进展情况予以公布",
        said(starts_on="2023-03-16", ends_on="2023-06-20", feedback_on="2023-07-19"),
    ),
    (
        "year marks lost, months kept",
        "根据县委统一部署，20233月16日至6月20日，县委第一巡察组对县供销社党组开展了巡察。20237月19日，县委第一巡察组反馈了巡察意见。现将整改进展情况予以公布",
        said(starts_on="2023-03-16", ends_on="2023-06-20", feedback_on="2023-07-19"),
    ),
    (
        "a mangled day with two readings that the order decides",
        "根据县委统一部署，2023年10月9日至121日，县委第一巡察组对县供销社党组开展了巡察。现将整改进展情况予以公布。",
        said(starts_on="2023-10-09", ends_on=None),
    ),
    (
        "a mangled day that stays uncertain",
        "根据县委统一部署，2023111日至1231日，县委第一巡察组对县供销社党组开展了巡察。现将整改进展情况予以公布。",
        said(starts_on=None, ends_on="2023-12-31"),
    ),
    (
        "the date of feedback behind 于",
        "根据中央统一部署，2021年2月26日至4月25日，中央第四巡视组对华川集团有限公司党委进行了常规巡视。8月30日，中央第四巡视组向华川集团党委反馈了巡视意见。按照巡视工作有关要求，现将巡视整改进展情况予以公布。",
        said(inspection="巡视", team="中央第四巡视组", subject="华川集团有限公司党委", feedback_on="2021-08-30"),
    ),
    (
        "one month for the whole inspection",
        "根据区委统一部署，2022年6月，区委第三巡察组对区侨联党组开展了机动巡察。7月15日，区委第三巡察组向区侨联党组反馈了巡察情况。现将整改情况予以公布。",
        said(starts_on="2022-06", ends_on=None, feedback_on="2022-07-15", subject="区侨联党组"),
    ),
)  # fmt: skip

BODIES: tuple[Case, ...] = (
    (
        "the team stands before the period",
        "根据省委巡视工作统一部署，省委巡视七组于2022年3月25日至5月30日对东港海洋大学党委开展了常规巡视，并于7月8日向我校反馈了巡视意见。现将巡视整改进展情况予以公布。",
        said(inspection="巡视", team="省委巡视七组", subject="东港海洋大学党委", starts_on="2022-03-25", ends_on="2022-05-30", feedback_on="2022-07-08"),
    ),
    (
        "a special team with a long name",
        "按照区委统一安排部署,2020年5月6日至7月3日,区委营商环境专项巡察组对区行政审批局党组开展了优化营商环境专项巡察。9月4日,区委营商环境专项巡察组向区行政审批局党组反馈了巡察意见。现将整改情况予以公布。",
        said(team="区委营商环境专项巡察组", subject="区行政审批局党组", starts_on="2020-05-06", ends_on="2020-07-03", feedback_on="2020-09-04"),
    ),
    (
        "a team raised a level",
        "根据市委提级巡察工作部署，2023年8月1日至9月28日，市委第二提级巡察组对石桥村党支部开展了提级巡察。2023年12月8日，市委第二提级巡察组反馈了意见。现将整改情况予以公布。",
        said(team="市委第二提级巡察组", subject="石桥村党支部"),
    ),
    (
        "a round and a team",
        "根据十三届市委第八轮巡察统一部署，2024年3月1日至4月30日，十三届市委第八轮第五巡察组对市气象局党组开展了巡察。6月4日反馈了意见。现将整改情况予以公布。",
        said(team="十三届市委第八轮第五巡察组", subject="市气象局党组", feedback_on="2024-06-04"),
    ),
    (
        "two bodies inspect together",
        "根据省委、市委关于巡视巡察上下联动的部署，2021年9月8日至11月5日，市委第一巡察组对市粮食和物资储备局党组开展了涉粮问题联动巡察。2022年1月10日，市委第一巡察组反馈了巡察意见。现将整改进展情况予以公布。",
        said(inspection="巡察", team="市委第一巡察组", subject="市粮食和物资储备局党组", feedback_on="2022-01-10"),
    ),
    (
        "subordinate units are named too",
        "根据区委部署，2021年9月8日至11月5日，区委第二巡察组对区教育局党委及所属学校党组织开展了巡察。2022年1月10日，区委第二巡察组反馈了巡察意见。现将整改进展情况予以公布。",
        said(subject="区教育局党委"),
    ),
    (
        "以及 with units below",
        "根据区委部署，2021年9月8日至11月5日，区委第二巡察组对区卫生健康局党委以及下属事业单位进行了巡察。2022年1月10日反馈了巡察意见。现将整改进展情况予以公布。",
        said(subject="区卫生健康局党委"),
    ),
    (
        "the name is defined in brackets",
        "根据市委统一部署，2022年8月15日至10月31日，市委第九巡察组对东港城市建设投资集团有限公司党委（以下简称“城投集团党委”）开展了常规巡察。2023年1月6日，市委第九巡察组向城投集团党委反馈了巡察意见。现将整改情况公布如下。",
        said(subject="东港城市建设投资集团有限公司党委", feedback_on="2023-01-06"),
    ),
    (
        "ourselves, with a title that names us",
        "中共云岭市应急管理局党委关于巡察整改进展情况的通报\n根据市委统一部署，2022年8月15日至10月31日，市委第九巡察组对我局党委开展了常规巡察。2023年1月6日，市委第九巡察组向我局党委反馈了巡察意见。现将整改情况公布如下。",
        said(subject="中共云岭市应急管理局党委", title="中共云岭市应急管理局党委关于巡察整改进展情况的通报"),
    ),
    (
        "the inspected body accepts the inspection",
        "2021年4月12日至6月11日，云岭市民族中学党总支接受了市委第三巡察组的政治巡察。2021年7月30日，市委第三巡察组向学校党总支反馈了巡察意见。现将整改落实情况公布如下。",
        said(team="市委第三巡察组", subject="云岭市民族中学党总支", starts_on="2021-04-12", ends_on="2021-06-11", feedback_on="2021-07-30"),
    ),
    (
        "a team stationed",
        "根据县委巡察工作领导小组安排，2019年3月20日至5月10日，县委第二巡察组进驻县自然资源局开展常规巡察。6月18日，县委第二巡察组向县自然资源局党组反馈了巡察意见。现将整改情况予以公布。",
        said(team="县委第二巡察组", subject="县自然资源局", starts_on="2019-03-20", feedback_on="2019-06-18"),
    ),
    (
        "many organisations have no one subject",
        "根据县委统一部署，2021年3月1日至4月30日，县委派出5个巡察组对县发改局、县司法局、县民政局等12家单位党组织开展了常规巡察。2021年6月10日，完成反馈。现将集中整改情况向社会公布。",
        said(subject=None, team="5个巡察组", starts_on="2021-03-01"),
    ),
    (
        "a look-back",
        "根据市委统一部署，2020年6月1日至7月10日，市委第四巡察组对市体育局党组开展了巡察“回头看”。2020年9月3日，市委第四巡察组向市体育局党组反馈了巡察“回头看”意见。现将整改情况予以公布。",
        said(inspection="巡察", team="市委第四巡察组", subject="市体育局党组", feedback_on="2020-09-03"),
    ),
    (
        "sent out by the committee",
        "2023年5月8日至7月7日，市委派出市委第六巡察组对市残联党组开展常规巡察。2023年9月15日，市委第六巡察组反馈了意见。按照有关规定，现将整改进展情况予以公布。",
        said(team="市委第六巡察组", subject="市残联党组"),
    ),
    (
        "同步 with others inspected beside",
        "根据市委统一部署，2024年3月6日至5月10日，市委第三巡察组对市交通运输局党组开展常规巡察，同步对5个直属单位党组织开展延伸巡察。2024年7月2日，市委第三巡察组反馈了巡察意见。现将整改进展情况予以公布。",
        said(subject="市交通运输局党组", team="市委第三巡察组", feedback_on="2024-07-02"),
    ),
    (
        "the audit office inspects",
        "关于云岭县水利局2022年度预算执行审计整改情况的公告\n根据《中华人民共和国审计法》的规定，2023年3月1日至5月20日，县审计局派出审计组对县水利局2022年度预算执行情况进行了审计。2023年7月6日出具了审计报告。现将整改情况公告如下。",
        said(kind="audit", inspection="审计", subject="县水利局", starts_on="2023-03-01", ends_on="2023-05-20", title="关于云岭县水利局2022年度预算执行审计整改情况的公告"),
    ),
    (
        "lines broken in the middle of the sentence",
        "根据\n市委\n统一部署，2021年3月4日至\n5月20日，市委第七巡察组对市林业局党组\n开展了常规巡察。2021年6月30日，市委第七巡察组向市林业局党组反馈了巡察意见。现将巡察整改进展情况予以公布。",
        said(team="市委第七巡察组", subject="市林业局党组", starts_on="2021-03-04", ends_on="2021-05-20", feedback_on="2021-06-30"),
    ),
    (
        "the committee as the subject",
        "根据省委统一部署，2017年7月4日至8月31日，省委第三巡视组对中共云岭市委进行了巡视。2017年10月12日，省委第三巡视组向云岭市委反馈了巡视意见。按照巡视工作有关要求，现将巡视整改情况予以公布。",
        said(inspection="巡视", subject="中共云岭市委", feedback_on="2017-10-12"),
    ),
    (
        "a township without a party body",
        "根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对青石乡开展了乡村振兴领域专项巡察。6月1日，县委第五巡察组向青石乡党委反馈了专项巡察情况。现将整改情况予以公布。",
        said(subject="青石乡", feedback_on="2022-06-01"),
    ),
    (
        "the definition stands behind the team",
        "根据市委统一部署，2023年2月20日至4月28日，市委第八巡察组（以下简称“巡察组”）对市国资委党委进行了巡察。2023年6月9日，巡察组向市国资委党委反馈了巡察意见。现将巡察整改情况予以公布。",
        said(team="市委第八巡察组", subject="市国资委党委", feedback_on="2023-06-09"),
    ),
)  # fmt: skip
