"""What nobody should send to the pages of a plan, and some will, is answered with a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bookings.models import Plan
from bookings.workflow import plan_answer
from bookings.workflow.core import Origin
from tests.factories import CLIENT
from tests.plans.test_client_page import PAGE, browser, say
from tests.plans.test_client_page import later as later
from tests.plans.test_desk_page import LATER, address, typed
from tests.plans.test_desk_page import ana as at_the_desk
from tests.plans.writing import seen, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ODD = ("9" * 30, "-1", "\0", "²", "x" * 5000, "2099-12-31")
BACKWARDS = {"line-0-sessions_from": "3", "line-0-times_from": "", "line-0-times_to": ""}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (BACKWARDS, "The higher sessions must not be below the lower one."),
        ({"line-0-price_to": "99999999"}, "Enter a lower price."),
    ],
)
def test_numbers_that_cannot_be_are_refused_beside_their_fields(changes: dict[str, Any], says: str) -> None:
    cleo = seen()
    page = at_the_desk().post(address(cleo), typed(cleo, "draft", **changes))
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not Plan.objects.exists()


def test_whatever_is_sent_the_desk_gets_a_page() -> None:
    cleo, client = seen(), at_the_desk()
    for field in ("line-0-treatment", "line-0-kind", "line-0-gap_days", "valid_until", "lines", "outcome"):
        for odd in ODD:
            cleo.refresh_from_db()
            assert client.post(address(cleo), typed(cleo, "draft", **{field: odd})).status_code < 500
    for do in ("add", "sum", "reply:x", "reply:" + ODD[0], "yes", "no", "send:1"):
        odd_keys = {"new": ODD, "said": ODD, "although": ODD}
        assert client.post(address(cleo), typed(cleo, do, **odd_keys)).status_code < 500


def test_whatever_is_sent_the_client_gets_a_page() -> None:
    cleo, _ = sent()
    client = browser(cleo)
    for pressed in ("yes", "no:x", "think", "question", "question:0", "question:" + ODD[0], "\0"):
        for odd in ODD[:3]:
            assert say(client, cleo, pressed, line=[odd]).status_code < 500
    assert client.get(f"{PAGE}0/").status_code == 404


def test_what_no_key_opens_takes_no_page_down() -> None:
    cleo, plan = sent()
    cleo = plan_answer.ask_about_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, text="Does it hurt?")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_planquestion SET body = 'torn'")
        cursor.execute("UPDATE bookings_plan SET although = 'torn', words = 'torn'")
        cursor.execute("UPDATE bookings_planline SET words = 'torn'")
    for page in (browser(cleo).get(PAGE), *map(at_the_desk().get, (address(cleo), address(cleo, "change")))):
        assert page.status_code == 200
    assert at_the_desk().get(address(cleo, "plan_preview") + "?sent").status_code == 200


def test_a_question_about_an_earlier_plan_is_still_on_the_desks_page() -> None:
    cleo, plan = sent()
    cleo = plan_answer.ask_about_plan(cleo, Origin(CLIENT, LATER), plan=plan.pk, text="Does it hurt?")
    cleo, _ = sent(cleo=cleo, now=LATER)
    client = at_the_desk()
    page = client.get(address(cleo))
    [(asked, _)] = page.context["asked"]
    assert asked.body == "Does it hurt?"
    fields = {"do": f"reply:{asked.pk}", f"reply-{asked.pk}": "A little.", "version": cleo.version}
    assert client.post(address(cleo), fields).status_code == 303
