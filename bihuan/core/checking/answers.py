"""Has every problem of a notice its answer?"""

from collections.abc import Iterator
from typing import Final

from bihuan.core.checking.fault import Fault
from bihuan.core.checking.passages import Reading, params

_ENOUGH: Final = 3  # problems, of which most are answered: then an answer is the rule in this document
_BEHIND_TITLE: Final = 12  # characters behind the title that may be an answer told without its heading


def check_answer_missing(reading: Reading) -> Iterator[Fault]:
    """Find a problem without an answer where nearly all others have one."""
    answered = [problem for problem in reading.problems if (problem.response or "").strip()]
    total = len(reading.problems)
    if not reading.account or total < _ENOUGH or len(answered) * 10 < total * 7:
        return
    for problem in reading.problems[: total - 1 if reading.cut else total]:
        passage = reading.at(problem.place)
        if (problem.response or "").strip() or problem.text.strip() or passage is None:
            continue
        if len(passage.text) - len(problem.title) < _BEHIND_TITLE:
            values = params(number=problem.number)
            yield passage.fault("answer-missing", 0, min(len(passage.text), 60), params=values)
