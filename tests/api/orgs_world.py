"""For the access table: a leader with a delegation, a group with a seat, a day and a deadline of the organisation."""

from datetime import date, timedelta

from bihuan.orgs import actions
from bihuan.orgs.models import Grant, Post
from tests.cast import TODAY, Cast, actor_for, make_person


def organised(cast: Cast) -> dict[str, int]:
    """Make one of each and return the ids."""
    actor = actor_for(cast.office)
    leader = make_person("yanshi", "江澜颜实", unit=cast.organisation, role="leader")
    deputy = make_person("tangyue", "江澜唐越", unit=cast.safety, role="liaison")
    grant, post = Grant.objects.get(post__person=leader), Post.objects.get(person=deputy)
    draft = actions.DelegationDraft(cast.organisation, TODAY, TODAY + timedelta(days=9), "江澜外出学习")
    delegation = actions.delegate(grant, post=post, draft=draft, actor=actor)
    values = {"name": "江澜整改工作领导小组", "founded_on": TODAY}
    group = actions.found_group(cast.organisation, kind="leading", values=values, actor=actor)
    seat = actions.add_member(group, draft=actions.MemberDraft("head", name="江澜甲"), actor=actor)
    free = [actions.DayDraft(date(2027, 1, 1), False, "江澜元旦")]
    actions.set_days(cast.organisation, days=free, source="江澜通知", actor=actor)
    rule = actions.set_rule(
        cast.organisation, code="plan", number=10, measure="working_days", source="江澜办法", actor=actor
    )
    return {
        "leader_grant_id": grant.pk, "deputy_post_id": post.pk, "deputy_id": deputy.pk,
        "delegation_id": delegation.pk, "group_id": group.pk, "membership_id": seat.pk,
        "day_id": cast.organisation.calendar_days.get().pk, "rule_id": rule.pk,
    }  # fmt: skip
