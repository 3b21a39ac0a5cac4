"""Tags come from the managers' list: put on, taken off, kept when they are switched off; free ones of before are notes."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from bookings.models import ConsultationRequest, Note, Tag
from bookings.workflow import desk, erasure
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests import factories as make
from tests.desk.pages import html, page_of, say, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MIGRATION: Any = import_module("bookings.migrations.0018_tags_from_a_list")


def put(cleo: ConsultationRequest, *tags: Tag) -> ConsultationRequest:
    return desk.tag(cleo, Origin(Actor.staff(make.staff()), make.NOW), tags=tags)


def on(cleo: ConsultationRequest) -> list[str]:
    return [tag.name for tag in cleo.tags.all()]


def test_the_desk_puts_tags_on_and_takes_them_off() -> None:
    cleo, ring, price = make.submitted(), make.tag("Ring back"), make.tag("Asked the price")
    put(cleo, ring, price)
    assert on(cleo) == ["Asked the price", "Ring back"]
    put(cleo, ring)
    put(cleo, ring)
    assert on(cleo) == ["Ring back"]
    facts = [event.facts for event in cleo.events.filter(verb="tag")]
    assert facts == [{"tags": sorted([ring.pk, price.pk])}, {"tags": [ring.pk]}, {"tags": [ring.pk]}]


def test_a_tag_that_is_switched_off_stays_where_it_is_and_comes_nowhere_else() -> None:
    cleo, other, tag = make.submitted(), make.submitted(start=None), make.tag()
    put(cleo, tag)
    make.tag(is_active=False)
    put(cleo, tag)
    assert on(cleo) == ["Ring back"]
    with pytest.raises(Refused, match="no longer in use"):
        put(other, tag)
    assert on(other) == []


def test_erasing_a_request_takes_its_tags() -> None:
    cleo = put(make.submitted(), make.tag())
    erasure.erase(cleo, Origin(make.CLOCK, make.NOW))
    assert on(cleo) == []


@pytest.mark.parametrize("other", ["Ring back", "ring BACK"])
def test_two_tags_do_not_have_one_name(other: str) -> None:
    make.tag("Ring back")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name=other)


def test_the_requests_page_offers_the_tags_in_use_and_shows_those_it_has() -> None:
    client, cleo, worn = Client(), make.submitted(), make.tag("Worn")
    client.force_login(make.staff())
    put(cleo, worn)
    make.tag("Worn", is_active=False)
    make.tag("Off", is_active=False)
    fine = make.tag("Fine")
    page = client.get(page_of(cleo))
    assert '<span class="flag tag">Worn</span>' in html(page)
    assert "Off" not in words(page).split()
    assert say(client, cleo, "tag", tags=[fine.pk]).status_code == 303
    assert on(cleo) == ["Fine"]
    assert say(client, cleo, "tag", tags=["999", "x"]).status_code == 200
    assert on(cleo) == ["Fine"]


# --- the managers' list -----------------------------------------------------------------------------------------------


def test_a_manager_keeps_the_list_and_a_tag_in_use_cannot_be_deleted() -> None:
    rights = [f"bookings.{do}_tag" for do in ("view", "add", "change", "delete")]
    gus = Client()
    gus.force_login(make.staff("Gus Early", *make.DEE, *rights))
    assert gus.post("/admin/bookings/tag/add/", {"name": "Ring back", "is_active": "on"}).status_code == 302
    again = gus.post("/admin/bookings/tag/add/", {"name": "RING back", "is_active": "on"})
    assert "There is a tag of this name already." in words(again)
    tag = Tag.objects.get()
    put(make.submitted(), tag)
    answer = gus.get(f"/admin/bookings/tag/{tag.pk}/delete/", follow=True)
    assert "cannot be deleted" in words(answer)
    assert Tag.objects.exists()


def test_the_front_desk_does_not_keep_the_list() -> None:
    client = Client()
    client.force_login(make.staff())
    assert client.get("/admin/bookings/tag/").status_code == 403
    assert client.post("/admin/bookings/tag/add/", {"name": "Mine"}).status_code == 403


# --- the tags of before -----------------------------------------------------------------------------------------------


class _Before:
    """Requests as the migration finds them: with a column of free words."""

    def __init__(self, tags: dict[int, str]) -> None:
        self.tags, self.keys = tags, list(tags)

    def get_model(self, app: str, name: str) -> Any:
        return self if name == "ConsultationRequest" else apps.get_model(app, name)

    @property
    def objects(self) -> _Before:
        return self

    def filter(self, **wanted: Any) -> _Before:
        self.keys = [wanted["pk"]] if "pk" in wanted else list(self.tags)
        return self

    def exclude(self, tags: str) -> _Before:
        self.keys = [key for key in self.keys if self.tags[key] != tags]
        return self

    def values_list(self, *_: str) -> _Before:
        return self

    def order_by(self, *_: str) -> _Before:
        return self

    def iterator(self, chunk_size: int) -> list[tuple[int, str]]:
        return [(key, self.tags[key]) for key in self.keys]

    def update(self, tags: str) -> None:
        self.tags |= dict.fromkeys(self.keys, tags)


def test_free_tags_of_before_become_encrypted_notes_and_go_back() -> None:
    cleo, plain = make.submitted(), make.submitted(start=None)
    before = _Before({cleo.pk: "keloid vip", plain.pk: ""})
    MIGRATION.keep_as_notes(before, None)
    note = Note.objects.get()
    assert (note.request_id, note.kind, note.body) == (cleo.pk, "internal", "keloid vip")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM bookings_note")
        assert "keloid" not in cursor.fetchone()[0]
    before.tags[cleo.pk] = ""
    MIGRATION.give_back(before, None)
    assert before.tags == {cleo.pk: "keloid vip", plain.pk: ""}
    assert not Note.objects.exists()
