"""Who else has a request open: on its row and on its page, for two minutes, written down once a minute."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from bookings.models import ConsultationRequest, Presence
from tests import factories as make
from tests.desk.pages import WORKLIST, page_of, say, words


@pytest.fixture
def cleo() -> ConsultationRequest:
    return make.submitted(name="Cleo Marsh")


@pytest.fixture
def sam() -> Client:
    client = Client()
    client.force_login(make.staff("Sam Idris", *make.DEE))
    return client


def test_dee_reads_that_sam_is_here_and_sam_does_not(
    dee: Client, sam: Client, cleo: ConsultationRequest
) -> None:
    assert "is here" not in words(dee.get(page_of(cleo)))
    sam.get(page_of(cleo))
    assert "Sam is here" in words(dee.get(WORKLIST))
    assert "Sam is here" in words(dee.get(page_of(cleo)))
    assert "Dee is here" in words(sam.get(WORKLIST))
    assert "Sam is here" not in words(sam.get(WORKLIST))


def test_it_is_written_once_a_minute_and_forgotten_after_two(
    dee: Client, sam: Client, cleo: ConsultationRequest
) -> None:
    for seconds, written in ((0, 0), (59, 0), (61, 61), (100, 61)):
        with time_machine.travel(make.NOW + timedelta(seconds=seconds), tick=False):
            sam.get(page_of(cleo))
        assert Presence.objects.get().at == make.NOW + timedelta(seconds=written)
    for seconds, is_here in ((180, True), (182, False)):
        with time_machine.travel(make.NOW + timedelta(seconds=seconds), tick=False):
            assert ("Sam is here" in words(dee.get(WORKLIST))) is is_here


def test_several_are_counted_and_a_press_writes_nothing(
    dee: Client, sam: Client, cleo: ConsultationRequest
) -> None:
    bo = Client()
    bo.force_login(make.staff("Bo Reyes", *make.DEE))
    for client in (sam, bo):
        client.get(page_of(cleo))
    assert "and 1 more are here" in words(dee.get(WORKLIST))
    say(dee, cleo, "assess")
    assert Presence.objects.count() == 2
