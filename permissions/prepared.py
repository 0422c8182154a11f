"""Questions about an officer, made into SQL once for everybody: making one costs more than asking it."""

import copy
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.sql import Query

from history import clock
from permissions.models import Officer

# Stand for what is asked about while the SQL is made: no row has such a key, digest or uid.
SOMEBODY, SOME_NUMBER = -(2**62), "~" * 64
Question = Callable[..., QuerySet[Any] | None]
Text = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class List:
    """Stands for a list of keys while the SQL is made (`unit__any_of=…`)."""

    name: str


def rows(question: Question, officer: Officer, *form: Hashable, **values: Any) -> list[Any]:
    """Return the rows of `question(officer, *form, **values)`, which is a queryset; one statement, or none.

    `form` tells one shape of the question from another: what is in it is kept with the SQL. `values` are
    put into the SQL anew each time: keys, words, uids and lists of keys, on which the shape must not depend.
    The question may look at nothing else of the officer than the key and whether there is an identity number,
    nor at another time than the legal day: tests/permissions/test_prepared.py asks each question both ways.
    """
    made = _made(question, form, clock.today(), bool(officer.identity_hash), _kinds(values))
    if made is None:
        return []
    asked = made.all()
    asked.query.known = _known(officer, values)
    return list(asked)


def count(question: Question, officer: Officer, *form: Hashable, **values: Any) -> int:
    """Return how many rows the question has; one statement, or none."""
    asked = text(question, officer, *form, **values)
    if asked is None:
        return 0
    sql, parameters = asked
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({sql}) AS found", parameters)  # noqa: S608 (our own words)
        (found,) = cursor.fetchone()
    return int(found)


def text(question: Question, officer: Officer, *form: Hashable, **values: Any) -> Text | None:
    """Return the SQL of the question as `rows` would ask it, with its parameters; None if it has no rows."""
    made = _made(question, form, clock.today(), bool(officer.identity_hash), _kinds(values))
    return made.query.now(_known(officer, values)) if made is not None else None


def pattern(words: str) -> str:
    """Return the parameter of `contains` for `words`."""
    return f"%{connection.ops.prep_for_like_query(words)}%"


class Prepared(Query):
    """A query whose SQL was made before: it gives it out with the values of whoever asks now."""

    compiled: Any  # the compiler that made it, and knows which column is what
    made: Text
    known: Mapping[Any, Any]

    def now(self, known: Mapping[Any, Any]) -> Text:
        sql, parameters = self.made
        return sql, tuple(known.get(value, value) if _may_stand(value) else value for value in parameters)

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> Any:
        compiler = copy.copy(self.compiled)
        compiler.connection = connections[using or DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *_args, **_options: self.now(self.known)
        return compiler


@lru_cache(maxsize=1024)
def _made(
    question: Question,
    form: tuple[Hashable, ...],
    day: date,
    identified: bool,
    kinds: tuple[tuple[str, type], ...],
) -> Any:
    """Return the queryset with its SQL; None if it has no rows whoever asks. `day` is part of the SQL."""
    somebody = Officer(pk=SOMEBODY, identity_hash=SOME_NUMBER if identified else "")
    places = {name: _place(number, name, kind) for number, (name, kind) in enumerate(kinds)}
    asked = question(somebody, *form, **places)
    if asked is None:
        return None
    compiler = asked.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    parameters = tuple(parameters)
    for place in places.values():  # one that was lost would ask another question
        if not isinstance(place, List) and place not in parameters and pattern(place) not in parameters:
            raise ValueError(f"{place!r} does not stand in the SQL of {question}")
    query: Any = asked.query.chain(klass=Prepared)
    query.compiled, query.made = compiler, (sql, parameters)
    as_rows: Any = asked._iterable_class
    asked.query = query  # which makes dicts of lists of values
    asked._iterable_class = as_rows
    return asked


def _kinds(values: Mapping[str, Any]) -> tuple[tuple[str, type], ...]:
    return tuple((name, type(value)) for name, value in values.items())


def _place(number: int, name: str, kind: type) -> Any:
    """What stands for a value: each its own, and of the value's kind, since columns refuse others."""
    if kind is int:
        return SOMEBODY + 1 + number
    if kind is str:
        return f"~{name}~"
    if kind is UUID:
        return UUID(int=2**127 + number)
    if kind is list:
        return List(name)
    raise TypeError(f"{name}: nothing stands for {kind.__name__}")


def _known(officer: Officer, values: Mapping[str, Any]) -> dict[Any, Any]:
    known: dict[Any, Any] = {SOMEBODY: officer.pk, SOME_NUMBER: officer.identity_hash}
    for number, (name, value) in enumerate(values.items()):
        place = _place(number, name, type(value))
        known[place] = value
        if isinstance(value, str):
            known[pattern(place)] = pattern(value)
    return known


def _may_stand(value: Any) -> bool:
    return isinstance(value, int | str | UUID | List)
