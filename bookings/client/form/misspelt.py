"""An address that looks like a slip of the fingers: what it was probably meant to be. Only a hint, never a refusal.

Somebody may really have an address there, so the check page asks, and nothing changes unless they say so.
"""

from __future__ import annotations

from os.path import commonprefix

# Where most people's addresses are. Shorter names (aol.com, me.com) are one letter from too many others.
COMMON = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "outlook.com",
    "yahoo.com",
    "yahoo.co.uk",
    "icloud.com",
    "live.co.uk",
    "btinternet.com",
    "proton.me",
    "protonmail.com",
)
# One letter from one of them, and mail providers themselves.
_REAL = {
    "mail.com",
    "email.com",
    "ymail.com",
    "rmail.com",
    "cloud.com",
    "gmail.co",
    "outlook.co",
    "yahoo.co",
    "live.co",
}
# Further away than a letter, and still sure.
_KNOWN_SLIPS = {"gmail.co.uk": "gmail.com", "gmail": "gmail.com", "googlemail.co.uk": "googlemail.com"}


def meant(email: str) -> str:
    """The address that was probably meant; empty if this one looks right."""
    name, _, domain = email.rpartition("@")
    domain = domain.lower()
    if not name or domain in COMMON or domain in _REAL:
        return ""
    near = _KNOWN_SLIPS.get(domain) or next((one for one in COMMON if _is_one_slip(domain, one)), "")
    return f"{name}@{near}" if near else ""


def _is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many, another one, or has changed places with its neighbour."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = len(commonprefix([typed, meant]))
    left, right = typed[same:], meant[same:]
    swapped = left[1::-1] + left[2:] == right
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
