"""A client can mend a mistyped address once; an erased request keeps no word of the person."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from pytest_django import Settings

from bookings import links
from bookings.models import Message, Note
from bookings.states import Status
from bookings.workflow import contact, desk, erasure, intake
from bookings.workflow.core import Actor, Origin
from bookings.workflow.errors import Refused
from tests.factories import CLIENT, CLOCK, NOW, in_state, rules, staff, submitted

pytestmark = pytest.mark.django_db


def test_a_corrected_address_ends_the_old_links_and_gets_the_mail() -> None:
    cleo = submitted(email="cleo@exmaple.org")
    link = links.mint(cleo, now=NOW)
    token = links.token(link)
    cleo = contact.correct_contact(cleo, Origin(CLIENT, NOW), email="cleo@example.org")
    assert links.find(token, NOW) is None
    assert set(Message.objects.filter(request=cleo, state="queued").values_list("kind", "to")) == {
        ("received", "cleo@example.org"),
        ("prove_reminder", "cleo@example.org"),
    }
    assert cleo.email_search == "cleo@example.org"


def test_a_corrected_address_does_not_take_the_alert_from_staff() -> None:
    rules(alert_email="desk@example.org")
    cleo = contact.correct_contact(submitted(), Origin(CLIENT, NOW), email="cleo@example.org")
    assert cleo.messages.get(kind="staff_alert").state == "queued"


def test_the_client_may_do_so_once_and_not_after_the_proof() -> None:
    cleo = contact.correct_contact(submitted(), Origin(CLIENT, NOW), email="one@example.org")
    with pytest.raises(Refused):
        contact.correct_contact(cleo, Origin(CLIENT, NOW), email="two@example.org")
    proved = intake.prove(submitted(start=None), Origin(CLIENT, NOW))
    with pytest.raises(Refused):
        contact.correct_contact(proved, Origin(CLIENT, NOW), email="two@example.org")
    dee = Actor.staff(staff())
    proved = contact.correct_contact(proved, Origin(dee, NOW), email="two@example.org")
    assert (proved.email, proved.email_proved_at) == ("two@example.org", None)


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_erasure_leaves_no_word_of_the_person(status: Status) -> None:
    cleo = in_state(
        status,
        name="Cleopatra Canary",
        email="canary@example.org",
        phone="+441632960114",
        answers={"concerns": ["rolling"], "applies": ["isotretinoin"], "anything_else": "canary words"},
    )
    if status in (Status.NEW, Status.CONFIRMED):
        cleo = contact.add_information(cleo, Origin(CLIENT, NOW), text="canary words")
    cleo = erasure.erase(cleo, Origin(CLOCK, NOW))
    assert not cleo.appointments.filter(state="held").exists()
    assert not Note.objects.exists()
    assert not hasattr(type(cleo).objects.get(pk=cleo.pk), "answers")
    assert not Message.objects.filter(state="queued").exists()
    assert "anary" not in dump()
    assert "960114" not in dump()
    again = erasure.erase(cleo, Origin(CLOCK, NOW))
    assert again.status == cleo.status


def test_what_no_key_opens_any_more_is_erased_as_well(settings: Settings) -> None:
    cleo = in_state(Status.DECLINED)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    assert erasure.erase(cleo, Origin(CLOCK, NOW)).erased_at == NOW
    assert not Note.objects.exists()


def test_an_erased_request_is_not_reopened() -> None:
    cleo = erasure.erase(in_state(Status.WITHDRAWN), Origin(CLOCK, NOW))
    with pytest.raises(Refused):
        desk.reopen(cleo, Origin(Actor.staff(staff()), NOW))


def dump() -> str:
    """Every cell of every table of the app, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("bookings_"):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [str(row) for row in cursor.fetchall()]
    assert found
    return "\n".join(found)
