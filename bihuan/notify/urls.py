from django.urls import path

from bihuan.notify import views

app_name = "notify"
urlpatterns = [
    path("notifications/", views.told, name="list"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/<int:notification_id>/go/", views.go, name="go"),
    path("notifications/wishes/", views.wishes, name="wishes"),
    path("robots/", views.robots, name="robots"),
    path("robots/add/", views.add_robot, name="add-robot"),
    path("robots/<int:robot_id>/edit/", views.edit_robot, name="edit-robot"),
    path("robots/<int:robot_id>/try/", views.try_robot, name="try-robot"),
    path("robots/<int:robot_id>/switch/", views.switch_robot, name="switch-robot"),
]
