"""The access table whole: the rows of every file beside this one."""

from tests.api import (
    api_rows,
    beside_page_rows,
    books_rows,
    closure_page_rows,
    evidence_rows,
    orgs_rows,
    oversight_rows,
    page_rows,
    plan_page_rows,
    round_rows,
)

API = (
    *api_rows.API,
    *books_rows.API,
    *evidence_rows.API,
    *orgs_rows.API,
    *oversight_rows.API,
    *round_rows.API,
)
PAGES = (
    *page_rows.PAGES,
    *beside_page_rows.PAGES,
    *books_rows.PAGES,
    *closure_page_rows.PAGES,
    *evidence_rows.PAGES,
    *orgs_rows.PAGES,
    *oversight_rows.PAGES,
    *round_rows.PAGES,
    *plan_page_rows.PLAN_PAGES,
)
