"""Each request has a number: in its answer, in the lines about it, and on the page that says sorry."""

from __future__ import annotations

import logging
import re

import pytest
from django.test import Client
from pytest_django import Settings

from clinic import request_id
from clinic.logs import Line, PrivateFilter

pytestmark = pytest.mark.urls("tests.project.urls")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", ["/page/", "/page/?q=%00", "/no-such-page/", "/fail/", "/static/site.css"])
def test_each_answer_has_a_number_of_its_own(visitor: Client, path: str) -> None:
    numbers = set()
    for _ in range(2):
        response = visitor.get(path)
        list(response)  # a file is open until it is read
        numbers.add(response[request_id.HEADER])
    assert len(numbers) == 2
    assert all(re.fullmatch(r"[0-9a-f]{8}", number) for number in numbers)


@pytest.mark.parametrize("path", ["/page/?q=%00", "/refuse/", "/no-such-page/", "/fail/", "/no-database/"])
def test_every_line_about_it_has_the_number(
    visitor: Client, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.handler.addFilter(PrivateFilter())
    caplog.handler.setFormatter(Line())
    number = visitor.get(path)[request_id.HEADER]
    about = [line for line in caplog.text.splitlines() if "django.request" in line]
    assert about and all(f" django.request {number} " in line for line in about)


@pytest.mark.parametrize("path", ["/fail/", "/no-database/"])
def test_anyone_who_rings_us_can_say_it(visitor: Client, path: str) -> None:
    page = visitor.get(path)
    number = page[request_id.HEADER]
    assert f"please give this number: <strong>{number}</strong>" in page.content.decode()
    assert request_id.current() == "-"


def test_other_errors_ask_nobody_to_ring(visitor: Client) -> None:
    assert "number" not in visitor.get("/no-such-page/").content.decode()


@pytest.mark.parametrize(
    ("hops", "given", "taken"),
    [
        (1, "3f9a12bc", "3f9a12bc"),
        (1, "0B9E3F6C-7A55-4B4D-9D0A-2C1F0E8D7A66", "0b9e3f6c-7a55-4b4d-9d0a-2c1f0e8d7a66"),
        (2, "a" * 64, "a" * 64),
        (0, "3f9a12bc", None),  # no proxy of ours: anybody may have written it
        (1, "", None),
        (1, "3f9a", None),
        (1, "a" * 65, None),
        (1, "cleo@example.org", None),
        (1, "3f9a12bc forged", None),
        (1, "3f9a12bc\n", None),
        (1, "3f9a12bc, 3f9a12bd", None),
    ],
)
def test_a_proxy_of_ours_may_give_it(
    visitor: Client, settings: Settings, hops: int, given: str, taken: str | None
) -> None:
    settings.PROXY_HOPS = hops
    number = visitor.get("/page/", headers={"X-Request-ID": given}).headers[request_id.HEADER]
    assert number == taken if taken else re.fullmatch(r"[0-9a-f]{8}", number) and number != given


def test_outside_of_a_request_there_is_none() -> None:
    record = logging.LogRecord("worker", logging.INFO, "", 0, "It has started", (), None)
    assert Line().format(record).endswith(" INFO worker - It has started")
