"""No word of a plan is outside the page behind its own link: mails, subjects, addresses, events, logs, previews, metrics.

Each field of a plan holds a word of its own that is nowhere else, and its sum is an amount of its own.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bookings import clock
from bookings.messages import send
from bookings.models import ConsultationRequest, Event, Message, PlanQuestion
from bookings.models.plan import Against, LineWords, PlanWords
from bookings.queries import plans
from bookings.workflow import plan_answer, sessions
from bookings.workflow.core import Actor, Origin
from tests.factories import staff
from tests.plans.test_client_page import PAGE, browser, say
from tests.plans.writing import DAY, THEN, WORDS, line, sent, treatment

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CANARY = re.compile(r"quinsy|£?7,?371|737100|1474200|£?14,?742")
# Health words that no mail has, whatever the plan says.
HEALTH = re.compile(r"\b(scars?|acne|skin|treatments?|spots?|risk|peel|laser|needling)\b|£|\bGBP\b", re.I)


@pytest.fixture(autouse=True)
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THEN + DAY, tick=False) as clock:
        yield clock


def lived_through(client_of: ConsultationRequest) -> list[str]:
    """Everything that a client and the desk do with a plan; the addresses that were asked for."""
    cleo, seen = client_of, []
    client = browser(cleo)
    client.post(reverse("client:plan_link"))
    seen += [
        response.get("Location", "") for response in (client.get(PAGE), client.get("/consultations/mine/"))
    ]
    say(client, cleo, "question:plan", question_plan="Quinsy-asked?")
    cleo.refresh_from_db()
    dee = Actor.staff(staff("Dee Hart", "bookings.view_consultationrequest"))
    asked = PlanQuestion.objects.get()
    plan_answer.answer_about_plan(cleo, Origin(dee, THEN + DAY), question=asked.pk, text="Quinsy-said.")
    say(client, cleo, "think")
    plan = plans.plan_of(cleo)
    assert plan is not None
    said = {"line": [plan.lines.all()[0].pk], "days": ["0"], "about_times": "Quinsy-times."}
    seen.append(say(client, cleo, "think", **said)["Location"])
    seen.append(say(client, cleo, "yes", **said)["Location"])
    seen.append(say(client, cleo, "no")["Location"])
    seen.append(say(client, cleo, "back:plan")["Location"])
    seen.append(say(client, cleo, "yes", line=[plan.lines.all()[0].pk])["Location"])
    return seen


def test_no_word_of_a_plan_is_anywhere_else(
    caplog: pytest.LogCaptureFixture, settings: Settings, later: time_machine.Traveller
) -> None:
    caplog.set_level(logging.DEBUG)
    settings.METRICS_TOKEN = "told"
    words = PlanWords(
        findings="Quinsy-saw.",
        because="Quinsy-because.",
        first="Quinsy-first.",
        can="Quinsy-can.",
        cannot="Quinsy-cannot.",
        next_step="Quinsy-next.",
        applies=WORDS.applies,
        against=(Against("Quinsy-no", "Quinsy-why"),),
    )
    told = LineWords("Quinsy-name", "per quinsy", "Quinsy-line.", "Quinsy-risk.")
    wanted = line(
        words=told, treatment=treatment("Quinsy"), price=(737100, 737100), times=(1, 2), sessions=(2, 2)
    )
    cleo, _ = sent(wanted, line("Quinsy two"), words=words)
    assert "Quinsy-saw" in browser(cleo).get(PAGE).content.decode()  # where it may be read
    addresses = lived_through(cleo)
    later.move_to(THEN + 12 * DAY)
    for session in clock.asleep((THEN + 12 * DAY,), 9):
        sessions.wake(session, Origin(Actor.clock(), THEN + 12 * DAY))

    messages = list(Message.objects.all())
    assert {"plan_ready", "plan_link", "plan_answered", "plan_said", "plan_asked", "plan_taken_back"} <= {
        one.kind for one in messages
    }
    for message in messages:
        read = send.readable(message)
        said = f"{read.subject} {read.text}"
        assert not re.search(CANARY.pattern, said, re.I), message.kind
        if message.kind.startswith("plan"):
            assert not HEALTH.search(said), (message.kind, HEALTH.search(said))
        assert not re.search(CANARY.pattern, json.dumps(message.facts), re.I)
    outside = [json.dumps(event.facts) + event.reason for event in Event.objects.all()]
    outside += addresses + [record.getMessage() for record in caplog.records]
    outside += [Client().get("/metrics", headers={"authorization": "Bearer told"}).content.decode()]
    assert not [text for text in outside if re.search(CANARY.pattern, text, re.I)]


def test_the_database_itself_has_no_word_of_it_to_read() -> None:
    """Whoever reads the rows without a key reads no word; amounts and days stand there for the arithmetic."""
    told = LineWords("Quinsy-name", "per quinsy", "Quinsy-line.", "Quinsy-risk.")
    cleo, _ = sent(line(words=told), words=replace(WORDS, findings="Quinsy-findings."))
    say(browser(cleo), cleo, "question:plan", question_plan="Quinsy-asked?")
    with connection.cursor() as cursor:
        for table in ("bookings_plan", "bookings_planline", "bookings_planquestion", "bookings_event"):
            cursor.execute(f"SELECT * FROM {table}")
            rows = str(cursor.fetchall())
            assert not re.search("quinsy", rows, re.I), table
