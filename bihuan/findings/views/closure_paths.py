"""The addresses of closure, beside those of the register."""

from django.urls import path

from bihuan.findings.views import closure, closure_sheets, closure_together

PATHS = (
    path("tasks/<int:pk>/closure/claim/", closure.claim, name="closure-claim"),
    path("tasks/<int:pk>/closure/return/", closure.give, name="closure-return"),
    path("tasks/<int:pk>/closure/withdraw/", closure.withdraw, name="closure-withdraw"),
    path("tasks/<int:pk>/closure/reopen/", closure.take_up, name="closure-reopen"),
    path("tasks/<int:pk>/closure/<str:step>/", closure.step, name="closure-step"),
    path("tasks/<int:pk>/sheets/<str:step>/", closure_sheets.print_step, name="sheet-print"),
    path("sheets/", closure_sheets.listing, name="sheets"),
    path("sheets/code/<str:code>/", closure_sheets.by_code, name="sheet-code"),
    path("sheets/<int:pk>/", closure_sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/sheet.<str:suffix>", closure_sheets.sheet_file, name="sheet-file"),
    path("sheets/<int:pk>/bind/", closure_sheets.bind, name="sheet-bind"),
    path("sheets/<int:pk>/confirm/", closure_sheets.confirm, name="sheet-confirm"),
    path("sheets/<int:pk>/refuse/", closure_sheets.refuse, name="sheet-refuse"),
    path("sheets/<int:pk>/scan/", closure_sheets.scan, name="sheet-scan"),
    path("sheets/<int:pk>/scan/pages/<int:number>/", closure_sheets.scan_page, name="sheet-scan-page"),
    path("closure/together/", closure_together.together, name="closure-together"),
    path("closure/<str:step>/", closure.queue, name="closure-queue"),
)
