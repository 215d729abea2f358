"""The addresses of oversight: dispatches, meetings, slips and letters, rules, rounds."""

from django.urls import path

from bihuan.oversight.views import decisions, dispatches, letters, meetings, remarks, rules
from bihuan.oversight.views.round_routes import ROUTES

app_name = "oversight"

urlpatterns = [
    path("dispatches/", dispatches.dispatches, name="dispatches"),
    path("dispatches/new/", dispatches.prepare, name="prepare"),
    path("dispatches/<int:pk>/", dispatches.dispatch, name="dispatch"),
    path("dispatches/<int:pk>/edit/", dispatches.edit, name="edit-dispatch"),
    path("dispatches/<int:pk>/hold/", dispatches.hold, name="hold-dispatch"),
    path("dispatches/<int:pk>/cancel/", dispatches.cancel, name="cancel-dispatch"),
    path("dispatches/<int:pk>/attendance/", dispatches.attendance, name="dispatch-attendance"),
    path("dispatches/<int:pk>/brief/", dispatches.brief, name="brief"),
    path("dispatches/<int:pk>/<str:what>.<str:suffix>", dispatches.file, name="dispatch-file"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/<str:kind>/<int:pk>/", decisions.new, name="new-decision"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/edit/", decisions.edit, name="edit-decision"),
    path("decisions/<int:pk>/answer/", decisions.respond, name="answer-decision"),
    path("decisions/<int:pk>/finish/", decisions.finish, name="finish-decision"),
    path("decisions/<int:pk>/withdraw/", decisions.withdraw, name="withdraw-decision"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.new, name="new-meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.edit, name="edit-meeting"),
    path("meetings/<int:pk>/hold/", meetings.hold, name="hold-meeting"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="cancel-meeting"),
    path("meetings/<int:pk>/attendance/", meetings.attendance, name="meeting-attendance"),
    path("meetings/<int:pk>/recusals/", meetings.recuse, name="recuse"),
    path("meetings/<int:pk>/close/", meetings.close, name="close-in-meeting"),
    path("meetings/<int:pk>/minutes.<str:suffix>", meetings.file, name="meeting-file"),
    path("letters/", letters.letters, name="letters"),
    path("letters/proposed/", letters.proposed, name="proposed"),
    path("letters/new/", letters.new, name="new-letter"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/edit/", letters.edit, name="edit-letter"),
    path("letters/<int:pk>/issue/", letters.issue, name="issue-letter"),
    path("letters/<int:pk>/deliver/", letters.deliver, name="deliver-letter"),
    path("letters/<int:pk>/reply/", letters.reply, name="reply-letter"),
    path("letters/<int:pk>/close/", letters.close, name="close-letter"),
    path("letters/<int:pk>/void/", letters.void, name="void-letter"),
    path("letters/<int:pk>/file.<str:suffix>", letters.file, name="letter-file"),
    path("letters/replies/<int:pk>/judge/", letters.judge, name="judge-reply"),
    path("letters/replies/<int:pk>/file/", letters.reply_file, name="reply-file"),
    path("units/<int:organisation_id>/oversight/", rules.rules, name="rules"),
    path("units/<int:organisation_id>/oversight/<str:key>/", rules.edit, name="edit-rule"),
    path("remarks/<str:kind>/<int:pk>/", remarks.remarks, name="remarks"),
    path("remarks/<int:pk>/withdraw/", remarks.withdraw, name="withdraw-remark"),
    *ROUTES,
]
