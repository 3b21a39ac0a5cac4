"""Signs that only several words together tell, in any order: "skin turning white, had filler". Pure.

Single words and fixed phrases of alarm ("suicidal", "white after filler") are rows of what people type, which editors keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# A word as it was typed, and what it may be without a typing error.
Heard = frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INJECTED = _words("filler fillers injected injection injections juvederm restylane syringe")
_TURNS = _words("turn turns turned turning go goes going gone went become became becoming")
_PALE = _words("white whitish pale paler gray grey greyish blue bluish purple dusky ashen")
_DARK = _words("black dark darker")
# Between the two there may be a few small words: "gone all white", "turned a bit grey".
_APART = 4
_PLACE = _words("patch patches patchy blotch blotches blotchy mottled area areas mark marks spot spots")
_CANNOT = _words("cant cannot couldnt")
_SEES = _words("see")
# What people look for with good eyes. "I cannot see a difference" is no alarm.
_LOOKED_FOR = _words(
    "appointment appointments booking change changes clinician cost costs dentist difference doctor email form gp "
    "improvement link nurse page person practitioner price prices progress result results scar scars someone somebody "
    "specialist time times you"
)


def is_told(heard: Sequence[Heard]) -> bool:
    """Whether the words tell of a vessel that may be blocked, or of sight that is gone."""
    return _blocked(heard) or _sightless(heard)


def _blocked(heard: Sequence[Heard]) -> bool:
    if not any(word & _INJECTED for word in heard):
        return False
    turned = any(
        following & (_PALE | _DARK) for rest in _after(heard, _TURNS) for following in rest[: _APART - 1]
    )
    pale = any(word & _PALE for word in heard) and any(word & _PLACE for word in heard)
    return turned or pale


def _sightless(heard: Sequence[Heard]) -> bool:
    """ "Can't see" without anything that somebody may look for after it."""
    return any(
        rest and rest[0] & _SEES and not any(word & _LOOKED_FOR for word in rest)
        for rest in _after(heard, _CANNOT)
    )


def _after(heard: Sequence[Heard], some: frozenset[str]) -> Iterator[Sequence[Heard]]:
    """What follows each of these words."""
    return (heard[place + 1 :] for place, word in enumerate(heard) if word & some)
