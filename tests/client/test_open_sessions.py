"""A client whose page is open while a new version comes in goes on as before."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bookings import links
from bookings.models import ClientSession
from tests import factories as make

MIGRATION = import_module("bookings.migrations.0004_what_was_typed").Migration


@pytest.mark.django_db(transaction=True)
def test_an_open_session_outlives_the_new_column_and_its_removal() -> None:
    link = links.mint(make.submitted(), now=make.NOW)
    session, cookie = make.let_in(link)
    links.keep_typed(session, {"verb": "answer", "version": 1, "fields": {"text": ["Since May"]}})
    states = MigrationExecutor(connection).loader
    before, after = (
        states.project_state(("bookings", name)) for name in ("0003_agreed_until_now", "0004_what_was_typed")
    )
    [adding] = MIGRATION.operations
    with connection.schema_editor() as editor:
        adding.database_backwards("bookings", editor, after, before)
    assert before.apps.get_model("bookings", "ClientSession").objects.get().key == session.key
    with connection.schema_editor() as editor:
        adding.database_forwards("bookings", editor, before, after)
    found = links.session_for(cookie, make.NOW)
    assert found is not None
    assert found.typed is None
    links.keep_typed(found, {"verb": "answer", "version": 1, "fields": {"text": ["Since June"]}})
    assert ClientSession.objects.get().typed["fields"] == {"text": ["Since June"]}
