"""The words that clients agree to, with their versions. Changed words are a new version; old ones stay readable here.

Source: domain.md section 4.2. Each is asked for separately, unticked, and kept with the version and the moment.
"""

from __future__ import annotations

HEALTH = "health"
TEXTS = "texts"
NEWS = "news"

# {kind: (version, text)}. "{clinic}" becomes the clinic's name.
CURRENT = {
    HEALTH: (
        "2026-12",
        "I agree that {clinic} can use the information about my skin and health in this form to reply to my request and "
        "plan a consultation. Clinicians and managers read my health answers. The front desk reads the rest: what I would "
        "like to talk about, how to reach me, when I can come, and the support I need. I can withdraw this at any time.",
    ),
    TEXTS: ("2026-11", "You can text me about this request"),
    NEWS: ("2026-11", "Send me news and offers by email"),
}

STATEMENT = (
    "Sending this is not a booking and does not commit you to treatment. We are not an emergency service."
)


def text(kind: str, clinic: str) -> str:
    """The current words of one consent, for the clinic of this name. Raises KeyError for an unknown kind."""
    return CURRENT[kind][1].format(clinic=clinic)


def version(kind: str) -> str:
    """The version of the current words."""
    return CURRENT[kind][0]
