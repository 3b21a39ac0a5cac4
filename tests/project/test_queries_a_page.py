"""How many SQL statements a page takes, with the shipped content: as many as debts.toml says, no more and no fewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.states import Status
from content.guide.answers import HEALTH
from tests import factories as make
from tests.client import walk
from tests.desk.pages import WORKLIST, page_of
from tests.project import debts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
GUIDE = {
    "adult": "yes",
    "concerns": ["rolling"],
    "where": ["face"],
    **dict.fromkeys(HEALTH, "no"),
    "skin": "tans",
}


@pytest.fixture
def asked(shipped_clinic: None, db: None) -> Mapping[str, Callable[[], Any]]:
    """What somebody does, by its name."""
    walk.clinic()
    with time_machine.travel(make.NOW, tick=False):
        cleo = make.in_state(Status.NEW)
        reader, client, dee = Client(), walk.signed_in(cleo), Client()
        draft = walk.begin(reader)
        cleo.refresh_from_db()  # the link is open now
        dee.force_login(make.staff())

        def press(do: str, **fields: str) -> Any:
            return dee.post(page_of(cleo), {"do": do, "version": cleo.version} | fields)

        public = {
            "home": "/",
            "a concern": "/concerns/ice-pick/",
            "a treatment": "/treatments/microneedling/",
            "treatments compared": "/treatments/",
            "the guide": "/guide/",
            "costs": "/costs/",
            "a search": "/search/?q=ice+pick+scars",
            "free times": "/consultations/times/",
            "the request, about you": f"/consultations/request/you/?d={draft}",
        }
        return {
            **{name: partial(reader.get, path) for name, path in public.items()},
            "the guide's answer": lambda: reader.post("/guide/", GUIDE),
            "own page": lambda: client.get("/consultations/mine/"),
            "worklist": lambda: dee.get(WORKLIST),
            "desk: a request": lambda: dee.get(page_of(cleo)),
            "desk: note": lambda: press("note", text="Rang, no answer."),
            "desk: confirm": lambda: press("confirm"),
        }


def test_the_statements_of_a_page_are_written_down(asked: Mapping[str, Callable[[], Any]]) -> None:
    with time_machine.travel(make.NOW, tick=False):
        assert debts.settle("queries", {name: _counted(ask) for name, ask in asked.items()}) == []


def _counted(ask: Callable[[], Any]) -> int:
    """Asked twice: the first time fills what a process keeps, and what it changes is undone."""
    with make.undone():
        ask()
    with make.undone(), CaptureQueriesContext(connection) as seen:
        assert ask().status_code in (200, 303)
    return len(seen)
