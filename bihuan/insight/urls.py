from django.urls import path

from bihuan.insight import views

app_name = "insight"
urlpatterns = [
    path("", views.home, name="home"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/feed/make/", views.make_feed, name="make-feed"),
    path("calendar/feed/end/", views.end_feed, name="end-feed"),
    path("calendar.ics", views.feed, name="feed"),
]
