"""Every reason to decline has a mail of its own, except spam, of which nobody is told."""

from __future__ import annotations

import pytest
from django.template.loader import get_template

from bookings import decline_mails
from bookings.states import DeclineReason


def test_every_reason_but_spam_has_a_mail_of_its_own() -> None:
    found = {why: decline_mails.template(why) for why in DeclineReason}
    assert found.pop(DeclineReason.SPAM) is None
    assert len(set(found.values())) == len(found) == len(DeclineReason) - 1
    for template in found.values():
        assert template is not None and get_template(template)


def test_no_reason_yet_counts_as_another_one() -> None:
    assert decline_mails.template(None) == decline_mails.template("") == decline_mails.template("other")


def test_what_is_no_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="bored"):
        decline_mails.template("bored")
