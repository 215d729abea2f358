"""The words of oversight in the language of the page, from the catalogue area `oversight`."""

from bihuan.core.agenda import Line
from bihuan.web.catalogue import say
from bihuan.web.edge import language


def told(code: str, **params: str | int | None) -> str:
    """Return the sentence of ``oversight.<code>`` in the language of the page."""
    return say(f"oversight.{code}", params, lang=language())


def said(line: Line, *, lang: str = "") -> str:
    """Return why a line stands in the agenda: overdue so many days, returned for this reason, waiting for whom."""
    lang = lang or language()
    params: dict[str, str | int | float | None] = {
        "days": line.days, "note": line.note, "detail": line.detail,
    }  # fmt: skip
    code = f"oversight.line-{line.section}"
    if line.section == "due" and line.days == 0:
        code = "oversight.line-due-today"
    elif line.section == "returned":
        params["note"] = say(f"closure.reason-{line.note}", lang=lang)
    elif line.section == "decisions":
        late = line.note == "open" and line.days > 0
        code = f"oversight.line-decision-{'late' if late else line.note}"
    return say(code, params, lang=lang)
