"""Questions that are asked again and again: a queryset with blanks ─compiled once→ its SQL ─values→ rows.

To make a statement over six tables from models takes ten times as long as its answer (docs/adr/0020). What is made
once is only the text: the predicate is the queryset's own, so sight has no second wording here.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable, get_related_populators
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")

#: The numbers from here on stand for the ids of a list while a question is made: such a list takes nothing but numbers.
BLANK = 2**62
#: Lengths of lists that one question keeps in mind.
MOST_SHAPES = 100


@dataclass(frozen=True, slots=True)
class _Blank:
    """Stands for a value while a question is made."""

    index: int


@dataclass(slots=True)
class _Ready:
    """A question in the words of one connection: its SQL, which parameter is which value, how a row is read."""

    sql: str
    params: list[Any]
    blanks: Sequence[tuple[int, int]]
    locks: bool
    converters: Sequence[tuple[int, Sequence[Any], Any]]
    read: Callable[[Sequence[Any]], Any]


class _Made(threading.local):
    """What was made in this thread, by the shape of the values; a connection belongs to one thread."""

    def __init__(self) -> None:
        self.by_shape: dict[tuple[Any, ...], _Ready | None] = {}


class Question(Generic[Row]):
    """A question whose SQL is made at the first asking: once for each thread and each length of its lists of ids.

    `make` is called with a blank for every value and a tuple of blanks for every tuple of ids. It returns a queryset
    of models (whose `select_related` holds) or of `values_list`, which gives tuples. It must not look at its blanks,
    and must not start from a related manager::

        TASK = Question(lambda pk: Task.objects.filter(pk=pk).select_related("unit"))
        TASK.first(7)
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        self._made = _Made()

    def first(self, *values: Any) -> Row | None:
        """Return the first row, None without any. One query."""
        return next(iter(self.rows(*values)), None)

    def rows(self, *values: Any) -> list[Row]:
        """Return the rows. One query, none when a list of ids leaves nothing to be found.

        :raises TransactionManagementError: when the question locks rows and no transaction runs.
        """
        connection: Any = connections[DEFAULT_DB_ALIAS]
        ready = self._ready(values, connection)
        if ready is None:
            return []
        if ready.locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked inside a transaction only")
        given = _flat(values)
        params = ready.params.copy()
        for place, index in ready.blanks:
            params[place] = _adapted(given[index], connection)
        with connection.cursor() as cursor:
            cursor.execute(ready.sql, params)
            found = cursor.fetchall()
        return [ready.read(_converted(row, ready.converters, connection)) for row in found]

    def _ready(self, values: Sequence[Any], connection: Any) -> _Ready | None:
        shape = tuple(len(one) if isinstance(one, tuple) else type(one) for one in values)
        made = self._made.by_shape
        if shape not in made:
            if len(made) == MOST_SHAPES:
                made.clear()
            made[shape] = self._compiled(values, connection)
        return made[shape]

    def _compiled(self, values: Sequence[Any], connection: Any) -> _Ready | None:
        """Return the question in the words of the connection; None when it can find nothing.

        :raises ValueError: when a value would not be in it. Only a list of ids may be left out, as a whole.
        """
        blanks = _blanks(values)
        queryset = self._make(*blanks)
        compiler: Any = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = [(place, index) for place, one in enumerate(params) if (index := _index(one)) is not None]
        wanted = {one.value.index for one in blanks if isinstance(one, Value)}
        changed = [one for one in params if str(BLANK)[:12] in str(one) and _index(one) is None]
        if changed or not wanted <= {index for _, index in places}:
            raise ValueError(f"a value has no place in the question: {sql}")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return _Ready(
            sql,
            list(params),
            places,
            locks=queryset.query.select_for_update,
            converters=[(place, *one) for place, one in converters.items()],
            read=_models(compiler) if queryset._iterable_class is ModelIterable else tuple,
        )


def _flat(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, tuple) else (value,))]


def _blanks(values: Sequence[Any]) -> list[Any]:
    """Return what stands for the values while the question is made."""
    made: list[Any] = []
    index = 0
    for value in values:
        if isinstance(value, tuple):
            made.append(tuple(BLANK + index + step for step in range(len(value))))
            index += len(value)
        else:
            made.append(Value(_Blank(index)))
            index += 1
    return made


def _index(param: Any) -> int | None:
    """Return which value a parameter stands for, None when it is the question's own."""
    if isinstance(param, _Blank):
        return param.index
    return param - BLANK if type(param) is int and param >= BLANK else None


def _models(compiler: Any) -> Callable[[Sequence[Any]], Model]:
    """Return what makes a model, and those that are selected with it, from a row: as ModelIterable does."""
    chosen, select = compiler.klass_info, compiler.select
    start, end = chosen["select_fields"][0], chosen["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    related: Any = get_related_populators
    populators = related(chosen, select, DEFAULT_DB_ALIAS)
    extra = list(compiler.annotation_col_map.items())

    def read(row: Sequence[Any]) -> Model:
        model: Model = chosen["model"].from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in populators:
            populator.populate(row, model)
        for name, place in extra:
            setattr(model, name, row[place])
        return model

    return read


def _converted(
    row: Sequence[Any], converters: Sequence[tuple[int, Sequence[Any], Any]], connection: Any
) -> Sequence[Any]:
    if not converters:
        return row
    values = list(row)
    for place, steps, expression in converters:
        for step in steps:
            values[place] = step(values[place], expression, connection)
    return values


def _adapted(value: Any, connection: Any) -> Any:
    """Return a value as the database takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
