"""The words that clients agree to, with their versions. Changed words are a new version; old ones stay readable here.

Source: domain.md section 4.2. Each is asked for separately, unticked, and kept with the version and the moment.
What is agreed to is the label with its details: they stand together, and change version together.
"""

from __future__ import annotations

from dataclasses import dataclass

HEALTH = "health"
TEXTS = "texts"
NEWS = "news"


@dataclass(frozen=True)
class Wording:
    """What stands beside a tick (`label`, in which "{clinic}" becomes the clinic's name), and in the fold under it."""

    version: str
    label: str
    details: str = ""


CURRENT = {
    HEALTH: Wording(
        "2026-12b",
        "I agree that {clinic} can use what I say here about my skin and health to reply and to plan a consultation. "
        "I can take this back at any time.",
        "Clinicians and managers read your health answers. The front desk reads the rest: what you would like to talk "
        "about, how to reach you, when you can come, and the support you need. To take your agreement back, call us or "
        "write to us.",
    ),
    TEXTS: Wording("2026-11", "You can text me about this request"),
    NEWS: Wording("2026-11", "Send me news and offers by email"),
}

# Whoever chooses this as the way to be reached has agreed to texts by it, and is not asked a second time.
TEXT_ME = Wording("2026-12", "How should we contact you about this request? Text me")

# Words that somebody has agreed to and that are asked no more, by kind.
FORMER = {
    HEALTH: [
        Wording(
            "2026-12",
            "I agree that {clinic} can use the information about my skin and health in this form to reply to my request "
            "and plan a consultation. Clinicians and managers read my health answers. The front desk reads the rest: what "
            "I would like to talk about, how to reach me, when I can come, and the support I need. I can withdraw this at "
            "any time.",
        )
    ]
}

STATEMENT = "This is not a booking and commits you to nothing. We are not an emergency service."


def text(kind: str, clinic: str) -> str:
    """The current words beside the tick of one consent, for the clinic of this name. Raises KeyError for an unknown kind."""
    return CURRENT[kind].label.format(clinic=clinic)


def version(kind: str) -> str:
    """The version of the current words."""
    return CURRENT[kind].version
