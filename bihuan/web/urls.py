from django.urls import path

from bihuan.web import views

app_name = "web"
urlpatterns = [
    path("help/", views.help_page, name="help"),
    path("language/<str:code>/", views.choose_language, name="language"),
    path("large/", views.choose_size, name="large"),
]
