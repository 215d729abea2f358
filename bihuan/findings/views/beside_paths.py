"""The addresses of what stands beside closure, beside those of the register."""

from django.urls import path

from bihuan.findings.views import beside, beside_forms

PATHS = (
    path("problems/<int:pk>/beside/", beside.of_problem, name="problem-beside"),
    path("tasks/<int:pk>/beside/", beside.of_task, name="task-beside"),
    path("problems/<int:pk>/blockers/new/", beside_forms.raise_blocker, name="new-blocker"),
    path("blockers/<int:pk>/lift/", beside_forms.lift_blocker, name="lift-blocker"),
    path("problems/<int:pk>/disputes/new/", beside_forms.dispute, name="new-dispute"),
    path("disputes/<int:pk>/rule/", beside_forms.rule, name="rule-dispute"),
    path("disputes/<int:pk>/file/", beside.ruling_file, name="ruling-file"),
    path("tasks/<int:pk>/recusals/new/", beside_forms.recuse, name="new-recusal"),
    path("recusals/<int:pk>/withdraw/", beside_forms.end_recusal, name="end-recusal"),
    path("tasks/<int:pk>/recipients/new/", beside_forms.name_recipients, name="new-recipients"),
    path("tasks/<int:pk>/recipients/draw/", beside_forms.draw_recipients, name="draw-recipients"),
    path("recipients/<int:pk>/answer/", beside_forms.answer_recipient, name="answer-recipient"),
    path("recipients/<int:pk>/withdraw/", beside_forms.strike_recipient, name="strike-recipient"),
    path("tasks/<int:pk>/reviews/new/", beside_forms.review, name="new-review"),
)
