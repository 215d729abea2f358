"""Institutions and responsibilities: lists; adding, changing and withdrawing an institution; saved views of lists."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from bihuan.api import answers, asking, rows
from bihuan.api.auth import caller
from bihuan.api.bodies import Body, Day, Id, Partial, Reason, Revision, Text, Word
from bihuan.api.describing import parameters
from bihuan.findings.actions import editing
from bihuan.findings.actions import views as saved
from bihuan.findings.actions.removing import withdraw_row
from bihuan.findings.models import SavedView
from bihuan.findings.queries import doors, others

router = Router(tags=["institutions"])


class InstitutionFacts(Body):
    """The facts of an institution."""

    title: Text = ""
    document_number: Text = ""
    issued_on: Partial = ""
    unit_id: Id | None = None
    inspection_id: Id | None = None
    problem_id: Id | None = None
    number: Word = ""
    effective_on: Day | None = None
    review_on: Day | None = None
    superseded_by_id: Id | None = None


class NewInstitution(InstitutionFacts):
    """An institution of an organisation."""

    organisation_id: Id
    title: Text


class ChangedInstitution(InstitutionFacts):
    """New facts of an institution, beside the revision that was read."""

    revision: Revision


class NewView(Body):
    """A list as its caller wants it again: `query` holds filters, sort and columns, as in the list's address."""

    list: Text
    name: Text
    query: dict[Text, Text] = {}


@router.get(
    "/institutions",
    openapi_extra=parameters(*asking.known("institutions")),
)
def list_institutions(request: HttpRequest) -> HttpResponse:
    """List the institutions in sight."""
    wish = asking.wanted(request, "institutions")
    found = others.institution_page(caller(request).reach(), wish)
    return answers.page(answers.renamed(found.rows), total=found.total, number=wish.page, size=wish.size)


@router.post("/institutions")
def add_institution(request: HttpRequest, body: NewInstitution) -> HttpResponse:
    """Register an institution."""
    by = caller(request)
    organisation = doors.organisation_to_write(by.user, body.organisation_id, by.today)
    values = body.given("organisation_id")
    row = editing.add_institution(values, organisation_id=organisation.pk, actor=by.actor)
    return answers.created(rows.plain(row))


@router.get("/institutions/{int:institution_id}")
def get_institution(request: HttpRequest, institution_id: int) -> HttpResponse:
    """Return an institution."""
    by = caller(request)
    return answers.json(rows.institution_detail(doors.institution_for(by.user, institution_id, by.today)))


@router.patch("/institutions/{int:institution_id}")
def edit_institution(request: HttpRequest, institution_id: int, body: ChangedInstitution) -> HttpResponse:
    """Change an institution; 409 with both versions when somebody was faster."""
    by = caller(request)
    row = doors.institution_for(by.user, institution_id, by.today, write=True)
    changed = editing.edit_institution(row, body.given("revision"), revision=body.revision, actor=by.actor)
    return answers.json(rows.plain(changed))


@router.post("/institutions/{int:institution_id}/withdraw")
def withdraw_institution(request: HttpRequest, institution_id: int, body: Reason) -> HttpResponse:
    """Withdraw an institution."""
    by = caller(request)
    row = doors.institution_for(by.user, institution_id, by.today, write=True)
    return answers.json({"withdrawn": withdraw_row(row, reason=body.reason, actor=by.actor)})


@router.get(
    "/responsibilities",
    openapi_extra=parameters(*asking.known("responsibilities")),
)
def list_responsibilities(request: HttpRequest) -> HttpResponse:
    """List who answers for what: one row a unit and lead leader, its tasks counted by state."""
    wish = asking.wanted(request, "responsibilities")
    found = others.responsibility_page(caller(request).reach(), wish)
    shown = [{key: value for key, value in row.items() if key != "pk"} for row in found.rows]
    return answers.page(answers.renamed(shown), total=found.total, number=wish.page, size=wish.size)


@router.get("/views")
def list_views(request: HttpRequest) -> HttpResponse:
    """List the caller's own saved views."""
    asking.asked(request, ())
    own = SavedView.objects.filter(owner_id=caller(request).user.pk).order_by("list", "pk")
    return answers.json(list(own.values("id", "list", "name", "query")))


@router.post("/views")
def save_view(request: HttpRequest, body: NewView) -> HttpResponse:
    """Save a list under a name; the same name again replaces what it held."""
    view = saved.save_view(body.list, body.name, body.query, actor=caller(request).actor)
    return answers.created({"id": view.pk, "list": view.list, "name": view.name, "query": view.query})


@router.delete("/views/{int:view_id}")
def drop_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Forget one of the caller's own saved views."""
    by = caller(request)
    saved.drop_view(doors.saved_view_for(by.user, view_id), actor=by.actor)
    return answers.json({"dropped": view_id})
