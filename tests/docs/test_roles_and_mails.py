"""docs/architecture.md: the roles of a new clinic, and which mail a reason to decline sends."""

from __future__ import annotations

import re

import pytest

from bookings import decline_mails
from bookings.roles.table import ROLES
from bookings.states import DeclineReason
from tests.docs.pages import read, table

PAGE = read("docs/architecture.md")
PLAIN = re.compile(r"(view|add|change|delete)_")


def test_the_roles_and_what_they_may_beyond_looking_and_changing() -> None:
    listed = {name: set(re.findall(r"`(\w+)`", may)) for name, _, may in table(PAGE, "role")}
    rights = {role.name: {right.partition(".")[2] for right in role.rights} for role in ROLES}
    assert listed == {
        name: {right for right in have if not PLAIN.match(right)} for name, have in rights.items()
    }


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_the_mail_of_a_reason(reason: DeclineReason) -> None:
    listed = {code.strip("`"): mail for code, mail in table(PAGE, "reason")}
    template = decline_mails.template(reason)
    assert listed[reason] == (f"`templates/{template}`" if template else "none: nobody is told")


def test_there_is_no_other_reason() -> None:
    assert [code for code, _ in table(PAGE, "reason")] == [
        *(f"`{reason}`" for reason in DeclineReason if reason not in ("spam", "other")),
        "`other`",
        "`spam`",
    ]
