"""The addresses of evidence, beside those of the register."""

from django.urls import path

from bihuan.findings.views import evidence, evidence_out

PATHS = (
    path("evidence/", evidence.everything, name="all-evidence"),
    path("tasks/<int:pk>/evidence/", evidence.of_task, name="evidence"),
    path("tasks/<int:pk>/evidence/add/", evidence.add, name="evidence-add"),
    path("tasks/<int:pk>/evidence/not-kept/", evidence.not_kept, name="evidence-not-kept"),
    path("tasks/<int:pk>/evidence/files.zip", evidence_out.task_files, name="evidence-files"),
    path("problems/<int:pk>/evidence/", evidence.of_problem, name="problem-evidence"),
    path("problems/<int:pk>/binder.zip", evidence_out.binder, name="binder"),
    path("problems/<int:pk>/opinions/", evidence_out.opinions, name="opinions"),
    path("evidence/<int:pk>/", evidence.piece, name="evidence-piece"),
    path("evidence/<int:pk>/file/", evidence.file, name="evidence-file"),
    path("evidence/<int:pk>/pages/<int:number>/", evidence.page, name="evidence-page"),
    path("evidence/<int:pk>/edit/", evidence.edit, name="evidence-edit"),
    path("evidence/<int:pk>/revise/", evidence.revise, name="evidence-revise"),
    path("evidence/<int:pk>/withdraw/", evidence.withdraw, name="evidence-withdraw"),
)
