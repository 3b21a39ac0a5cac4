"""/metrics: counts and seconds for who holds the token, read from the database, with nothing about anybody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from bookings.management.commands import worker
from bookings.messages import send
from bookings.models import Message
from clinic.foundation import failures
from tests import factories as make

TOKEN = "a-token-of-forty-characters-or-so-for-Bea"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def figures() -> dict[str, float]:
    """Each figure as Prometheus understands it: clinic_requests{state=new} and the like."""
    answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            of = ",".join(f"{name}={value}" for name, value in sample.labels.items())
            found[sample.name + (f"{{{of}}}" if of else "")] = sample.value
    return found


@pytest.mark.django_db
def test_the_figures_are_those_of_the_database() -> None:
    now = timezone.now()
    first = make.submitted(now=now - timedelta(days=30))
    make.submitted(now=now, start=None)
    Message.objects.update(state=Message.State.SENT)
    first.messages.filter(kind="received").update(state=Message.State.FAILED)
    send.beat("worker", now - timedelta(seconds=70))
    send.beat_of_mails("worker", now - timedelta(seconds=70))
    failures.count(failures.SITE)
    failures.count(failures.SITE)

    found = figures()
    assert found["clinic_requests{state=new}"] == 2
    assert found["clinic_requests{state=attended}"] == 0
    assert found["clinic_requests_overdue"] == 1
    assert found["clinic_mails_failed"] == 1
    assert (found["clinic_mails_due"], found["clinic_mail_waits_seconds"], found["clinic_mail_held"]) == (
        0,
        0,
        0,
    )
    assert found["clinic_worker_ok"] == 1
    assert 70 <= found["clinic_worker_last_look_seconds"] < 200
    assert (found["clinic_errors_today{where=site}"], found["clinic_errors_today{where=worker}"]) == (2, 0)
    times = [value for name, value in found.items() if name.startswith("clinic_free_times")]
    assert times and all(value > 0 for value in times)

    # What a worker that is gone had in its hands is due as well: the next one takes it.
    gone = Message.objects.filter(state=Message.State.SENT).first()
    assert gone is not None
    gone.state, gone.lease_until = Message.State.SENDING, now - timedelta(hours=1)
    gone.not_before = now - timedelta(minutes=5)
    gone.save()
    found = figures()
    assert found["clinic_mails_due"] == 1
    assert 300 <= found["clinic_mail_waits_seconds"] < 400


@pytest.mark.django_db
def test_a_stumble_of_the_worker_is_counted() -> None:
    def stumble() -> None:
        raise RuntimeError

    assert not worker._try(stumble)
    assert figures()["clinic_errors_today{where=worker}"] == 1


@pytest.mark.django_db
@pytest.mark.urls("tests.project.urls")
def test_a_page_that_failed_is_counted_once_it_has_gone() -> None:
    now = timezone.now()
    for path, counted in (("/page/", 0), ("/no-database/", 0), ("/fail/", 1), ("/fail/", 2)):
        Client(raise_request_exception=False).get(path)
        assert failures.of_today(now)[failures.SITE] == counted
    assert failures.of_today(now + timedelta(days=1))[failures.SITE] == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("", 401),
        ("Bearer", 401),
        ("Bearer no", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        (f"Bearer {TOKEN}é", 401),
    ],
)
def test_nobody_else_reads_them(sent: str, status: int) -> None:
    # No django_db mark: whoever has no token asks the database nothing.
    answer = Client().get("/metrics", headers={"Authorization": sent} if sent else {})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (status, "Bearer")
    assert not re.search("clinic_", answer.content.decode())


def test_it_may_be_asked_by_any_name_and_inside_the_network_over_http(settings: Settings) -> None:
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["www.example.org"], True
    settings.SECURE_REDIRECT_EXEMPT = [r"^metrics$"]
    assert Client().get("/metrics", headers={"Host": "10.0.3.7:8000"}).status_code == 401
    assert Client().post("/metrics", headers={"Host": "10.0.3.7:8000"}).status_code == 405


def test_without_a_token_there_is_no_such_page(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
