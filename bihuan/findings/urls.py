"""The addresses of the register: five lists, a page for each object, and the forms that change them."""

from django.urls import path

from bihuan.core.lists import LISTINGS
from bihuan.findings.views import editing, lists, pages
from bihuan.findings.views.accountability import PATHS as ACCOUNTABILITY
from bihuan.findings.views.beside_paths import PATHS as BESIDE
from bihuan.findings.views.book_paths import PATHS as BOOKS
from bihuan.findings.views.bulk import change
from bihuan.findings.views.closure_paths import PATHS as CLOSURE
from bihuan.findings.views.evidence_paths import PATHS as EVIDENCE
from bihuan.findings.views.exchange import export, import_back
from bihuan.findings.views.plan_paths import PATHS as PLANS

app_name = "findings"

urlpatterns = [
    *(path(f"{name}/", lists.show, {"name": name}, name=name) for name in LISTINGS),
    path("lists/<str:name>/columns/", lists.columns, name="columns"),
    path("lists/<str:name>/views/", lists.save_view, name="save-view"),
    path("lists/<str:name>/export.<str:suffix>", export, name="export"),
    path("lists/views/<int:view_id>/drop/", lists.drop_view, name="drop-view"),
    path("inspections/new/", editing.new_inspection, name="new-inspection"),
    path("inspections/<int:pk>/", pages.inspection, name="inspection"),
    path("inspections/<int:pk>/edit/", editing.edit_inspection, name="edit-inspection"),
    path("inspections/<int:pk>/findings/new/", editing.new_finding, name="new-finding"),
    path("findings/<int:pk>/", pages.finding, name="finding"),
    path("findings/<int:pk>/edit/", editing.edit_finding, name="edit-finding"),
    path("findings/<int:pk>/problems/new/", editing.new_problem, name="new-problem"),
    path("problems/<int:pk>/", pages.problem, name="problem"),
    path("problems/<int:pk>/edit/", editing.edit_problem, name="edit-problem"),
    path("problems/<int:pk>/tasks/new/", editing.new_task, name="new-task"),
    path("tasks/<int:pk>/", pages.task, name="task"),
    path("tasks/<int:pk>/edit/", editing.edit_task, name="edit-task"),
    path("tasks/<int:pk>/state/", editing.set_state, name="set-state"),
    path("tasks/<int:pk>/steps/new/", editing.new_step, name="new-step"),
    path("steps/<int:pk>/edit/", editing.edit_step, name="edit-step"),
    path("institutions/new/", editing.new_institution, name="new-institution"),
    path("institutions/<int:pk>/", pages.institution, name="institution"),
    path("institutions/<int:pk>/edit/", editing.edit_institution, name="edit-institution"),
    path("withdraw/<str:kind>/<int:pk>/", editing.withdraw, name="withdraw"),
    path("tasks/bulk/", change, name="bulk"),
    path("tasks/import/", import_back, name="import-back"),
    *CLOSURE,
    *BESIDE,
    *BOOKS,
    *EVIDENCE,
    *PLANS,
    *ACCOUNTABILITY,
]
