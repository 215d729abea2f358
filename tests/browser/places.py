"""Every kind of page of the demonstration, by the addresses that a fresh one has."""

from collections.abc import Mapping
from types import MappingProxyType

#: The pages on which the office works; drafts 1 to 3 are the demonstration's own, 4 is left open.
OFFICE: Mapping[str, str] = MappingProxyType(
    {
        "home": "/",
        "import": "/documents/import/",
        "draft": "/documents/drafts/4/",
        "draft-node": "/documents/drafts/4/nodes/n4/",
        "draft-closed": "/documents/drafts/1/",
        "draft-withdraw": "/documents/drafts/3/withdraw/",
        "check": "/documents/4/check/",
        "inspections": "/inspections/",
        "inspection": "/inspections/1/",
        "inspection-archive": "/inspections/2/",
        "inspection-new": "/inspections/new/",
        "inspection-edit": "/inspections/1/edit/",
        "finding": "/findings/1/",
        "finding-edit": "/findings/1/edit/",
        "problem": "/problems/1/",
        "problem-edit": "/problems/1/edit/",
        "tasks": "/tasks/",
        "tasks-filtered": "/tasks/?unit=1&due=overdue",
        "tasks-none": "/tasks/?text=无此内容",
        "tasks-print": "/tasks/?print=1",
        "tasks-import": "/tasks/import/",
        "task": "/tasks/1/",
        "task-beside": "/tasks/1/beside/",
        "problem-beside": "/problems/1/beside/",
        "recusal-new": "/tasks/1/recusals/new/",
        "remarks": "/remarks/finding/1/",
        "task-edit": "/tasks/1/edit/",
        "step-new": "/tasks/1/steps/new/",
        "task-withdraw": "/withdraw/task/1/",
        "problems": "/problems/",
        "responsibilities": "/responsibilities/",
        "institutions": "/institutions/",
        "institution": "/institutions/1/",
        "institution-new": "/institutions/new/",
        "notices": "/notices/",
        "notice-write": "/inspections/1/notice/",
        "notice": "/notices/1/",
        "search": "/search/?q=安全",
        "search-none": "/search/?q=无此内容",
        "record": "/record/",
        "units": "/units/",
        "unit": "/units/1/",
        "unit-add": "/units/1/add/",
        "person-add": "/units/1/people/add/",
        "people": "/people/",
        "person": "/people/2/",
        "person-disable": "/people/2/disable/",
        "account": "/account/",
        "password": "/account/password/",
        "two-step": "/account/two-step/",
        "help": "/help/",
        "messages": "/notifications/",
        "calendar": "/calendar/",
        "plans": "/plans/",
        "workbooks": "/workbooks/",
        "workbooks-late": "/workbooks/?show=late",
        "sheets-of-problem": "/sheets/?problem=1",
        "dispatches": "/dispatches/",
        "letters": "/letters/",
        "rounds": "/rounds/",
        "forms": "/forms/",
        "assessments": "/assessments/",
        "robots": "/robots/",
        "health": "/health/",
    }
)
GATE: Mapping[str, str] = MappingProxyType(
    {"sign-in": "/sign-in/", "forgot": "/forgot/", "code": "/code/", "help-outside": "/help/"}
)
#: Addresses that are refused, and still answer with a page.
REFUSED: Mapping[str, str] = MappingProxyType({"not-found": "/tasks/999999/"})
