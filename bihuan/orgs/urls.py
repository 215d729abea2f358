from django.urls import path

from bihuan.orgs.views import account, people, signing, units

app_name = "orgs"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("first/", signing.first, name="first"),
    path("code/", signing.code, name="code"),
    path("forgot/", signing.forgot, name="forgot"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/two-step/", account.two_step, name="two-step"),
    path("account/two-step/off/", account.two_step_off, name="two-step-off"),
    path("account/sessions/end/", account.end_sessions, name="end-sessions"),
    path("account/sessions/<int:session_id>/end/", account.end_session, name="end-session"),
    path("account/tokens/add/", account.add_token, name="add-token"),
    path("account/tokens/<int:token_id>/revoke/", account.revoke_token, name="revoke-token"),
    path("units/", units.units, name="units"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/add/", units.add, name="add-unit"),
    path("units/<int:unit_id>/edit/", units.edit, name="edit-unit"),
    path("units/<int:unit_id>/move/", units.move, name="move-unit"),
    path("units/<int:unit_id>/close/", units.close, name="close-unit"),
    path("units/<int:unit_id>/reopen/", units.reopen, name="reopen-unit"),
    path("units/<int:unit_id>/people/add/", people.add, name="add-person"),
    path("people/", people.people, name="people"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/edit/", people.edit, name="edit-person"),
    path("people/<int:person_id>/posts/add/", people.add_post, name="add-post"),
    path("people/<int:person_id>/disable/", people.disable, name="disable-person"),
    path("people/<int:person_id>/enable/", people.enable, name="enable-person"),
    path("people/<int:person_id>/reset/", people.reset, name="reset-person"),
    path("posts/<int:post_id>/end/", people.end_post, name="end-post"),
    path("posts/<int:post_id>/grants/add/", people.add_grant, name="add-grant"),
    path("grants/<int:grant_id>/end/", people.end_grant, name="end-grant"),
]
