"""What a request can be about is kept while no other edition of the pages is out, and an editor's change shows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import ConsultationType, Draft, Practitioner, RequestLimit
from content.models import ClinicProfile, Concern
from tests import factories as make
from tests.client import walk

FIRST = "/consultations/request/"


def test_it_is_not_read_again_until_an_editor_changes_it(client: Client) -> None:
    concern = make.concern("keloid")
    assert str(concern) in walk.main(client.get(FIRST))
    with CaptureQueriesContext(connection) as asked:
        client.get(FIRST)
    assert len(asked) <= 2, [one["sql"] for one in asked]
    Concern.objects.filter(pk=concern.pk).update(name="Something renamed")
    assert "Something renamed" in walk.main(client.get(FIRST))
    concern.delete()
    assert "Something renamed" not in walk.main(client.get(FIRST))


def test_the_first_page_is_drawn_once_and_follows_whatever_it_prints(client: Client) -> None:
    """But for its token, which is each browser's own."""
    make.concern("keloid")
    make.profile()
    make.practitioner()
    once, again = client.get(FIRST), Client().get(FIRST)
    tokens = [one.cookies["csrftoken"].value for one in (once, again)]
    assert tokens[0] != tokens[1]
    assert without_token(once) == without_token(again)
    assert "no-store" in again.headers["Cache-Control"]
    changes: list[tuple[Callable[[], object], str]] = [
        (lambda: ClinicProfile.objects.update(phone="01632 960777"), "01632 960777"),
        (lambda: ConsultationType.objects.update(fee=123400), "£1,234"),
        (lambda: Concern.objects.update(tell="A few words under it"), "A few words under it"),
    ]
    for change, words in changes:
        assert words not in client.get(FIRST).content.decode()
        change()
        assert words in client.get(FIRST).content.decode()
    Practitioner.objects.update(is_active=False)  # nobody gives it any more
    assert "£1,234" not in client.get(FIRST).content.decode()


def without_token(page: Any) -> str:
    html = page.content.decode()
    found = re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', html)
    assert len(found) == 1
    return str(html.replace(found[0], ""))


def test_the_person_of_a_chosen_time_is_named_as_they_are_called_now(client: Client) -> None:
    make.concern("rolling")
    make.profile()
    ana = make.practitioner()
    draft = walk.begin(client)
    walk.answer(client, draft, "before")
    walk.answer(client, draft, "times", slot=f"{ana.pk}@2026-12-03T10:00Z")
    page = f"/consultations/request/you/?d={draft}"
    assert ana.name in walk.main(client.get(page))
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    # The draft, what the clinic takes just now, and the kind of visit with its price: nothing for the name.
    assert len(asked) <= 3, [one["sql"] for one in asked]
    assert not any("practitioner" in one["sql"] for one in asked)
    Practitioner.objects.filter(pk=ana.pk).update(name="Ana Newname")
    assert "Ana Newname" in walk.main(client.get(page))


def test_a_step_shows_the_clinic_as_it_is_now(client: Client) -> None:
    """Its profile is kept for an edition; the limits on requests, which make none, are read."""
    make.concern("rolling")
    make.profile()
    make.practitioner()
    draft = walk.begin(client)
    page = f"/consultations/request/before/?d={draft}"
    assert "01632 960777" not in client.get(page).content.decode()
    ClinicProfile.objects.update(phone="01632 960777")
    assert "01632 960777" in client.get(page).content.decode()
    ClinicProfile.objects.update(requests_closed=True, closed_words="The roof is open.")
    assert "The roof is open." in walk.main(client.get(page))
    ClinicProfile.objects.update(requests_closed=False)
    assert "The roof is open." not in walk.main(client.get(page))
    started = Draft.objects.get(pk=draft).started_at
    RequestLimit.objects.create(
        first_day=started.date(),
        last_day=started.date() + timedelta(days=1),
        a_day=0,
        words="A course.",
        holds_since=started,
    )
    assert "A course." in walk.main(client.get(page))
