"""Addresses of drafts; included by documents.urls as text, so that all of an import lies in one namespace."""

from django.urls import path

from bihuan.findings.importing import views

urlpatterns = [
    path("<int:draft_id>/", views.draft_page, name="draft"),
    path("<int:draft_id>/nodes/<str:node_id>/", views.node_page, name="node"),
    path("<int:draft_id>/choose/", views.choose, name="choose"),
    path("<int:draft_id>/target/", views.choose_target, name="target"),
    path("<int:draft_id>/read-again/", views.read_anew, name="read-again"),
    path("<int:draft_id>/register/", views.register_draft, name="register"),
    path("<int:draft_id>/withdraw/", views.withdraw_draft, name="withdraw"),
]
