"""The declarative base, new ids, and what every row of an organization has."""

import os
import threading
import time
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from inspect import getmembers, isclass
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scheduler.domain import appointments, ids, people, plans, roles
from scheduler.persistence.types import UtcDateTime, stored

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class _Ticks:
    """The clock of ids: 4096 ticks a millisecond, none of them given twice and none before the last."""

    def __init__(self) -> None:
        self._last = 0
        self._alone = threading.Lock()

    def next(self) -> int:
        """Return the tick of this moment, or the one after the last where that has been reached already."""
        with self._alone:
            self._last = max(self._last + 1, time.time_ns() * 4096 // 1_000_000)
            return self._last


_TICKS = _Ticks()


def new_id() -> UUID:
    """Return a UUIDv7, never a secret, never meaningful (RFC 9562).

    In one process each is above those before it, within a millisecond too: the doses of a visit are read in the
    order in which they were booked, and messages in the order in which they were owed.
    """
    tick = _TICKS.next()
    noise = int.from_bytes(os.urandom(8)) >> 2
    value = (
        (tick >> 12 & (1 << 48) - 1) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0x2 << 62 | noise
    )
    return UUID(int=value)


def new_key() -> int:
    """Return a random positive 62-bit integer, for exclusion constraints, which need no extension then."""
    return int.from_bytes(os.urandom(8)) >> 2 | 1


def _types() -> dict[Any, Any]:
    known: dict[Any, Any] = {
        datetime: UtcDateTime(),
        date: sa.Date(),
        bytes: sa.LargeBinary(),
    }
    known[Decimal] = sa.Numeric(12, 3, asdecimal=True)
    known |= {
        name: sa.Uuid()
        for name in vars(ids).values()
        if getattr(name, "__supertype__", None) is UUID
    }
    for module in (appointments, people, plans, roles):
        known |= {
            enum: stored(enum)
            for _, enum in getmembers(module, isclass)
            if issubclass(enum, StrEnum)
        }
    return known


@cache
def _attributes(model: type) -> frozenset[str]:
    return frozenset(dir(model))


class Base(DeclarativeBase):
    """All models; the id is there from the first moment, since sealed columns are bound to it."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = _types()

    def __init__(self, **values: Any) -> None:
        """Set the attributes by name, the id first."""
        known = _attributes(type(self))
        if "id" in known:
            setattr(self, "id", values.pop("id", None) or new_id())  # noqa: B010 - not every model has one
        for name, value in values.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


class Tenant:
    """A row of one organization; sessions bind every statement on it to theirs."""

    organization_id: Mapped[ids.OrganizationId] = mapped_column(
        sa.ForeignKey("organization.id"), index=False
    )


Key = Annotated[int, mapped_column(sa.BigInteger(), default=new_key)]
KeyReference = Annotated[int, mapped_column(sa.BigInteger())]
Text = Annotated[str, mapped_column(sa.Text())]
Word = Annotated[str, mapped_column(sa.String(80))]
Version = Annotated[int, mapped_column(default=1)]


def tenant(*extra: Any, **references: str) -> tuple[Any, ...]:
    """Return the table arguments of a tenant model.

    Args:
        extra: Further constraints and indexes.
        references: Column = table: composite foreign keys, so that the database keeps tenants apart.
    """
    keys = (
        sa.ForeignKeyConstraint(
            ["organization_id", column],
            [f"{table}.organization_id", f"{table}.id"],
            ondelete="RESTRICT",
        )
        for column, table in references.items()
    )
    return (sa.UniqueConstraint("id", "organization_id"), *keys, *extra)
