"""`manage.py unlock NAME` lets somebody in whose account is closed, even while a stranger goes on guessing."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client

from tests.project.conftest import NOW, PASSWORD

pytestmark = [
    pytest.mark.urls("tests.project.urls"),
    pytest.mark.django_db,
    pytest.mark.usefixtures("clock", "dee"),
]


def post(password: str, address: str = "198.51.100.1") -> int:
    sent = {"username": "Dee", "password": password, "next": "/page/"}
    return Client(REMOTE_ADDR=address).post("/admin/login/", sent).status_code


def guess() -> list[int]:
    return [post("wrong", "203.0.113.66") for _ in range(11)]


def unlock(name: str = "Dee") -> str:
    out = StringIO()
    call_command("unlock", name, stdout=out)
    return out.getvalue()


def test_she_gets_in_while_the_stranger_goes_on() -> None:
    guess()
    assert post(PASSWORD) == 429
    assert unlock() == "Dee can sign in until 10:35 UTC.\n"
    assert guess()[-1] == 429  # the stranger gets ten more at most
    assert post(PASSWORD) == 302


def test_it_opens_also_the_network_that_is_closed() -> None:
    for _ in range(10):
        post("wrong")
    assert post(PASSWORD) == 429
    unlock()
    assert post(PASSWORD) == 302


def test_it_is_no_door_without_a_limit(clock: time_machine.Traveller) -> None:
    unlock()
    assert [post("wrong") for _ in range(11)] == [200] * 9 + [429] * 2
    assert post(PASSWORD) == 429
    clock.shift(1)
    unlock()  # and once more, for whoever mistyped
    assert post(PASSWORD) == 302


def test_after_a_quarter_of_an_hour_it_is_over(clock: time_machine.Traveller) -> None:
    guess()
    unlock()
    clock.move_to(NOW + timedelta(minutes=15))
    assert post(PASSWORD) == 429


@pytest.mark.parametrize("name", ["dee", "Nobody", "", "n" * 200, "Dee\0", "\ud800"])
def test_a_name_that_nobody_has_is_refused(name: str) -> None:
    with pytest.raises(CommandError, match="Nobody is called"):
        unlock(name)
