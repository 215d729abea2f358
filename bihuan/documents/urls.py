"""Addresses of documents and drafts.

The pages of a draft ask the register what is there, so their views lie in findings.importing; they are named here as
text, as in config.urls, so that an import has one namespace.
"""

from django.urls import include, path

from bihuan.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/import/", views.import_page, name="import"),
    path("documents/<int:document_id>/file/", views.file, name="file"),
    path("documents/<int:document_id>/check/", views.check_page, name="check"),
    path("documents/<int:document_id>/check.docx", views.check_docx, name="check-docx"),
    path("documents/drafts/<int:draft_id>/drop/", views.drop, name="drop"),
    path("documents/drafts/<int:draft_id>/export/<str:what>/", views.draft_export, name="export"),
    path("documents/drafts/", include("bihuan.findings.importing.urls")),
]
