"""Signs that only several words together tell, in any order: "skin turning white, had filler". Pure.

Single words and fixed phrases of alarm ("suicidal", "white after filler") are rows of what people type, which editors keep.
Where it is in doubt a rule here leans to alarm: numbers to ring that nobody needed cost a reader a glance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

# A word as it was typed, and what it may be without a typing error.
Heard = frozenset[str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INJECTED = _words("filler fillers injected injection injections juvederm restylane syringe")
_SINCE = _words("after since following")
# So many words stand between "after" and the filler at most: "after my new lip filler".
_NAMED = 4
_CARE = _words("care")
_TURNS = _words("turn turns turned turning go goes going gone went become became becoming")
_PALE = _words("white whitish pale paler gray grey greyish blue bluish purple dusky ashen")
_DARK = _words("black dark darker")
_DEAD = _words("dead")
# Between the two there may be a few small words: "gone all white", "turned a bit grey". Not "go away with dark skin".
_APART = 4
_ELSEWHERE = _words("away for into on to with")
_PLACE = _words("patch patches patchy blotch blotches blotchy mottled area areas mark marks spot spots")
_BODY = _words("skin face lip lips nose cheek cheeks chin forehead")
_NET = _words("blotchy mottled mottling marbled marbling lace lacy net netlike")
_BRAIN = _words("confused confusion weak weakness dizzy")
_NUMB = _words("numb numbness cold cool")
_SORE = _words("sore sores")
_PAIN = _words("pain painful pains hurt hurts hurting ache aches aching throbbing agony")
_STRONG = _words(
    "agony grow growing grows increasing intense severe strong sudden unbearable worse worsening hurts hurting"
)
_ASKED = _words("can could does might will would")
_SIGHT = _words("blind blinded blindness eyesight sight vision")
# A blind pimple is acne, and rows of what people type say so: with these it is an eye.
_EYE = _words("eye eyes sudden suddenly") | _SIGHT - _words("blind")
_LOOKS = _words("eye eyes eyelid eyelids")
_PUS = _words("pus")
_CANNOT = _words("cant cannot couldnt")
_SEES = _words("see")
# What people look for with good eyes. "I cannot see a difference" is no alarm.
_LOOKED_FOR = _words(
    "appointment appointments booking change changes clinician cost costs dentist difference doctor email form gp "
    "improvement link nurse page person practitioner price prices progress result results scar scars someone somebody "
    "specialist time times you"
)
_DIES = _words("die dying")
# "Dying to know", "to die for", "die hard".
_FIGURE = _words("to for hard")
_KILLED = _words("bacteria bugs cell cells germs hair mites virus")


def is_told(heard: Sequence[Heard]) -> bool:
    """Whether the words tell of a blocked vessel, of pus after a treatment, of lost sight, or of dying."""
    return any(rule(heard) for rule in (_blocked, _paled, _blotched, _festers, _sightless, is_dying))


class FillerSign(StrEnum):
    """What somebody tells of after a filler: lost sight, or another sign of a blocked vessel (facts 104 and 105)."""

    SIGHT = "sight"
    OTHER = "other"


def filler_sign(heard: Sequence[Heard]) -> FillerSign | None:
    """Which of them the words tell of; None if they name no filler, or no sign."""
    if not _has(heard, _INJECTED):
        return None
    if _has(heard, _SIGHT | _LOOKS) or _sightless(heard):
        return FillerSign.SIGHT
    return FillerSign.OTHER if _blocked(heard) else None


def _blocked(heard: Sequence[Heard]) -> bool:
    """A sign of a blocked vessel, with a filler: the list of /urgent-help/ (fact 104)."""
    if not _has(heard, _INJECTED):
        return False
    pale = _has(heard, _PALE) and _has(heard, _PLACE)
    strong = _has(heard, _PAIN) and _has(heard, _STRONG)
    return (
        pale
        or strong
        or _turned(heard, _PALE | _DARK)
        or _has(heard, _NET | _BRAIN | _SIGHT)
        or _afterwards(heard)
    )


def _afterwards(heard: Sequence[Heard]) -> bool:
    """What alarms only if the filler is behind them: "pain after filler", but not "filler on black skin"."""
    behind = any(
        _has(rest[:_NAMED], _INJECTED) and not _has(rest[:1], _CARE) for rest in _after(heard, _SINCE)
    )
    numb = any(not _has(rest[:1], _SORE) for rest in _after(heard, _NUMB))
    return behind and (numb or _has(heard, _PALE | _DARK | _DEAD | _PAIN))


def _paled(heard: Sequence[Heard]) -> bool:
    """ "My skin went white", whatever was done. "Will my skin turn white?" asks about a risk."""
    asked = _has(heard[:1], _ASKED)
    return not asked and any(_turned(rest, _PALE) for rest in _after(heard, _BODY))


def _blotched(heard: Sequence[Heard]) -> bool:
    """Blotchy skin is common. With pain, or numb, or cold, it is the sign of a blocked vessel."""
    return _has(heard, _NET) and _has(heard, _NUMB | _PAIN)


def _festers(heard: Sequence[Heard]) -> bool:
    """Pus in a spot is acne. After something it may be an infection."""
    return _has(heard, _PUS) and _has(heard, _SINCE)


def _sightless(heard: Sequence[Heard]) -> bool:
    """ "Can't see" without anything that somebody may look for after it, or a blind eye."""
    blind = _has(heard, _SIGHT - _EYE) and _has(heard, _EYE)
    return blind or any(
        _has(rest[:1], _SEES) and not _has(rest, _LOOKED_FOR) for rest in _after(heard, _CANNOT)
    )


def is_dying(heard: Sequence[Heard]) -> bool:
    """Whether somebody may want to die, or fears it."""
    return not _has(heard, _KILLED) and any(not _has(rest[:1], _FIGURE) for rest in _after(heard, _DIES))


def _turned(heard: Sequence[Heard], colours: frozenset[str]) -> bool:
    for rest in _after(heard, _TURNS):
        for following in rest[: _APART - 1]:
            if following & _ELSEWHERE:
                break
            if following & colours:
                return True
    return False


def _has(heard: Sequence[Heard], some: frozenset[str]) -> bool:
    return any(word & some for word in heard)


def _after(heard: Sequence[Heard], some: frozenset[str]) -> Iterator[Sequence[Heard]]:
    """What follows each of these words."""
    return (heard[place + 1 :] for place, word in enumerate(heard) if word & some)
