"""Invented tallies, titles, kinds and headings: one a way of wording seen in real documents.

Names, places and figures are made up. A key left out of the expectation is not tested.
"""

from tests.core.data.openings import Case, said

OPENING = "根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。2022年6月1日，县委第五巡察组反馈了巡察意见。现将整改情况予以公布。\n"


def told(sentence: str) -> str:
    """Return an opening followed by a sentence of the organisation part."""
    return f"{OPENING}一、组织整改落实情况\n局党组高度重视，成立领导小组，召开专题会议5次。{sentence}\n二、反馈问题整改情况\n"


TALLIES: tuple[Case, ...] = (
    ("three levels", told("截至2023年1月底，巡察反馈的4个方面、11类、36个问题，已完成整改30个，基本完成4个，正在推进2个。"),
     said(tally={"aspects": 4, "categories": 11, "problems": 36, "completed": 30, "basically_completed": 4, "in_progress": 2}, as_of="2023-01")),
    ("problems and specific problems", told("巡察组反馈了3个方面14个问题97个具体表现，制定整改措施171条。"),
     said(tally={"aspects": 3, "problems": 14, "specific_problems": 97, "measures": 171}, as_of=None)),
    ("specific problems alone are the problems", told("针对反馈的6个方面28个具体问题，细化分解为58项整改任务，制定132条具体措施。"),
     said(tally={"aspects": 6, "problems": 28, "tasks": 58, "measures": 132})),
    ("the number stands behind the noun", told("截至目前，反馈问题33个，已整改到位29个，持续推进4个；制定整改措施97项，修订完善制度12项。"),
     said(tally={"problems": 33, "completed": 29, "in_progress": 4, "measures": 97, "policies": 12})),
    ("the number stands before the status", told("截至2023年6月20日，巡察反馈的25个问题中，22个已完成整改，3个正在整改。"),
     said(tally={"problems": 25, "completed": 22, "in_progress": 3}, as_of="2023-06-20")),
    ("all are done", told("截至目前，巡察反馈的18个问题已全部完成整改。"),
     said(tally={"problems": 18, "completed": 18})),
    ("words for numbers", told("巡察组从三个方面指出了十二个问题，我局全部认领。"),
     said(tally={"aspects": 3, "problems": 12})),
    ("phased status and long term", told("截至目前，县委巡察反馈的21个问题，完成整改15个，阶段性完成4个，长期坚持2个。"),
     said(tally={"problems": 21, "completed": 15, "basically_completed": 4, "long_term": 2})),
    ("two status words at once", told("反馈的40个问题，整改完成33个，已阶段性完成并长期坚持7个。"),
     said(tally={"problems": 40, "completed": 33, "basically_completed": 7})),
    ("in progress with a part in brackets", told("反馈的40个问题，已完成整改35个，正在整改（含部分整改）5个。"),
     said(tally={"problems": 40, "completed": 35, "in_progress": 5})),
    ("not done", told("审议认为，巡察反馈的52个问题，已完成48个，未完成4个，完成率92.3%。"),
     said(tally={"problems": 52, "completed": 48, "not_completed": 4})),
    ("rules made, in three wordings", told("巡察反馈的9个问题已完成整改9个，出台13个规章制度。"),
     said(tally={"problems": 9, "completed": 9, "policies": 13})),
    ("mechanisms", told("巡察反馈的9个问题，整改完成9个，建立健全长效机制21项。"),
     said(tally={"problems": 9, "completed": 9, "policies": 21})),
    ("discipline counts are no tally", told("反馈的9个问题，整改完成9个，给予党纪处分3人，诫勉谈话2人，追缴资金7.5万元。"),
     said(tally={"problems": 9, "completed": 9})),
    ("prompt rectification and letters are only a part", told("巡察反馈16个具体问题，整改完成12个，持续整改4个。巡察移交的5个立行立改问题、8件信访件，均已办结。"),
     said(tally={"problems": 16, "completed": 12, "in_progress": 4})),
    ("self-examination counts are no tally", told("巡察反馈16个问题。召开专题民主生活会，查摆问题23条，提出批评意见31条。"),
     said(tally={"problems": 16})),
    ("tasks with the measure word before", told("将反馈的5个方面17个问题细化为42项整改任务，逐项明确责任。截至目前，42项整改任务中，已完成38项，基本完成3项，长期整改1项。"),
     said(tally={"aspects": 5, "problems": 17, "tasks": 42, "completed": 38, "basically_completed": 3, "long_term": 1})),
    ("nothing declared", told("坚持问题导向，对照反馈意见，逐条研究，细化措施，确保整改到位。"), said(tally={}, as_of=None)),
    ("figures of an answer do not count", OPENING + "一、组织情况\n高度重视。\n二、反馈问题整改情况\n（一）学习不够深入。\n1.学习计划落实不到位。\n整改情况：截至2022年底，排查出问题30个，已完成整改30个，建立制度4项。\n",
     said(tally={}, as_of=None)),
    ("the end of a month", told("截至2022年11月底，反馈的8个问题已完成整改8个。"), said(as_of="2022-11")),
    ("a day without its year follows the feedback", told("截至9月15日，反馈的8个问题已完成整改8个。"), said(as_of="2022-09-15")),
    ("now is no date", told("截至目前，反馈的8个问题已完成整改8个。"), said(as_of=None)),
    ("matters to be put right", told("梳理形成4个方面、33项整改事项、86条整改举措。"), said(tally={"aspects": 4, "tasks": 33, "measures": 86})),
)  # fmt: skip

_TEXT = (
    "根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。现将整改情况予以公布。"
)

TITLES: tuple[Case, ...] = (
    ("a plain title", f"中共云岭县农机局党组关于巡察整改进展情况的通报\n{_TEXT}", said(title="中共云岭县农机局党组关于巡察整改进展情况的通报", kind="notice")),
    ("a tag before it", f"【巡察整改】中共云岭县农机局党组关于巡察整改进展情况的通报\n编辑：某某 发表时间：2022-12-20 10:11 来源：县纪委 浏览次数：\n{_TEXT}",
     said(title="中共云岭县农机局党组关于巡察整改进展情况的通报", published_on="2022-12-20")),
    ("a round in it", f"中共云岭县农机局党组关于十二届县委第四轮巡察集中整改进展情况的通报\n发布日期：2022-12-20信息来源：县农机局\n{_TEXT}",
     said(title="中共云岭县农机局党组关于十二届县委第四轮巡察集中整改进展情况的通报", published_on="2022-12-20")),
    ("broken into two lines", f"中共云岭县农机局党组\n关于巡察整改进展情况的通报\n（2022年12月20日）\n{_TEXT}", said(title="中共云岭县农机局党组关于巡察整改进展情况的通报")),
    ("broken in the middle", f"中共云岭县农机局党组关于十二届县委第四轮巡察\n集中整改进展情况的通报\n{_TEXT}", said(title="中共云岭县农机局党组关于十二届县委第四轮巡察集中整改进展情况的通报")),
    ("twice on the page", f"中共云岭县农机局党组关于巡察整改情况的通报\n首页 > 信息公开 > 巡察整改\n中共云岭县农机局党组关于巡察整改情况的通报\n发布时间：2023-01-05\n{_TEXT}",
     said(title="中共云岭县农机局党组关于巡察整改情况的通报", published_on="2023-01-05")),
    ("column and site names only", f"云岭县人民政府网站\n巡察整改\n当前位置：首页 > 巡察整改\n{_TEXT}", said(title=None)),
    ("no title at all", _TEXT, said(title=None, kind="notice")),
    ("with the site's name behind it", f"中共云岭县农机局党组关于巡察整改情况的通报_云岭县人民政府\n{_TEXT}", said(title="中共云岭县农机局党组关于巡察整改情况的通报")),
    ("in a metadata table", f"| 名称 | 中共云岭县农机局党组关于巡察整改情况的通报 |\n| 索引号 | 11330700002/2022-0009 |\n{_TEXT}", said(title="中共云岭县农机局党组关于巡察整改情况的通报")),
    ("without 通报", f"县农机局关于优化营商环境专项巡察“回头看”整改进展情况\n时间：2022-12-20 来源：县农机局\n{_TEXT}", said(title="县农机局关于优化营商环境专项巡察“回头看”整改进展情况")),
    ("metadata on the title's line", f"中共云岭县农机局党组关于巡察整改情况的通报　　发布时间：2022-12-20　来源：本站\n{_TEXT}", said(title="中共云岭县农机局党组关于巡察整改情况的通报", published_on="2022-12-20")),
    ("an index number above", f"11330700002592/2024-00019\n中共云岭县农机局党组关于市委巡察组反馈意见整改进展情况的通报\n云岭县农机局\n2022-12-18\n主动公开\n朗读\n{_TEXT}", said(title="中共云岭县农机局党组关于市委巡察组反馈意见整改进展情况的通报")),
    ("the text runs on behind title and stamp", f"中共云岭县农机局党组关于巡察整改情况的通报发布时间：2022-12-20 来源：本站{_TEXT}" + "局党组高度重视，扛起责任，逐条研究，逐项落实。" * 6,
     said(title="中共云岭县农机局党组关于巡察整改情况的通报", subject="县农机局党组")),
)  # fmt: skip

KINDS: tuple[Case, ...] = (
    ("a meeting of feedback", "县委第二巡察组向县科技局党组反馈巡察情况\n发布时间：2023-07-01\n2023年6月28日，县委第二巡察组向县科技局党组反馈巡察情况。县委巡察办主任主持会议。会上，县委第二巡察组组长通报了巡察情况。",
     said(kind="feedback", inspection="巡察", team="县委第二巡察组", subject="县科技局党组", feedback_on="2023-06-28", title="县委第二巡察组向县科技局党组反馈巡察情况", starts_on=None)),
    ("a feedback with its period", "根据县委统一部署，2023年3月1日至5月10日，县委第二巡察组对县科技局党组进行了巡察。6月28日，召开巡察反馈会，向县科技局党组反馈了巡察情况。\n反馈指出，县科技局党组能够履行职责，但也存在一些问题：学习不够深入，监督不够有力。",
     said(kind="feedback", starts_on="2023-03-01", ends_on="2023-05-10", feedback_on="2023-06-28", subject="县科技局党组")),
    ("several teams feed back to many", "近日，十三届县委第五轮巡察的6个巡察组完成对24个单位党组织的反馈。反馈指出，被巡察党组织存在学习不够深入等问题。要求在收到反馈意见后逐条整改。",
     said(kind="feedback", subject=None, starts_on=None, feedback_on=None)),
    ("an audit report", "关于2023年度县级预算执行和其他财政收支审计查出问题整改情况的报告\n——2024年10月30日在县人大常委会第二十次会议上\n县审计局局长 某某\n主任、各位副主任、各位委员：\n受县人民政府委托，现将审计查出问题整改情况报告如下。截至2024年9月底，审计工作报告反映的112个问题，已整改98个，正在整改14个。",
     said(kind="audit", inspection="审计", team=None, subject=None, as_of="2024-09", tally={"problems": 112, "completed": 98, "in_progress": 14}, starts_on=None, feedback_on=None)),
    ("an environmental task", "关于云岭市中央生态环境保护督察反馈意见整改任务（序号二十三）整改情况的公示\n整改任务：部分乡镇污水管网不完善。\n整改目标：完善管网。\n整改完成情况：\n1、新建管网12公里。\n2、开展巡查。\n公示时间：2021年3月1日至2021年3月7日，共7天。\n联系电话：0799-1234567\n云岭市住房和城乡建设局\n2021年3月1日",
     said(kind="env", inspection="督察", headings=[], signed_by="云岭市住房和城乡建设局", signed_on="2021-03-01", starts_on=None)),
    ("news of this year by month and day", "县委第三巡察组向县统计局党组反馈巡察情况\n发布日期：2024-03-18 来源：县委巡察办\n3月15日，县委第三巡察组向县统计局党组反馈巡察情况。会上，巡察组通报了有关问题。",
     said(kind="feedback", feedback_on="2024-03-15", subject="县统计局党组")),
    ("aspects before a bare count", told("县委第五巡察组共反馈问题5个方面22个，已整改到位20个，正在整改2个。"), said(tally={"aspects": 5, "problems": 22, "completed": 20, "in_progress": 2})),
    ("a plan", "云岭县农机局党组关于落实县委第五巡察组反馈意见的整改方案\n为认真落实县委第五巡察组反馈意见，制定本方案。\n一、总体要求\n坚持问题导向。\n二、整改任务\n（一）学习不深入。\n整改措施：制定学习计划。\n责任单位：办公室\n完成时限：2022年12月底前",
     said(kind="plan")),
    ("a report over many bodies", "关于十二届县委第四轮巡察整改情况的报告\n县委：\n十二届县委第四轮巡察共巡察16个单位，现将整改情况报告如下。\n一、总体情况\n共反馈问题326个，已完成整改301个。",
     said(kind="report", subject=None, tally={"problems": 326, "completed": 301})),
    ("a report that is a notice by another name", "关于落实县委巡察反馈意见整改情况的报告\n县委：\n根据县委统一部署，2022年3月1日至4月30日，县委第五巡察组对县农机局党组开展了巡察。现将整改情况报告如下。\n一、整改工作开展情况\n（一）提高站位。局党组高度重视。",
     said(kind="notice", title="关于落实县委巡察反馈意见整改情况的报告")),
    ("a page of links", "云岭县纪委监委\n巡察整改\n中共云岭县农机局党组关于巡察整改情况的通报 2022-12-20\n中共云岭县水利局党组关于巡察整改情况的通报 2022-12-19\n中共云岭县教育局党委关于巡察整改情况的通报 2022-12-18\n中共云岭县司法局党组关于巡察整改情况的通报 2022-12-17\n中共云岭县民政局党组关于巡察整改情况的通报 2022-12-16\n上一页 下一页",
     said(kind="list", subject=None, tally={})),
    ("rules", "云岭县巡察整改成效评估办法（试行）\n第一条 为规范巡察整改成效评估工作，根据有关规定，制定本办法。\n第二条 本办法适用于县委巡察的党组织。", said(kind="other", tally={}, subject=None)),
    ("a page about something else", "本店主营审批软件，欢迎来电咨询。我们的产品支持多种格式，操作简单，价格实惠，售后完善，已服务千家客户。", said(kind="other", title=None, inspection=None)),
)  # fmt: skip

_A = OPENING
HEADINGS: tuple[Case, ...] = (
    ("numbers run on", _A + "一、组织整改情况\n高度重视。\n二、反馈问题整改情况\n（一）反馈问题：学习不够。\n1.计划不实。\n整改情况：制定计划。\n2.效果不好。\n整改情况：抽查两次。\n（二）反馈问题：监督不够。\n3.检查偏少。\n整改情况：检查5次。",
     said(headings=[("一、", "组织整改情况"), ("二、", "反馈问题整改情况"), ("（一）", "反馈问题：学习不够"), ("1.", "计划不实"), ("2.", "效果不好"), ("（二）", "反馈问题：监督不够"), ("3.", "检查偏少")])),
    ("numbers restart", _A + "二、反馈问题整改情况\n（一）学习不够。\n1.计划不实。\n整改情况：制定计划。\n（二）监督不够。\n1.检查偏少。\n整改情况：检查5次。",
     said(headings=[("二、", "反馈问题整改情况"), ("（一）", "学习不够"), ("1.", "计划不实"), ("（二）", "监督不够"), ("1.", "检查偏少")])),
    ("a list inside an answer", _A + "（一）学习不够方面\n1.计划不实。\n整改完成情况：1.制定计划。\n2.组织学习。\n3.开展测试。\n2.效果不好。\n整改完成情况：抽查两次。",
     said(headings=[("（一）", "学习不够方面"), ("1.", "计划不实"), ("2.", "效果不好")])),
    ("brackets inside an answer", _A + "1.关于“计划不实”的问题\n整改落实情况：\n（1）制定计划。\n（2）组织学习。\n2.关于“效果不好”的问题\n整改落实情况：抽查两次。",
     said(headings=[("1.", "关于“计划不实”的问题"), ("2.", "关于“效果不好”的问题")])),
    ("circles under a problem", _A + "（一）责任落实方面\n1.历史欠账未清。\n①欠费未收回。甲公司欠费未缴。\n整改情况：已缴。\n②材料未补齐。\n整改情况：已补。",
     said(headings=[("（一）", "责任落实方面"), ("1.", "历史欠账未清"), ("①", "欠费未收回"), ("②", "材料未补齐")])),
    ("headings with text on the line", _A + "一、提高站位，加强领导。局党组召开会议。\n（一）强化担当。一是开会。二是部署。\n（二）压实责任。逐项落实。",
     said(headings=[("一、", "提高站位，加强领导"), ("（一）", "强化担当"), ("（二）", "压实责任")])),
    ("other bracket forms", _A + "㈠学习不够。\n⒈计划不实。\n整改情况：制定计划。\n⑴台账不全\n",
     said(headings=[("㈠", "学习不够"), ("⒈", "计划不实")])),
    ("points of other forms", _A + "一．学习情况\n1、计划不实。\n2．效果不好。\n", said(headings=[("一．", "学习情况"), ("1、", "计划不实"), ("2．", "效果不好")])),
    ("decimal numbers", _A + "1.学习方面\n1.1计划不实\n整改情况：制定计划。\n1.2效果不好\n整改情况：抽查。\n", said(headings=[("1.", "学习方面"), ("1.1", "计划不实"), ("1.2", "效果不好")])),
    ("第一部分", _A + "第一部分 组织情况\n高度重视。\n第二部分 整改情况\n", said(headings=[("第一部分", "组织情况"), ("第二部分", "整改情况")])),
    ("一是 is no heading", _A + "一是加强领导。开会部署。\n二是压实责任。逐项落实。\n", said(headings=[])),
    ("numbers that are figures", _A + "1.5万元已收回。\n2023年开展检查。\n3.5公里管网建成。\n", said(headings=[])),
    ("a heading that ends at the answer on its line", _A + "1.计划不实。整改情况：制定计划。\n2.效果不好 整改情况：抽查两次。\n", said(headings=[("1.", "计划不实"), ("2.", "效果不好")])),
    ("a number on a line of its own", _A + "一、\n组织情况\n高度重视。\n二、\n", said(headings=[("一、", "组织情况")])),
    ("attachments are no headings", _A + "一、组织情况\n高度重视。\n附件：1.问题清单\n2.任务清单\n", said(headings=[("一、", "组织情况")])),
    ("a year behind the point", _A + "1.2021年以来未开展检查。\n整改情况：已开展。\n2.2022年账目不清。\n整改情况：已清。\n", said(headings=[("1.", "2021年以来未开展检查"), ("2.", "2022年账目不清")])),
    ("the page ran everything into one line", OPENING.strip() + "　　一、组织整改情况　　局党组高度重视，成立领导小组，逐条研究部署，明确责任分工，建立整改台账，挂图作战，对账销号。　　二、反馈问题整改情况　　（一）学习不够。　　1.计划不实。　　整改情况：制定学习计划，每月检查。　　2.效果不好。　　整改情况：抽查两次。",
     said(headings=[("一、", "组织整改情况"), ("二、", "反馈问题整改情况"), ("（一）", "学习不够"), ("1.", "计划不实"), ("2.", "效果不好")])),
)  # fmt: skip
