"""Oversight in the demonstration: weekly dispatches, rounds drawn in public, slips and letters, remarks."""

from datetime import date, timedelta

from bihuan.cli.demonstration.closing import OVERDUE, RETURNED
from bihuan.cli.demonstration.planning import ask_change
from bihuan.cli.demonstration.stage import Stage, policies, responses
from bihuan.core.rounds import FAILS, HOLDS, QUESTIONS
from bihuan.findings.actions import accountability, comments, editing, institutions
from bihuan.findings.models import Institution
from bihuan.orgs.actions.delegations import DelegationDraft, delegate
from bihuan.orgs.models import Grant, Post, User
from bihuan.oversight.actions import decisions, dispatches, letters, meetings, replies, round_checks, rounds
from bihuan.oversight.models import Letter, Round, RoundItem
from bihuan.oversight.queries import remarks

#: The week of the national holiday has no dispatch, so that a missed week can be seen.
MISSED = date(2026, 10, 5)
CHECKERS = ("luzhixing", "shenxingye")
DECISIONS = (
    "逐项核对本月到期任务，逾期的说明原因。",
    "补齐9月份佐证材料中缺少的签字页。",
    "请牵头领导约谈进度滞后的单位。",
)


def dispatch(stage: Stage, monday: date) -> None:
    """Hold the dispatch of a week, with a decision that is done unless it is one of the last two weeks."""
    row = dispatches.prepare(stage.organisation, week_of=monday, inspection=stage.live, actor=stage.office())
    values = {"place": "管委会第二会议室", "chair": "程立岩"}
    row = dispatches.hold(row, held_on=stage.day, values=values, actor=stage.office())
    task = stage.tasks()[monday.toordinal() % 40]
    words = {
        "text": DECISIONS[row.number % len(DECISIONS)], "unit_id": task.unit_id, "task_id": task.pk,
        "due_on": monday + timedelta(days=11),
    }  # fmt: skip
    made = decisions.add_decision(row, words, actor=stage.office())
    if monday < stage.today - timedelta(days=21):
        decisions.finish_decision(
            made, done_on=stage.day, note="已办结，材料已归档。", actor=stage.head(task.unit_id or 0)
        )


def ask_group(stage: Stage) -> None:
    """Call the next special meeting and lay a question before the leading group."""
    values = {
        "kind": "special", "title": "巡察整改专题会议（收尾）", "held_on": stage.today + timedelta(days=3),
        "chair": "周万里", "topics": "研究已核查任务销号；研究逾期任务问责建议", "inspection_id": stage.live.pk,
    }  # fmt: skip
    row = meetings.call_meeting(stage.organisation, values, actor=stage.office())
    asked = {"text": "32-1涉及邻区，是否提请市级协调？", "asked": True, "advice": "建议由管委会发函提请。"}
    decisions.add_decision(row, asked, actor=stage.office())


def sampled_round(stage: Stage, title: str, *, agreed: str, size: int, leave: int = 0) -> Round:
    """Draw a round and look at its sample; `leave` items are left, and then it is not reported."""
    first, second = (stage.by(name) for name in CHECKERS)
    until = stage.day + timedelta(days=10)
    values = {"kind": "sampled", "title": title, "starts_on": stage.day, "ends_on": until}
    row = rounds.freeze_list(rounds.create_round(stage.live, values, actor=first), actor=first)
    row = rounds.draw_sample(row, agreed=agreed, size=size, actor=first)
    items = list(RoundItem.objects.filter(round=row, chosen=True).order_by("position"))[: size - leave]
    drafts = []
    for place, item in enumerate(items):
        bad = place == 1
        drafts.append(
            round_checks.CheckDraft(
                item.pk, FAILS if bad else HOLDS, first.user_id or 0, second.user_id or 0, stage.at,
                dict.fromkeys(QUESTIONS, "no" if bad else "yes"), reason="measure-not-done" if bad else "",
                note="两户没有核查记录。" if bad else "", place=item.unit_name,
            )
        )  # fmt: skip
    made = round_checks.record_checks(row, drafts, via="screen", actor=first)
    if leave:
        round_checks.confirm_checks([one.pk for one in made[:2]], actor=second)
        return row
    round_checks.confirm_checks([one.pk for one in made], actor=second)
    return rounds.report_round(row, conclusion="总体落实，一项措施未到位，已责成补查。", actor=first)


def second_round(stage: Stage) -> None:
    """Leave a second round open, some of its sample not looked at and some not confirmed yet."""
    sampled_round(stage, "第二轮督查（抽查）", agreed="3-5-1-6-2", size=20, leave=6)


def write_letters(stage: Stage) -> None:
    """Issue slips of every colour and every kind of letter; some are delivered, answered, judged."""
    slip, other = stage.task(OVERDUE[0]), stage.task(RETURNED[0])
    wanted = (
        ("blue", "luzhixing", stage.task("17-2"), "临期提醒"), ("yellow", "luzhixing", other, "逾期督办"),
        ("red", "luzhixing", slip, "严重逾期督办"), ("supervision", "luzhixing", slip, "限期整改督办"),
        ("reminder", "fangjingyi", other, "关于补齐佐证材料的提醒"), ("talk", "fangjingyi", slip, "关于约谈的通知"),
        ("immediate", "fangjingyi", stage.task("15-3"), "立行立改通知"),
    )  # fmt: skip
    made: list[Letter] = []
    for kind, who, task, title in wanted:
        values = {
            "kind": kind, "unit_id": task.unit_id, "inspection_id": stage.live.pk,
            "addressee": f"{task.unit.name if task.unit else ''}：", "title": title,
            "text": f"你单位牵头的{task.number}“{task.title}”尚未办结。请于规定时限内办理并书面回复。",
            "reply_due_on": stage.day + timedelta(days=4),
        }  # fmt: skip
        row = letters.draft_letter(stage.organisation, values, task_ids=[task.pk], actor=stage.by(who))
        made.append(letters.issue_letter(row, actor=stage.by(who)) if kind != "talk" else row)
    for place, row in enumerate(made[:5]):
        by = stage.by(wanted[place][1])
        given = letters.Delivery(stage.day, "联络员", "system")
        letters.deliver_letter(row, given, actor=by)
    for place, row in enumerate(made[1:3]):
        text = "已安排专人办理，附进度说明。"
        reply = replies.reply_to(row, replies.Reply(text), actor=stage.head(row.unit_id))
        if place == 0:
            replies.judge_reply(reply, taken=True, actor=stage.by("luzhixing"))


def institute(stage: Stage, title: str) -> Institution:
    """Register an institution, in force from the day."""
    values = {
        "title": title, "inspection_id": stage.live.pk, "issued_on": stage.day.isoformat(),
        "effective_on": stage.day, "review_on": date(stage.day.year + 1, 6, 30),
    }  # fmt: skip
    return editing.add_institution(values, organisation_id=stage.organisation.pk, actor=stage.office())


def make_institutions(stage: Stage) -> None:
    """Register every institution that the sample notice names, and that the first one is used."""
    made = [institute(stage, title) for title in policies()]
    words = {"done_on": stage.day, "text": "按新制度办理会前报题3次。"}
    institutions.add_use(made[0], words, actor=stage.office())


def account_for(stage: Stage) -> None:
    """Write answers to the problems, and who was held to account, as counts."""
    found = responses()
    for problem in stage.problems():
        if text := found.get(problem.number):
            editing.edit_problem(problem, {"response": text}, revision=problem.revision, actor=stage.office())
    for form, persons, recovered in (
        ("first", 12, 0),
        ("second", 2, 0),
        ("talk", 9, 0),
        ("first", 3, 46_800_000),
    ):
        values = {
            "form": form,
            "persons": persons,
            "recovered": recovered,
            "decided_on": stage.day,
            "basis": "谈话记录",
        }
        accountability.add_accountability(stage.live, values, actor=stage.office())


def remark(stage: Stage) -> None:
    """Write remarks that mention somebody, ask for a change of the plan, and lay a question before the group."""
    ask_change(stage, stage.task("15-3"))
    ask_group(stage)
    liaison = User.objects.get(username="luoxiaoman")
    head = User.objects.get(username="gaoyuanzhou")
    task = stage.task("15-3")
    said = "请把三季度比对结果一并传上来。"
    sees = remarks.seeing("task", task.pk, stage.today)
    url = f"/remarks/task/{task.pk}/"
    comments.comment(
        task, text=said, mentioned=[liaison.pk, head.pk], sees=sees, url=url, actor=stage.office()
    )
    comments.comment(task, text="今天下午补传。", sees=sees, url=url, actor=stage.by("luoxiaoman"))


def lend(stage: Stage) -> None:
    """Let a head lend his role to the deputy's post for ten days."""
    grant = Grant.objects.get(post__person__username="zhenghaitang", role="unit_head")
    post = Post.objects.get(person__username="jiangwangshu")
    draft = DelegationDraft(grant.unit, stage.day, stage.today + timedelta(days=10), "外出培训")
    delegate(grant, post=post, draft=draft, actor=stage.by("zhenghaitang"))
