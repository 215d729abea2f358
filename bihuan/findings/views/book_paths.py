"""The addresses of progress and of workbooks, beside those of the register."""

from django.urls import path

from bihuan.findings.views import overviews, progress, workbooks

PATHS = (
    path("workbooks/", overviews.books, name="books"),
    path("unit-tasks/", progress.unit_tasks, name="unit-tasks"),
    path("tasks/<int:pk>/progress/", progress.report, name="progress"),
    path("progress/<int:pk>/withdraw/", progress.withdraw, name="withdraw-report"),
    path("inspections/<int:pk>/workbooks/", workbooks.books, name="workbooks"),
    path("inspections/<int:pk>/workbooks/all.zip", workbooks.pack, name="workbook-pack"),
    path("inspections/<int:pk>/workbooks/returned/", workbooks.returned, name="returned-workbooks"),
    path("inspections/<int:pk>/workbooks/withdraw/", workbooks.withdraw, name="withdraw-workbooks"),
    path("workbooks/<int:pk>/file.xlsx", workbooks.book_file, name="workbook-file"),
)
