"""Invented page openings with the furniture that crawled pages bring, and wordings that look alike but say less.

Names, places and figures are made up. A key left out of the expectation is not tested.
"""

from tests.core.data.openings import Case, said

_TEXT = "根据市委统一部署，2022年3月1日至4月30日，市委第五巡察组对市农机局党组开展了巡察。2022年6月1日，市委第五巡察组反馈了巡察意见。现将整改情况予以公布。"
_TITLE = "中共云岭市农机局党组关于巡察整改进展情况的通报"

HEADS: tuple[Case, ...] = (
    ("breadcrumb, tools and counter", f"云岭市人民政府\n您现在的位置：首页 >> 政务公开 >> 巡察整改\n{_TITLE}\n发布时间：2022-12-20 15:20:33\n点击：41375\n字号：[大 中 小]\n分享到：\n打印\n{_TEXT}", said(title=_TITLE, published_on="2022-12-20", kind="notice")),
    ("bulleted metadata", f"• 索引号：\n113300/2022-100\n• 文件名称：\n{_TITLE}\n• 发布机构：\n市农机局\n• 成文日期：\n2022-12-18\n• 公开方式：\n主动公开\n• {_TITLE}\n日期：2022-12-20 08:00 来源：市农机局 浏览量：\n分享：\n朗读\n{_TEXT}", said(title=_TITLE, subject="市农机局党组")),
    ("metadata in one row", f"索引号: 0030/2022-5 主题分类: 其他 发布机构: 市农机局 标题: {_TITLE} 发文日期: 2022-12-18\n{_TEXT}", said(title=_TITLE)),
    ("title with the year of the page behind a bar", f"{_TITLE} | 云岭市农业机械局\n{_TEXT}", said(title=_TITLE)),
    ("web address first", f"http://www.example.gov.cn\n 当前位置：首页 > 巡察工作 > 巡察反馈 >\n{_TITLE}\n发布时间：2022-06-24 17:44  来源：市纪委监委   \n\n{_TEXT}", said(title=_TITLE, headings=[])),
    ("a sentence of the site above the title", f"您的浏览器版本过低，请升级后访问。\n首页\n{_TITLE}\n{_TEXT}", said(title=_TITLE, subject="市农机局党组")),
    ("a bracketed column", f"[整改公开]{_TITLE}\n{_TEXT}", said(title=_TITLE)),
    ("spaces inside the title", f"中共云岭市农机局党组  关于巡察整改进展情况的通报\n{_TEXT}", said(title="中共云岭市农机局党组  关于巡察整改进展情况的通报")),
    ("the office above, alone", f"中共云岭市委巡察工作领导小组办公室\n2022-12-20\n{_TEXT}", said(title=None)),
    ("the column alone", f"巡视巡察整改情况公开\n来源：本站\n{_TEXT}", said(title=None)),
    ("a spoken report's heading stays the title", f"关于市委巡察反馈意见整改情况的报告\n（2022年12月20日）\n中共云岭市农机局党组\n{_TEXT}", said(title="关于市委巡察反馈意见整改情况的报告")),
    ("the foot does not get in", f"{_TITLE}\n{_TEXT}\n一、组织整改落实情况\n高度重视。\n责任编辑：某某\n上一篇：关于某某的通知\n下一篇：没有了\n主办单位：云岭市农机局 备案号：X-1\n", said(title=_TITLE, headings=[("一、", "组织整改落实情况")])),
    ("traditional script", "中共雲嶺市農機局黨組關於巡察整改進展情況的通報\n根據市委統一部署，2022年3月1日至4月30日，市委第五巡察組對市農機局黨組開展了巡察。2022年6月1日，市委第五巡察組反饋了巡察意見。現將整改情況予以公佈。\n一、組織整改落實情況\n截至目前，巡察反饋的25個問題，已完成整改20個，長期堅持5個。",
     said(kind="notice", title="中共雲嶺市農機局黨組關於巡察整改進展情況的通報", team="市委第五巡察組", subject="市農機局黨組", feedback_on="2022-06-01", tally={"problems": 25, "completed": 20, "long_term": 5}, headings=[("一、", "組織整改落實情況")])),
    ("doubled commas and lost characters", "根据市委统一部署，，2022年3月1日至4月30日，，市委第五巡察组对市农机局党组开展了巡察。2022年6月1日，市委第五巡察组反馈了巡察意见。现将整?情况予以公布。", said(team="市委第五巡察组", starts_on="2022-03-01", ends_on="2022-04-30", feedback_on="2022-06-01")),
)  # fmt: skip

FEEDS: tuple[Case, ...] = (
    ("news that tells the feedback first", "8月12日，县委第三巡察组向县气象局党组反馈巡察情况。县委巡察办副主任主持反馈会议。\n根据县委统一部署，2021年4月12日至6月11日，县委第三巡察组对县气象局党组开展了常规巡察。", said(kind="feedback", starts_on="2021-04-12", ends_on="2021-06-11", feedback_on="2021-08-12", subject="县气象局党组")),
    ("a feedback over the turn of the year", "3月25日下午，区委第一巡察组召开对石桥街道党工委巡察“回头看”情况反馈会。\n根据区委统一部署，2023年11月至2024年1月，区委第一巡察组对石桥街道党工委开展巡察“回头看”。", said(kind="feedback", starts_on="2023-11", ends_on="2024-01", feedback_on="2024-03-25")),
    ("some units beside the body", "根据县委安排，2022年4月18日至6月17日，县委第一巡察组对县教育局党组及部分学校开展了教育领域专项巡察。现反馈如下意见：\n一、存在的主要问题\n（一）聚焦方针落实方面\n1.任务落实有差距。", said(kind="feedback", subject="县教育局党组")),
    ("three teams at once", "2023年7月10日至12日，区委第一、第二、第三巡察组分别向区科技局、区司法局、区统计局等6个单位党组织反馈巡察情况。会议指出，存在政治理论学习不深入等问题。", said(kind="feedback", team="区委第一、第二、第三巡察组", subject=None, feedback_on=None, starts_on=None)),
    ("feedback to leaders of one body", "2023年7月10日，区委第一巡察组向区科技局党组主要负责人和领导班子反馈了巡察情况。会议传达了书记专题会议精神。", said(kind="feedback", team="区委第一巡察组", subject="区科技局党组", feedback_on="2023-07-10")),
    ("a round is finished", "十三届市委第二轮巡察完成反馈\n近日，十三届市委第二轮巡察10个巡察组完成对20家单位的集中反馈。反馈指出，存在的问题有：落实上级部署不到位。", said(kind="feedback", title="十三届市委第二轮巡察完成反馈", subject=None, feedback_on=None)),
    ("a round's teams counted", "近日，十三届市委第二轮巡察10个巡察组完成对20家单位的集中反馈。反馈指出，存在学习不深入等问题。", said(kind="feedback", team="10个巡察组", subject=None)),
    ("the whole feedback is printed", "根据省委部署，2018年5月3日至6月30日，省委第四巡视组对云岭市进行了巡视。9月5日，省委第四巡视组向云岭市委反馈了巡视意见。省委巡视办负责同志出席反馈会议。巡视组指出，云岭市委工作取得一定成绩，但还存在一些问题，主要是：学习不够深入。", said(kind="feedback", inspection="巡视", subject="云岭市", feedback_on="2018-09-05", team="省委第四巡视组")),
    ("feedback of an environmental team", "2021年7月20日，中央第三生态环境保护督察组向云岭省反馈督察情况。反馈会由省长主持。督察组指出，存在问题56个。", said(inspection="督察", team="中央第三生态环境保护督察组", subject="云岭省", feedback_on="2021-07-20")),
)  # fmt: skip

_ORG = _TEXT + "\n一、整改工作开展情况\n"

LOOKALIKES: tuple[Case, ...] = (
    ("meetings and studies", _ORG + "局党组召开专题会议12次，研究解决实际问题23个，开展学习15次，下发督办单8份。", said(tally={})),
    ("measures refined", _ORG + "针对反馈的33项具体问题，制定了97项整改措施，并细化为171条具体措施。", said(tally={"problems": 33, "measures": 171})),
    ("two sums of rules without a total", _ORG + "整改以来，新建制度5项，修订制度8项。", said(tally={})),
    ("a total of rules with its parts", _ORG + "截至目前，反馈的12个问题全部整改到位，制定制度13项，其中新建5项，修订8项。", said(tally={"problems": 12, "completed": 12, "policies": 13})),
    ("a mechanism is no rule made", _ORG + "建立“一周一调度、一月一通报”两项机制。反馈的12个问题，已完成整改12个，建章立制7项。", said(tally={"problems": 12, "completed": 12, "policies": 7})),
    ("aspects in words", _ORG + "市委第五巡察组反馈了六个方面的问题和五个方面的意见建议。", said(tally={"aspects": 6})),
    ("two aspects", _ORG + "巡察反馈的两个方面10个问题，已完成8个，正在推进2个。", said(tally={"aspects": 2, "problems": 10, "completed": 8, "in_progress": 2})),
    ("slogans with numbers", _ORG + "增强“四个意识”，坚定“四个自信”，做到“两个维护”，从三个方面发力，压实“一岗双责”。", said(tally={})),
    ("a rate is no count", _ORG + "反馈问题整改完成率达95%，群众满意度98.5%。", said(tally={})),
    ("projects are no problems", _ORG + "完成12个小区改造，持续推进3项重点工程，巡察反馈问题逐项销号。", said(tally={})),
    ("categories with 大类", _ORG + "反馈意见共3大类15个方面38个问题，已整改完成36个，需长期坚持2个。", said(tally={"aspects": 15, "categories": 3, "problems": 38, "completed": 36, "long_term": 2})),
    ("matters of rectification", _ORG + "反馈的7个方面24个问题，分解为61个整改事项。截至2022年11月30日，完成整改58个，基本完成2个，正在整改1个。", said(tally={"aspects": 7, "problems": 24, "tasks": 61, "completed": 58, "basically_completed": 2, "in_progress": 1}, as_of="2022-11-30")),
    ("all counted by 均", _ORG + "目前，巡察反馈的14个问题均已完成整改。", said(tally={"problems": 14, "completed": 14})),
    ("problems handed over are a part", _ORG + "巡察反馈问题28个，整改完成27个；移交立行立改问题3个，全部办结；移交信访件6件，办结6件。", said(tally={"problems": 28, "completed": 27})),
    ("an earlier round is another document's", _ORG + "对上轮巡察反馈的19个问题开展“回头看”。本次反馈的22个问题，已完成整改20个，持续推进2个。", said(tally={"problems": 22, "completed": 20, "in_progress": 2})),
    ("money and people", _ORG + "反馈的22个问题已整改20个。清退违规资金66.57万元，挽回经济损失1369.5万元，政务处分2人，组织处理3人。", said(tally={"problems": 22, "completed": 20})),
    ("the date behind 截止", _ORG + "截止2022年10月，反馈的22个问题已整改20个。", said(as_of="2022-10")),
    ("the end of a year", _ORG + "截至2022年底，反馈的22个问题已整改20个。", said(as_of="2022-12")),
    ("the specific ones beside the main ones", _ORG + "巡察反馈4个方面12类31个问题，细化为85个具体问题，制定整改措施203条。", said(tally={"aspects": 4, "categories": 12, "problems": 31, "specific_problems": 85, "measures": 203})),
    ("specific problems with their manifestations", _ORG + "反馈意见指出3个方面、11个具体问题、36个具体表现。", said(tally={"aspects": 3, "problems": 11, "specific_problems": 36})),
    ("a passing mention of problems", _ORG + "市委第五巡察组反馈了28个具体问题。会议逐条讨论问题12个。", said(tally={"problems": 28})),
    ("what was put right at once is a part", _ORG + "反馈的28个问题，已整改到位20个，持续推进8个。其中即知即改问题6个，已完成6个。", said(tally={"problems": 28, "completed": 20, "in_progress": 8})),
    ("从严 before a count is no manner of speaking", _ORG + "反馈了党的建设、全面从严治党3个方面12类41个问题。截至目前，41个问题已完成整改37个，其余4个正按计划推进。", said(tally={"aspects": 3, "categories": 12, "problems": 41, "completed": 37, "in_progress": 4})),
    ("each part with its status behind", _ORG + "反馈的33个问题逐条整改。截至目前，28个问题已整改到位，5个问题正在整改。", said(tally={"problems": 33, "completed": 28, "in_progress": 5})),
    ("one count is whole and done", _ORG + "反馈的25个问题已完成整改。", said(tally={"problems": 25, "completed": 25})),
    ("continuing work on all is no status", _ORG + "对反馈的25个问题持续整改，逐项销号。", said(tally={"problems": 25})),
    ("problems sorted into kinds", _ORG + "把反馈的25个问题分为三类推进，在三个方面下功夫。", said(tally={"problems": 25})),
    ("said at the feedback meeting", _ORG + "巡察反馈会议指出的25个问题，已整改20个。", said(tally={"problems": 25, "completed": 20})),
    ("a list of problems and their tasks", _ORG + "形成问题清单26项、任务清单58项、责任清单58项。", said(tally={"problems": 26, "tasks": 58})),
)  # fmt: skip

MANGLED: tuple[Case, ...] = (
    ("years kept on both sides, months lost", "根据市委统一部署，2019321日至2019521日，市委第三巡察组对市农机局党组开展了巡察。201982日，市委第三巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2019-03-21", ends_on="2019-05-21", feedback_on="2019-08-02")),
    ("the year kept once", "根据市委统一部署，2024717日至830日，市委第三巡察组对市农机局党组开展了巡察。914日，市委第三巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2024-07-17", ends_on="2024-08-30", feedback_on="2024-09-14")),
    ("only a month sign lost", "根据市委统一部署，2021年31日至4月30日，市委第三巡察组对市农机局党组开展了巡察。2021年6月9日，市委第三巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2021-03-01", ends_on="2021-04-30", feedback_on="2021-06-09")),
    ("eight digits before the day", "根据市委统一部署，2021915日至20211130日，市委第三巡察组对市农机局党组开展了巡察。20211228日，市委第三巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2021-09-15", ends_on="2021-11-30", feedback_on="2021-12-28")),
    ("the feedback decides between two readings", "根据市委统一部署，2021111日至320日，市委第三巡察组对市农机局党组开展了巡察。2021年5月28日，市委第三巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2021-01-11", ends_on="2021-03-20", feedback_on="2021-05-28")),
    ("对 is lost", "根据委统一部署，2021年3月1日至4月30日，市委第三巡察组市农机局党组开展了巡察。2021年6月9日，市委第三巡察组向市农机局党组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2021-03-01", ends_on="2021-04-30", feedback_on="2021-06-09")),
    ("blanks in a long line part no date", _TEXT.replace("2022年3月1日", "2022 年  3 月  1 日") + "局党组高度重视，扛起责任，逐条研究，逐项落实。" * 8, said(starts_on="2022-03-01", ends_on="2022-04-30")),
    ("a line run together keeps its headings", _TEXT + " 一、组织整改情况 局党组高度重视，成立领导小组，逐条研究部署，明确责任分工，建立整改台账，挂图作战，对账销号，定期调度，压实责任，从严从实抓好整改。 二、反馈问题整改情况 （一）学习不够。 整改情况：已补课。", said(headings=[("一、", "组织整改情况"), ("二、", "反馈问题整改情况"), ("（一）", "学习不够")])),
)  # fmt: skip

OBJECTS: tuple[Case, ...] = (
    ("villages beside their township", "根据县委安排，2020年6月8日至7月31日，县委第四巡察组对溪口镇党委及12个村（社区）党组织进行了常规巡察。9月22日反馈了巡察意见。现将整改情况公开如下：", said(subject="溪口镇党委", feedback_on="2020-09-22")),
    ("an account that never says 公布", "根据市委统一部署，2022年3月1日至4月30日，市委第五巡察组对市农机局党组开展了巡察。2022年6月1日，市委第五巡察组向市农机局党组反馈了巡察意见。局党组高度重视整改工作，成立整改领导小组，制定整改方案，建立整改台账，明确整改时限，压实整改责任，逐条逐项抓好整改。", said(kind="notice", feedback_on="2022-06-01")),
    ("a page of links under a title of its own", "某省纪委监委网站\n十一届省委第三轮巡视12个单位党组织公布整改进展情况\n时间：2023-01-05 来源：某网\n近日，巡视的12个单位党组织向社会公布了巡视整改进展情况。\n" + "\n".join(f"省某{d}厅党组关于巡视整改进展情况的通报" for d in "甲乙丙丁戊己"), said(kind="list", title="十一届省委第三轮巡视12个单位党组织公布整改进展情况", inspection="巡视")),
    ("included units in brackets with three names", "根据区委统一部署，2022年3月1日至4月30日，区委第一巡察组对区委统战部（含区民宗局、区工商联、区侨联）进行了巡察。现将整改情况予以公布。", said(subject="区委统战部")),
    ("dates in Chinese words", "根据市委统一部署，二〇二二年三月一日至四月三十日，市委第一巡察组对市农机局党组开展了巡察。二〇二二年六月一日，市委第一巡察组反馈了巡察意见。现将整改情况予以公布。", said(starts_on="2022-03-01", ends_on="2022-04-30", feedback_on="2022-06-01", team="市委第一巡察组")),
    ("an exchange of views", "根据市委统一部署，2022年3月1日至4月30日，市委第一巡察组对市农机局党组开展了巡察，并于2022年6月1日进行了意见反馈。现将整改情况予以公布。", said(feedback_on="2022-06-01")),
    ("the verb itself takes the object", "2019年3月至5月，市委第四巡察组巡察了市城管局党组。7月1日反馈了意见。现将整改情况公开如下。", said(team="市委第四巡察组", subject="市城管局党组", starts_on="2019-03", feedback_on="2019-07-01")),
    ("an audit office sends its team", "关于云岭区农机局审计整改情况的公告\n根据审计法，区审计局派出审计组，自2022年4月11日至6月30日，对区农机局预算执行情况进行了审计。", said(kind="audit", team="区审计局", subject="区农机局", starts_on="2022-04-11")),
    ("circled measures under a problem are its answer", _TEXT + "\n（一）落实部署方面\n1.针对“学习不深入”的问题\n①完善制度。修订计划。\n②加强督学。\n2.针对“调研不扎实”的问题\n①开展调研。\n", said(headings=[("（一）", "落实部署方面"), ("1.", "针对“学习不深入”的问题"), ("2.", "针对“调研不扎实”的问题")])),
    ("a page of links has no title of its own", "\n".join(f"[2022-12-{d}] 中共云岭县某{d}局党组关于巡察整改情况的通报" for d in range(10, 18)), said(kind="list", title=None, inspection="巡察", subject=None)),
    ("markup before the numbers", _TEXT + "\n**一、组织整改情况**\n高度重视。\n●二、整改落实情况\n", said(headings=[("一、", "组织整改情况"), ("二、", "整改落实情况")])),
    ("a stamp without its label", "云岭市人民政府 2022-12-13 16:36 来源: 市农机局\n" + _TITLE + "\n" + _TEXT, said(published_on="2022-12-13", title=_TITLE)),
    ("a matter is no organisation", "根据区委统一部署，2022年3月1日至4月30日，区委第一巡察组对全区营商环境工作开展了专项巡察。现将整改情况予以公布。", said(subject=None, team="区委第一巡察组")),
    ("units included in brackets", "根据区委统一部署，2022年3月1日至4月30日，区委第一巡察组对区教育局党委（含所属学校）开展了巡察。现将整改情况予以公布。", said(subject="区教育局党委")),
    ("a court", "根据市委统一部署，2022年3月1日至4月30日，市委第一巡察组对市中级人民法院党组开展了巡察。现将整改情况予以公布。", said(subject="市中级人民法院党组")),
    ("an earlier check is not the inspection", "近年来，局党组对下属单位开展了财务检查。根据市委统一部署，2022年3月1日至4月30日，市委第一巡察组对市农机局党组开展了巡察。现将整改情况予以公布。", said(subject="市农机局党组", inspection="巡察", starts_on="2022-03-01")),
    ("a committee of sent-out teams", "2022年3月1日至4月30日，在市委巡察办指导下，由市委派出的第三巡察组对市农机局党组开展了巡察。现将整改情况予以公布。", said(team="第三巡察组", subject="市农机局党组")),
)  # fmt: skip
