"""docs/architecture.md: the roles of a new clinic, and which mail a reason to decline sends."""

from __future__ import annotations

import pytest

from bookings import decline_mails
from bookings.roles.lines import PARTS, RIGHTS
from bookings.roles.table import ROLES
from bookings.states import DeclineReason
from tests.docs.pages import read, table

PAGE = read("docs/architecture.md")


def test_the_table_of_roles() -> None:
    assert table(PAGE, "role") == [
        [line.words, *(line.may(role.rights) for role in ROLES)] for part in PARTS for line in part.lines
    ]
    assert f"| role | {' | '.join(role.name for role in ROLES)} |" in PAGE


def test_no_role_may_do_what_the_table_does_not_say() -> None:
    assert {right for role in ROLES for right in role.rights} == RIGHTS


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
