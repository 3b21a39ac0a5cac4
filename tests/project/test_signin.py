"""Guessing staff passwords ends soon, by account and by address, and locks nobody out for longer than an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

pytestmark = [pytest.mark.urls("tests.project.urls"), pytest.mark.django_db]
PASSWORD = "Dee's own long password"
NOW = datetime(2026, 12, 1, 10, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def dee() -> User:
    return User.objects.create_user("Dee", password=PASSWORD, is_staff=True)


def sign_in(password: str, name: str = "Dee", address: str = "10.0.0.1", forwarded: str = "") -> HttpResponse:
    visitor = Client(REMOTE_ADDR=address, headers={"x-forwarded-for": forwarded} if forwarded else {})
    response = visitor.post("/admin/login/", {"username": name, "password": password, "next": "/page/"})
    assert isinstance(response, HttpResponse)
    return response


def test_the_right_password_opens() -> None:
    assert sign_in(PASSWORD)["Location"] == "/page/"


def test_ten_wrong_passwords_close_the_account_also_for_the_right_one_and_from_elsewhere() -> None:
    answers = [sign_in("wrong", address=f"203.0.113.{number}") for number in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [429]
    closed = sign_in(PASSWORD, address="198.51.100.1")
    assert closed.status_code == 429
    assert "Too many wrong passwords" in closed.content.decode()
    assert closed.headers["Cache-Control"] == "no-store"
    assert sign_in("wrong", name="Ana", address="198.51.100.1").status_code == 200


def test_ten_wrong_passwords_close_the_address_for_every_account() -> None:
    for number in range(10):
        sign_in("wrong", name=f"guess{number}")
    assert sign_in(PASSWORD).status_code == 429
    assert sign_in(PASSWORD, address="198.51.100.1").status_code == 302


def test_a_thousand_guesses_get_at_most_thirty_answers() -> None:
    tries = [sign_in("wrong", forwarded=f"203.0.113.{number % 250}").status_code for number in range(100)]
    assert tries.count(200) <= 10  # a forged header is no other address; the next 900 end like the last 90


def test_an_unknown_account_gets_the_same_answers_as_a_known_one(settings: Settings) -> None:
    known = [sign_in("wrong", name="Dee", address="203.0.113.1") for _ in range(11)]
    unknown = [sign_in("wrong", name="Nobody", address="203.0.113.2") for _ in range(11)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown]
    assert known[-1].content == unknown[-1].content


def test_the_door_opens_after_an_hour_and_knocking_meanwhile_does_not_keep_it_shut() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            sign_in("wrong")
        for minutes in (20, 40, 59):
            clock.move_to(NOW + timedelta(minutes=minutes))
            assert sign_in("wrong").status_code == 429
        clock.move_to(NOW + timedelta(minutes=61))
        assert sign_in(PASSWORD).status_code == 302
