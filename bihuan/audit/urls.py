from django.urls import path

from bihuan.audit import views

app_name = "audit"
urlpatterns = [path("record/", views.record_page, name="record")]
