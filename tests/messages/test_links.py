"""Links: one request, one purpose, an end; and nothing in the database that could open anything."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings import links
from bookings.models import ClientLink, ClientSession, ConsultationRequest
from bookings.workflow import erasure
from bookings.workflow.core import Origin
from tests.factories import CLIENT, NOW, at, in_state, let_in, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cleo() -> ConsultationRequest:
    return submitted()


def test_a_link_opens_its_request(cleo: ConsultationRequest) -> None:
    link = links.mint(cleo, now=NOW)
    found = links.find(links.token(link), NOW)
    assert found == link and found is not None and found.request == cleo
    assert links.url(link) == f"http://127.0.0.1:8000/consultations/open/{links.token(link)}/"
    assert re.fullmatch(r"[A-Za-z0-9_-]{52}", links.token(link))


def test_equal_requests_get_different_tokens(cleo: ConsultationRequest) -> None:
    tokens = {links.token(links.mint(cleo, now=NOW)) for _ in range(20)}
    assert len({token[10:] for token in tokens}) == 20


BAD: dict[str, Callable[[ClientLink, Settings], str]] = {
    "empty": lambda link, settings: "",
    "short": lambda link, settings: "abc",
    "long": lambda link, settings: links.token(link) + "A",
    "not ascii": lambda link, settings: "é" * 52,
    "surrogate": lambda link, settings: "\ud800" * 52,
    "NUL": lambda link, settings: "\x00" * 52,
    "newline": lambda link, settings: links.token(link)[:-1] + "\n",
    "padded": lambda link, settings: links.token(link)[:-1] + "=",
    "unknown id": lambda link, settings: "A" * 8 + "_w" + links.token(link)[10:],
    "huge id": lambda link, settings: "_" * 52,
    "one letter changed": lambda link, settings: (
        links.token(link)[:-1] + ("A" if links.token(link)[-1] != "A" else "B")
    ),
    "expired": lambda link, settings: _with(link, expires_at=NOW),
    "revoked": lambda link, settings: _with(link, revoked_at=NOW),
    "another purpose": lambda link, settings: _with(link, purpose="export"),
    "another seed": lambda link, settings: _with(link, seed=bytes(32)),
    "another key": lambda link, settings: _under_another_key(link, settings),
    "erased": lambda link, settings: _erased(link),
    "deleted": lambda link, settings: _deleted(link),
}


def _with(link: ClientLink, **changes: object) -> str:
    token = links.token(link)
    ClientLink.objects.filter(pk=link.pk).update(**changes)
    return token


def _under_another_key(link: ClientLink, settings: Settings) -> str:
    token = links.token(link)
    settings.LINK_KEY = "another-key-for-links-another-key-for-links"
    return token


def _erased(link: ClientLink) -> str:
    token = links.token(link)
    erasure.erase(link.request, Origin(CLIENT, NOW))
    ClientLink.objects.filter(pk=link.pk).update(
        revoked_at=None
    )  # only the erasure itself is left to refuse it
    return token


def _deleted(link: ClientLink) -> str:
    token = links.token(link)
    link.delete()
    return token


@pytest.mark.parametrize("how", BAD)
def test_every_bad_token_takes_the_same_path(
    cleo: ConsultationRequest, settings: Settings, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = links.mint(cleo, now=NOW)
    token = BAD[how](link, settings)
    made: list[bytes] = []
    compare = hmac.compare_digest

    def watched(expected: bytes, given: bytes) -> bool:
        made.append(expected)
        return compare(expected, given)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert links.find(token, NOW) is None
    assert len(queries) == 1
    assert [len(mac) for mac in made] == [32]


def test_a_token_of_another_request_opens_that_one_only(cleo: ConsultationRequest) -> None:
    other = in_state("new", start=at(3, 11))
    mine, hers = links.mint(cleo, now=NOW), links.mint(other, now=NOW)
    mixed = links.token(mine)[:10] + links.token(hers)[10:]
    assert links.find(mixed, NOW) is None
    found = links.find(links.token(hers), NOW)
    assert found is not None and found.request == other


def test_a_link_ends_after_its_days_or_with_the_visit(cleo: ConsultationRequest, settings: Settings) -> None:
    link = links.mint(cleo, now=NOW)
    assert link.expires_at == NOW + timedelta(days=settings.LINK_DAYS)
    assert links.find(links.token(link), link.expires_at - MINUTE) is not None
    assert links.find(links.token(link), link.expires_at) is None
    settings.LINK_DAYS = 1
    booked = in_state("confirmed", start=at(4, 11))
    assert links.mint(booked, now=NOW).expires_at == at(5, 11, 30)


def test_looking_changes_nothing(cleo: ConsultationRequest) -> None:
    link = links.mint(cleo, now=NOW)
    before = ClientLink.objects.filter(pk=link.pk).values().get()
    for _ in range(100):
        assert links.find(links.token(link), NOW) == link
    assert ClientLink.objects.filter(pk=link.pk).values().get() == before


def test_a_session_ends_when_idle_or_after_two_hours(cleo: ConsultationRequest) -> None:
    link = links.mint(cleo, now=NOW)
    _, cookie = let_in(link)
    assert links.session_for(cookie, NOW + 29 * MINUTE) is not None
    assert links.session_for(cookie, NOW + 58 * MINUTE) is not None  # seen at 29
    assert links.session_for(cookie, NOW + 88 * MINUTE) is None  # idle for 30
    _, cookie = let_in(link)
    now = NOW
    while now < NOW + 119 * MINUTE:
        session = links.session_for(cookie, now)
        assert session is not None and session.request == cleo
        now += 20 * MINUTE
    assert links.session_for(cookie, NOW + 120 * MINUTE) is None


def test_presence_is_written_once_a_minute(cleo: ConsultationRequest) -> None:
    _, cookie = let_in(links.mint(cleo, now=NOW))
    with CaptureQueriesContext(connection) as queries:
        for seconds in range(0, 59, 5):
            links.session_for(cookie, NOW + timedelta(seconds=seconds))
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_leaving_and_revoking_end_a_session(cleo: ConsultationRequest) -> None:
    link = links.mint(cleo, now=NOW)
    session, cookie = let_in(link)
    links.close(session)
    assert links.session_for(cookie, NOW) is None
    _, cookie = let_in(link)
    assert links.revoke_all(cleo, NOW) == 1
    assert links.revoke_all(cleo, NOW) == 0
    assert links.session_for(cookie, NOW) is None
    assert links.find(links.token(link), NOW) is None


@pytest.mark.parametrize("cookie", ["", "x", "\ud800", "\x00", "é" * 500])
def test_an_unknown_cookie_is_nobody(cookie: str) -> None:
    assert links.session_for(cookie, NOW) is None


def test_a_clock_set_back_brings_no_link_to_life(cleo: ConsultationRequest) -> None:
    link = links.mint(cleo, now=NOW)
    links.open_session(link, NOW)
    assert links.retire(link.expires_at) == 2
    assert links.retire(link.expires_at) == 0
    assert links.find(links.token(link), NOW) is None


def test_the_database_holds_no_token_and_no_cookie(
    cleo: ConsultationRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    link = links.mint(cleo, now=NOW)
    session, cookie = let_in(link)
    call_command("dumpdata", "bookings")
    dump = capsys.readouterr().out
    assert str(session.key) in dump
    for secret in (links.token(link), links.token(link)[10:], cookie):
        assert secret not in dump
    assert ClientSession.objects.get().key != cookie
