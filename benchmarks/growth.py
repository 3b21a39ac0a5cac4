"""The desk at a million requests against 20,000: as many arrivals a day, over more years. Only with FULL=1.

The million is copied within PostgreSQL, from those that are over: the same rows with other keys, further back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg2
from django.db import connection, models

from benchmarks import desk
from benchmarks.load import Target, get
from benchmarks.place import Place
from benchmarks.rows import Goal, Row, ratio
from bookings.models import (
    Answers,
    Appointment,
    Consent,
    ConsultationRequest,
    Event,
    Message,
    Note,
    SupportNeeds,
    WishWindow,
)
from bookings.states import CLOSED, Status
from tests import world

TIMES = 50
_KEYS = 1_000_000  # between the keys of a row and of its next copy
_OVER = (*CLOSED, Status.ATTENDED, Status.NO_SHOW)
# In this order: each refers to those before it.
_COPIED: tuple[type[models.Model], ...] = (
    ConsultationRequest,
    Appointment,
    Answers,
    SupportNeeds,
    WishWindow,
    Consent,
    Note,
    Event,
    Message,
    ConsultationRequest.concerns.through,
)
# What must differ from row to row.
_OTHER = {
    "reference": "lpad(to_hex(id + {keys}), 8, '0')",
    "draft_id": "gen_random_uuid()",
    "calendar_uid": "gen_random_uuid()::text",
    "message_id": "message_id || '.{number}'",
}
PAGES = {
    "worklist": desk.WORKLIST,
    "worklist search": f"{desk.WORKLIST}?q=marsh",
    "start page": "/admin/",
    "calendar": "/admin/calendar/",
}


def measure(place: Place) -> list[Row]:
    """Answers and their time in the database together: the wait of one person at the desk."""
    if not place.full:
        return []
    sites = {"few": place.site(), "many": place.serve(_million(place))}
    targets = []
    for name, site in sites.items():
        with world.connected_to(site.database):
            cookie = desk.session(desk.signed_in())
        targets += [
            Target(f"{page}, {name}", site, [get(path, Cookie=cookie)]) for page, path in PAGES.items()
        ]
    found = place.measure(*targets, connections=1)
    return [
        ratio(
            f"{page} at 1,000,000 requests: wait against 20,000",
            found[f"{page}, few"].rates,
            found[f"{page}, many"].rates,
            Goal(at_most=1.5, aim=1.1),
        )
        for page in PAGES
    ]


def _million(place: Place) -> str:
    """The URL of a database of its own, which goes at the end of the run."""
    database = place.copy("many")
    with world.connected_to(database):
        over = ConsultationRequest.objects.filter(status__in=_OVER)
        ends = over.aggregate(first=models.Min("created_at"), last=models.Max("created_at"))
        weeks = (ends["last"] - ends["first"]) // timedelta(weeks=1) + 1
    told = psycopg2.connect(database)
    told.autocommit = True
    cursor = told.cursor()
    cursor.execute("SET statement_timeout = 0")
    for number in range(1, TIMES):
        print(f"Copying 20,000 requests further back: {number} of {TIMES - 1}", flush=True)
        for statement in _copies(number, weeks * number):
            cursor.execute(statement)
    cursor.execute("VACUUM ANALYZE")
    told.close()
    return database


def _copies(number: int, weeks: int) -> Iterator[str]:
    """One statement for each table."""
    statuses = ", ".join(f"'{status}'" for status in _OVER)
    over = (
        f"(SELECT id FROM {ConsultationRequest._meta.db_table} WHERE status IN ({statuses}) AND id < {_KEYS})"
    )
    for model in _COPIED:
        fields = model._meta.concrete_fields
        to = "id" if model is ConsultationRequest else _request_column(model)
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(_value(field, number, weeks) for field in fields)
        table = model._meta.db_table
        yield f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {to} IN {over}"


def _request_column(model: type[models.Model]) -> str:
    fields = model._meta.concrete_fields
    return next(str(field.column) for field in fields if field.related_model is ConsultationRequest)


def _value(field: models.Field[object, object], number: int, weeks: int) -> str:
    """What a copy has in this column, as SQL."""
    column, keys = f'"{field.column}"', number * _KEYS
    if field.name in _OTHER:
        return str(_OTHER[field.name]).format(keys=keys, number=number)
    if field.primary_key or field.related_model in _COPIED:
        return f"{column} + {keys}"
    if isinstance(field, models.DateField):  # a moment, too
        return f"({column} - interval '{weeks} weeks')::{field.db_type(connection)}"
    return column
