"""Rows of several tables by one statement: what a look reads of case files comes at once, not table after table.

Each table is named, with the condition on its rows; a condition can ask the tables named before it. The rows come as
JSON, and out of it records are made as Django makes them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)
By = dict[Any, list[M]]


@dataclass(frozen=True)
class Rows:
    """The rows of one table that are wanted: `where` is SQL, in which they are `r`, and a table named before by its model."""

    model: type[Model]
    where: str
    order_by: tuple[str, ...] = ("id",)
    only: tuple[str, ...] = ()
    """The fields that are read, by their columns; all where none is named. Long texts stay where they are."""

    @property
    def name(self) -> str:
        """What the conditions of later tables call these rows."""
        return cast("str", self.model._meta.model_name)

    @property
    def chosen(self) -> str:
        """The rows as a part of the statement."""
        columns = ", ".join(f"r.{column}" for column in self.only or ("*",))
        return f'"{self.name}" AS (SELECT {columns} FROM {self.model._meta.db_table} r WHERE {self.where})'  # noqa: S608

    @property
    def gathered(self) -> str:
        """The rows as one value of the answer."""
        order = ", ".join(f"r.{column}" for column in self.order_by)
        return f'(SELECT json_agg(r ORDER BY {order}) FROM "{self.name}" r)'  # noqa: S608 - ours

    @cached_property
    def fields(self) -> Sequence[Field]:
        """What a record is made of."""
        return [each for each in self.model._meta.concrete_fields if not self.only or each.column in self.only]

    def made(self, told: dict[str, Any]) -> Model:
        """A record out of its row."""
        values = [field.to_python(told[field.column]) for field in self.fields]
        return self.model.from_db(connection.alias, [field.attname for field in self.fields], values)


@dataclass(frozen=True)
class Found:
    """The records that were read, of each model in the order that was asked for."""

    rows: Mapping[type[Model], Sequence[Any]]

    def all(self, model: type[M]) -> Sequence[M]:
        """Those of one model."""
        return self.rows[model]

    def one_by_one(self, model: type[M]) -> Mapping[int, M]:
        """Those of one model by primary key."""
        return {row.pk: row for row in self.rows[model]}

    def by(self, name: str, model: type[M]) -> "By[M]":
        """Those of one model by what one of their columns says; nothing where none says it."""
        found: By[M] = defaultdict(list)
        for row in self.rows[model]:
            found[getattr(row, name)].append(row)
        return found


class Together:
    """Several tables, read by one statement, which is made once."""

    def __init__(self, *tables: Rows):
        self.tables = tables

    @cached_property
    def statement(self) -> str:
        """What the database is asked."""
        chosen = ", ".join(table.chosen for table in self.tables)
        gathered = ", ".join(table.gathered for table in self.tables)
        return f"WITH {chosen} SELECT {gathered}"

    def read(self, **given: Any) -> Found:
        """The records; `given` are the values that the conditions ask for."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, given)
            answer = cursor.fetchone()
        made = {t.model: [t.made(row) for row in rows or ()] for t, rows in zip(self.tables, answer, strict=True)}
        return Found(made)
