"""What the rights mean, in words: the lines of the table of roles, for managers on the desk and in docs/architecture.md.

Every right of a shipped role is in one of them. A test looks, so that no role may do what the table does not say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bookings.roles.table import CONTENT, DIARY, EDIT, KEEP, LOOK, SCHEDULE, every


class May(StrEnum):
    """Whether somebody with certain rights may do what a line says."""

    YES = "yes"
    PARTLY = "in part"
    NO = "no"


@dataclass(frozen=True)
class Line:
    """Something that people do, and all the rights that it takes."""

    words: str
    rights: tuple[str, ...]

    def may(self, held: Collection[str]) -> May:
        """For somebody who holds these rights ("app.codename")."""
        has = [right in held for right in self.rights]
        return May.YES if all(has) else May.PARTLY if any(has) else May.NO


@dataclass(frozen=True)
class Part:
    """A heading of the table with its lines."""

    title: str
    lines: Sequence[Line]


_SEE = "bookings.view_consultationrequest"
_PROFILE = ("clinicprofile", "openinghours", "person")

PARTS = (
    Part(
        "Requests",
        (
            Line("See name, contact, wish, support needs, and what is not about health", (_SEE,)),
            Line("Read health answers, and what was asked and noted about health", ("bookings.read_health",)),
            Line("Answer: offer, confirm, ask, decline, move, cancel", ("bookings.decide_request",)),
            Line("Write and send the plan after a visit", ("bookings.write_plan",)),
            Line("Keep the phrases for plans", every("bookings", ("planphrase",), KEEP)),
            Line("Correct attendance after the day of the visit", ("bookings.correct_late",)),
            Line("Keep the list of tags", every("bookings", ("tag",), KEEP)),
            Line("Export requests and visits", ("bookings.export_request",)),
            Line("See figures of the queue, week by week", ("bookings.view_figures",)),
            Line("Erase everything personal", ("bookings.erase_request",)),
        ),
    ),
    Part(
        "Mails",
        (
            Line("See that a mail went, or why it did not", ("bookings.view_message",)),
            Line("Send a failed one again, release what is held", ("bookings.send_again",)),
        ),
    ),
    Part(
        "Times",
        (
            Line("See practitioners, hours, closures and rules", every("bookings", SCHEDULE, LOOK)),
            Line("Block their own time, and free it again", ("bookings.block_own_time",)),
            Line(
                "Change hours, time off, closures and kinds of consultation",
                every("bookings", DIARY, KEEP[1:]),
            ),
            Line(
                "Add and change practitioners",
                every("bookings", ("practitioner",), ("add", "change")),
            ),
            Line("Delete a practitioner", ("bookings.delete_practitioner",)),
            Line(
                "Change the booking rules, limit and pause requests",
                every("bookings", ("bookingrules", "requestlimit"), KEEP[1:]),
            ),
            Line(
                "Write what clients are told about the fee",
                every("bookings", ("feetext",), KEEP[1:]),
            ),
        ),
    ),
    Part(
        "Website",
        (
            Line("Write and publish", (*every("content", CONTENT, KEEP), "content.publish_page")),
            Line("Look at pages", ("content.view_page",)),
            Line("Approve medical texts under their own name", ("content.review_page",)),
            Line("The clinic’s profile, opening hours and people", every("content", _PROFILE, EDIT)),
        ),
    ),
    Part(
        "Staff and machine",
        (
            Line("See who has which role", ("auth.view_user",)),
            Line("See who opened what", ("foundation.view_auditentry",)),
            Line("See who signed in", ("foundation.view_signin",)),
            Line("See how the worker is", ("bookings.view_workerbeat",)),
        ),
    ),
)

# Every right worth giving. What cannot be done by hand has none: requests and messages change by verbs only.
RIGHTS = frozenset(right for part in PARTS for line in part.lines for right in line.rights)
