"""What the crew does with codes of a second step. Every function runs in a process of the crew and returns plain data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from clinic.foundation.signin import factor, totp
from tests import factories as make
from tests.races.crew import Seat

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def set_up() -> list[str]:
    """Ana has a telephone; return her recovery codes."""
    return factor.set_up(make.staff("Ana Lind"), KEY, 0, make.NOW)


def use_what_it_shows(seat: Seat, rounds: int) -> list[bool]:
    """All send the same code at the same moment, half a minute after the last one; who got in, by round."""
    return [
        _use(seat, totp.code_at(KEY, now), now)
        for now in (make.NOW + timedelta(minutes=number + 1) for number in range(rounds))
    ]


def _use(seat: Seat, code: str, now: datetime) -> bool:
    ana = User.objects.get(username="ana")
    assert factor.of(ana)
    seat.together()
    return factor.use_code(ana, code, now)


def use_recovery_codes(seat: Seat, codes: list[str]) -> list[bool]:
    """The same with each of these."""
    got_in = []
    for code in codes:
        ana = User.objects.get(username="ana")
        seat.together()
        got_in.append(factor.use_recovery_code(ana, code, make.NOW))
    return got_in
