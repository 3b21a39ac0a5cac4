"""A mail is composed once and never parsed on its way: both cost more than all else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from bookings.messages import mime, render, send
from bookings.models import Message
from tests.messages.examples import deliver, due, only, queued
from tests.messages.sink import Sink

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a mail was composed, written and parsed so far."""
    found: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., Any]:
        inner: Callable[..., Any] = getattr(render, name)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            found[name] += 1
            return inner(*args, **kwargs)

        return wrapper

    for name in ("compose", "_written", "message_from_bytes"):
        monkeypatch.setattr(render, name, counting(name))
    return found


@pytest.mark.parametrize("what", ["confirmed", "staff_alert"])
def test_no_try_parses_it_and_none_after_the_first_composes_it(
    what: str, counted: Counter[str], sink: Sink
) -> None:
    message = only(queued(what))
    sink.script = lambda step, to: "451 later" if step == "data" else None
    deliver(due(message))
    assert counted == Counter(compose=1, _written=1)
    message.refresh_from_db()
    assert message.state == Message.State.QUEUED
    sink.script = lambda step, to: None
    deliver(due(message))
    assert counted == Counter(compose=1, _written=1)
    assert len(sink.taken) == 1


def test_the_link_is_whole_wherever_its_place_is_folded() -> None:
    url = "https://clinic.example/open/a=b==" + "x" * 90 + "/"
    for column in range(90):
        text = f"{'é=.' * (column // 3)}{'o' * (column % 3)} {render.LINK} and {render.LINK}\r\n.\r\n"
        raw = render.with_link(mime.quoted("plain", text), url)
        assert max(map(len, raw.split(b"\r\n"))) <= 76
        assert message_from_bytes(raw, policy=SMTP).get_content() == text.replace(render.LINK, url)


def test_the_outbox_parses_what_is_stored_and_composes_what_is_not(counted: Counter[str]) -> None:
    message = only(queued("confirmed"))
    send.readable(message)
    assert counted == Counter(compose=1, _written=1)
    deliver(due(message))
    counted.clear()
    send.readable(Message.objects.get(pk=message.pk))
    assert counted == Counter(message_from_bytes=1)
