"""The attempts to close a task with everything around them: returns, reopenings, posts, evidence since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.closure import DONE
from bihuan.findings.models import Closure, ClosureReturn, Evidence, Reopening, SignSheet, Task
from bihuan.findings.queries.closing import closures_of
from bihuan.findings.queries.sight import LIVE
from bihuan.orgs.models import Post
from bihuan.web.prepared import Question


@dataclass(frozen=True, slots=True)
class Attempts:
    """What was tried to close a task, the newest first, and the posts of those who took a step."""

    closures: Sequence[Closure]
    returns: Sequence[ClosureReturn]
    reopenings: Sequence[Reopening]
    posts: Mapping[int, Sequence[Post]]

    def returns_of(self, closure: Closure) -> list[ClosureReturn]:
        """Return the returns of one attempt, the newest first."""
        return [row for row in self.returns if row.closure_id == closure.pk]


def attempts_of(task: Task) -> Attempts:
    """Return every attempt to close a task. Four queries, one without any attempt."""
    closures = closures_of(task)
    if not closures:
        return Attempts((), (), (), {})
    people = {getattr(row, f"{done}_by_id") for row in closures for done in DONE.values()} - {None}
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in POSTS.rows(tuple(people)):
        posts[post.person_id].append(post)
    return Attempts(closures, RETURNS.rows(task.pk), REOPENINGS.rows(task.pk), posts)


RETURNS = Question(
    lambda task: (
        ClosureReturn.objects.filter(task=task)
        .select_related("evidence", "need", "by", "principal")
        .order_by("-at", "-pk")
    )
)
REOPENINGS = Question(
    lambda task: Reopening.objects.filter(task=task).select_related("by", "principal").order_by("-at", "-pk")
)
POSTS = Question(
    lambda people: Post.objects.filter(person__in=people).select_related("unit").order_by("-starts_on", "-pk")
)


def last_drafted(task: Task) -> SignSheet | None:
    """Return the newest printed sheet of a claim of this task: what the liaison drafted."""
    rows = SignSheet.objects.filter(task=task, step="claim", state="printed")
    return rows.select_related("printed_by").order_by("-pk").first()


def evidence_since(task: Task, moment: datetime) -> list[Evidence]:
    """Return the current pieces of a task that came since a moment, new ones and revisions. One query."""
    rows = Evidence.objects.filter(task=task, uploaded_at__gt=moment, withdrawn__in=LIVE, current=True)
    return list(rows.order_by("position", "pk"))


def answered(row: ClosureReturn) -> bool | None:
    """Tell whether what a return named was answered since: evidence revised or a line filled; None: not to be told."""
    if row.evidence is not None:
        return row.evidence.withdrawn or not row.evidence.current
    if row.need is not None:
        rows = Evidence.objects.filter(
            need=row.need, withdrawn__in=LIVE, current=True, uploaded_at__gt=row.at
        )
        return rows.exists()
    return None
