"""The addresses of rounds, forms of superiors and assessments; `oversight.urls` takes them in."""

from django.urls import URLPattern, path

from bihuan.oversight.views import assessments, forms, round_items, rounds

ROUTES: list[URLPattern] = [
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.new_round, name="new-round"),
    path("rounds/<int:pk>/", rounds.round_page, name="round"),
    path("rounds/<int:pk>/edit/", rounds.edit_round, name="edit-round"),
    path("rounds/<int:pk>/freeze/", rounds.freeze, name="round-freeze"),
    path("rounds/<int:pk>/draw/", rounds.draw, name="round-draw"),
    path("rounds/<int:pk>/confirm/", rounds.confirm, name="round-confirm"),
    path("rounds/<int:pk>/report/", rounds.report, name="round-report"),
    path("rounds/<int:pk>/withdraw/", rounds.withdraw, name="round-withdraw"),
    path("rounds/<int:pk>/import/", round_items.import_sheet, name="round-import"),
    path("rounds/<int:pk>/list.<str:suffix>", round_items.round_list, name="round-list"),
    path("rounds/<int:pk>/<str:name>.<str:suffix>", round_items.round_paper, name="round-paper"),
    path("rounds/items/<int:pk>/", round_items.item_page, name="round-item"),
    path("rounds/checks/<int:pk>/photo/", round_items.photo, name="round-photo"),
    path("rounds/checks/<int:pk>/reopen/", round_items.reopen, name="round-reopen"),
    path("forms/", forms.forms, name="forms"),
    path("forms/<int:pk>/", forms.form_page, name="form"),
    path("forms/<int:pk>/file/", forms.form_file, name="form-file"),
    path("forms/<int:pk>/fill/", forms.form_fill, name="form-fill"),
    path("forms/<int:pk>/withdraw/", forms.form_withdraw, name="form-withdraw"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/<int:pk>/", assessments.assessment_page, name="assessment"),
    path("assessments/<int:pk>/conclude/", assessments.assessment_conclude, name="assessment-conclude"),
    path("assessments/<int:pk>/rows/<str:fact>/", assessments.assessment_rows, name="assessment-rows"),
    path("assessments/<int:pk>/form.<str:suffix>", assessments.assessment_file, name="assessment-file"),
]
