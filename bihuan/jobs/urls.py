from django.urls import path

from bihuan.jobs import views

app_name = "jobs"
urlpatterns = [
    path("health/", views.health, name="health"),
    path("health/jobs/<int:job_id>/again/", views.again, name="again"),
]
