"""The addresses of plans."""

from django.urls import path

from bihuan.findings.views import overviews, plan_asking, plan_lines, plan_pages, plan_sheets

PATHS = [
    path("plans/", overviews.plans, name="plans"),
    path("inspections/<int:pk>/plan/", plan_pages.plan, name="plan"),
    path("inspections/<int:pk>/plan/new/", plan_sheets.begin, name="plan-begin"),
    path("plans/<int:pk>/", plan_pages.version, name="plan-version"),
    path("plans/<int:pk>/file.<str:suffix>", plan_pages.file, name="plan-file"),
    path("plans/<int:pk>/send/<str:to>/", plan_sheets.send, name="plan-send"),
    path("plans/<int:pk>/approve/", plan_sheets.approve, name="plan-approve"),
    path("plans/<int:pk>/withdraw/", plan_sheets.withdraw, name="plan-withdraw"),
    path("plans/<int:pk>/opinions/new/", plan_sheets.give_opinion, name="plan-opinion"),
    path("plans/<int:pk>/opinions/import/", plan_pages.import_opinions, name="plan-opinions-back"),
    path("plan-opinions/<int:pk>/answer/", plan_sheets.answer_opinion, name="plan-answer"),
    path("plan-opinions/<int:pk>/withdraw/", plan_sheets.withdraw_opinion, name="plan-opinion-withdraw"),
    path("problems/<int:pk>/cause/", plan_sheets.cause, name="plan-cause"),
    path("problems/<int:pk>/look-around/", plan_lines.look_around, name="plan-look-around"),
    path("problems/<int:pk>/plan-addition/", plan_asking.addition, name="plan-addition"),
    path("tasks/<int:pk>/needs/", plan_lines.needs, name="plan-needs"),
    path("tasks/<int:pk>/needs/usual/", plan_sheets.usual_needs, name="plan-needs-usual"),
    path("tasks/<int:pk>/milestones/", plan_lines.milestones, name="plan-milestones"),
    path("tasks/<int:pk>/joint-units/", plan_sheets.joint_units, name="plan-joint-units"),
    path("tasks/<int:pk>/waits/new/", plan_sheets.begin_wait, name="plan-wait"),
    path("tasks/<int:pk>/extension/", plan_asking.extension, name="plan-extension"),
    path("tasks/<int:pk>/plan-change/", plan_asking.edit, name="plan-edit"),
    path("tasks/<int:pk>/plan-withdrawal/", plan_asking.withdrawal, name="plan-withdrawal"),
    path("milestones/<int:pk>/reach/", plan_sheets.reach_milestone, name="plan-milestone"),
    path("waits/<int:pk>/reply/", plan_sheets.reply_wait, name="plan-reply"),
    path("waits/<int:pk>/withdraw/", plan_sheets.withdraw_wait, name="plan-wait-withdraw"),
    path("plan-changes/<int:pk>/", plan_asking.change, name="plan-change"),
    path("plan-changes/<int:pk>/decide/", plan_asking.decide, name="plan-decide"),
    path("plan-changes/<int:pk>/withdraw/", plan_asking.take_back, name="plan-take-back"),
]
