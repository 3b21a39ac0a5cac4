"""The roles that come with the site, and what later versions change about them, as data.

A new clinic gets ROLES as they are here, once. From then on they are the owner's: whatever is renamed, ticked, unticked
or deleted under "Roles" in the admin stays so. A later version that has to change a role changes it in ROLES, for new
clinics, and names the difference in CHANGES, for existing ones. Each change is made once in each database.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role of a new clinic. Each right is "app.codename", as Django names permissions."""

    code: str  # remembered in every database: never changed, never given to another role
    name: str
    rights: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What a version changes about one role, made once in each database that has the role."""

    name: str  # remembered in every database: never changed, never used again
    role: str  # its code
    adds: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()
    formerly: str = ""  # a role of this name gets the one in ROLES, and keeps its members
    # Older versions had forgotten a right, and nothing shows whether it was never given or was taken away. Then only a
    # role that nobody has saved in the admin gets it: what an owner removed never returns.
    only_if_untouched: bool = False


def every(app: str, models: tuple[str, ...], verbs: tuple[str, ...]) -> tuple[str, ...]:
    """Django's rights to do each of `verbs` with each of `models`."""
    return tuple(f"{app}.{verb}_{model}" for model in models for verb in verbs)


LOOK = ("view",)
EDIT = ("view", "change")
KEEP = ("view", "add", "change", "delete")
GROW = ("view", "add", "change")
# Everything that times are made from.
DIARY = ("consultationtype", "workinghours", "timeoff", "closure")
SCHEDULE = ("practitioner", *DIARY, "bookingrules", "requestlimit", "feetext")
CONTENT = (
    "page",
    "faq",
    "synonym",
    "source",
    "concern",
    "treatment",
    "suitability",
    "exampleplan",
    "exampleplanline",
    "person",
    "clinicprofile",
    "openinghours",
    "picture",
)
_REQUESTS = (
    "bookings.view_consultationrequest",
    "bookings.decide_request",
    "bookings.view_message",
    "bookings.send_again",
)

# Whoever practises may block their own time: that of the practitioner whom their account belongs to.
_OWN_TIME = "bookings.block_own_time"

# The codes are those of the first version, whose roles were called Reception and Clinicians.
ROLES = (
    Role(
        "reception",
        "Front desk",
        (
            *_REQUESTS,
            _OWN_TIME,
            *every("bookings", ("practitioner",), GROW),
            *every("bookings", DIARY, KEEP),
            *every("bookings", ("bookingrules", "requestlimit", "feetext"), LOOK),
        ),
    ),
    Role(
        "clinicians",
        "Practitioners",
        (
            *_REQUESTS,
            _OWN_TIME,
            "bookings.read_health",
            "bookings.write_plan",
            *every("bookings", ("planphrase",), KEEP),
            *every("bookings", SCHEDULE, LOOK),
        ),
    ),
    Role(
        "managers",
        "Managers",
        (
            *_REQUESTS,
            _OWN_TIME,
            "bookings.read_health",
            "bookings.correct_late",
            "bookings.erase_request",
            "bookings.export_request",
            "bookings.view_figures",
            "foundation.view_signin",
            "foundation.view_auditentry",
            "auth.view_user",
            *every("bookings", (*SCHEDULE, "tag", "planphrase"), KEEP),
            *every("content", ("clinicprofile", "openinghours", "person"), EDIT),
        ),
    ),
    Role("editors", "Editors", (*every("content", CONTENT, KEEP), "content.publish_page")),
    # Clinicians who approve pages, each under the person whose account is theirs (Website, People).
    Role("reviewers", "Reviewers", ("content.view_page", "content.review_page")),
    # Whoever keeps the site running. Without the right to see requests, the outbox shows no address and no word of a mail.
    Role(
        "operators",
        "Operators",
        (
            "bookings.view_message",
            "bookings.send_again",
            "bookings.view_workerbeat",
            "foundation.view_signin",
        ),
    ),
)

CHANGES = (
    # Made by an older version's `demo`, before these rights existed.
    Change("managers-see-sign-ins", "managers", adds=("foundation.view_signin",), only_if_untouched=True),
    Change("editors-publish", "editors", adds=("content.publish_page",), only_if_untouched=True),
    Change("managers-read-the-audit", "managers", adds=("foundation.view_auditentry",)),
    # Tags were free words until there was a list to keep.
    Change("managers-keep-tags", "managers", adds=every("bookings", ("tag",), KEEP)),
    Change("reviewers-review", "reviewers", adds=("content.review_page",), only_if_untouched=True),
    # The rules of booking, and taking a practitioner away, are the managers' from here on.
    Change(
        "reception-is-front-desk",
        "reception",
        formerly="Reception",
        removes=(
            "bookings.delete_practitioner",
            *every("bookings", ("bookingrules",), ("add", "change", "delete")),
        ),
    ),
    Change("clinicians-are-practitioners", "clinicians", formerly="Clinicians"),
    Change("managers-see-figures", "managers", adds=("bookings.view_figures",)),
    Change("managers-export-and-see-roles", "managers", adds=("bookings.export_request", "auth.view_user")),
    # A limit on requests, or a pause, is the managers' to set; everybody who answers sees it.
    Change("managers-limit-requests", "managers", adds=every("bookings", ("requestlimit",), KEEP)),
    Change("front-desk-sees-limits", "reception", adds=every("bookings", ("requestlimit",), LOOK)),
    Change("practitioners-see-limits", "clinicians", adds=every("bookings", ("requestlimit",), LOOK)),
    # What clients are told about the fee is the managers' to write; everybody who offers and books sees it.
    Change("managers-write-fee-texts", "managers", adds=every("bookings", ("feetext",), KEEP)),
    Change("front-desk-sees-fee-texts", "reception", adds=every("bookings", ("feetext",), LOOK)),
    Change("practitioners-see-fee-texts", "clinicians", adds=every("bookings", ("feetext",), LOOK)),
    # Until then practitioners asked the desk to block an hour of theirs.
    Change("practitioners-block-their-own-time", "clinicians", adds=(_OWN_TIME,)),
    Change("front-desk-blocks-its-own-time", "reception", adds=(_OWN_TIME,)),
    Change("managers-block-their-own-time", "managers", adds=(_OWN_TIME,)),
    # Until then there were no plans to write.
    Change("practitioners-write-plans", "clinicians", adds=("bookings.write_plan",)),
    Change("practitioners-keep-phrases", "clinicians", adds=every("bookings", ("planphrase",), KEEP)),
    Change("managers-keep-phrases", "managers", adds=every("bookings", ("planphrase",), KEEP)),
)
