"""Every address: one line a context, each with its own names."""

from django.urls import include, path

from bihuan.api.schema import api

urlpatterns = [
    path("api/v1/", api.urls),  # first: whoever does not ask it has lost one comparison, not a hundred
    path("", include("bihuan.web.urls")),
    path("", include("bihuan.insight.urls")),
    path("", include("bihuan.orgs.urls")),
    path("", include("bihuan.documents.urls")),
    path("", include("bihuan.findings.urls")),
    path("", include("bihuan.oversight.urls")),
    path("", include("bihuan.notices.urls")),
    path("", include("bihuan.search.urls")),
    path("", include("bihuan.audit.urls")),
    path("", include("bihuan.notify.urls")),
    path("", include("bihuan.jobs.urls")),
]

handler400 = "bihuan.web.errors.bad_request"
handler403 = "bihuan.web.errors.forbidden"
handler404 = "bihuan.web.errors.not_found"
handler500 = "bihuan.web.errors.server_error"
