from django.urls import path

from bihuan.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notices, name="list"),
    path("inspections/<int:inspection_id>/notice/", views.write, name="write"),
    path("notices/<int:notice_id>/", views.notice, name="notice"),
    path("notices/<int:notice_id>/withdraw/", views.withdraw, name="withdraw"),
    path("notices/<int:notice_id>/file.<str:suffix>", views.file, name="file"),
]
