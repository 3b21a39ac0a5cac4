"""FIELD_KEYS can be changed: old values are rewritten, and then the old key is not needed any more."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from bookings.models import Answers, Note
from clinic.foundation.crypto import Unreadable
from tests.factories import CLIENT, NOW, submitted

pytestmark = pytest.mark.django_db


def test_after_the_rotation_the_old_key_opens_nothing_and_is_not_missed(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from_before, newest = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    row = submitted(answers={"concerns": ["rolling"], "anything_else": "since June"})
    Note.objects.create(request=row, kind="internal", body="rang", author_label=CLIENT.label, at=NOW)
    settings.FIELD_KEYS = [newest, from_before]
    call_command("rotatekeys")
    assert "2 values" in capsys.readouterr().out
    settings.FIELD_KEYS = [newest]
    assert Answers.objects.get().data["anything_else"] == "since June"
    assert Note.objects.get().body == "rang"
    settings.FIELD_KEYS = [from_before]
    with pytest.raises(Unreadable):
        Note.objects.get()


def test_a_value_under_a_lost_key_is_named_and_left(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    submitted()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    call_command("rotatekeys")
    out = capsys.readouterr().out
    assert "0 values are under the newest key." in out
    assert "1 values open under none" in out
