"""The heading and the few sentences with which an answer begins: what was ticked, what to ask about first, and care.

They repeat what stands below in short, and add nothing to it. No medicine is named here except isotretinoin, which is about
safety (fact 88). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from content.guide.answers import BESIDE_CONCERNS, HEALTH, MIX, Answers
from content.guide.values import Known, Result, Suggestion
from content.matrix.fits import Name, small

# What of it is worth a sentence at the start: at most so many warnings, those that change most.
_CAREFUL = 2
# So many things to ask about first: what fits best, and shares that with what else does.
_FIRST = 3
_NUMBERS = {1: "One", 2: "Two", 3: "Three", 4: "Four"}
# So many things to tell stand in one sentence; if there are more, it names one less and says that there are more.
_TELL = 3
# So many are named of those with a higher risk; a sentence that names some of them would hide the others.
_NAMED = 2


def heading(result: Result) -> str:
    """How many things there are to ask about. Of a list that goes on once acne is under control: how many now.

    Without a number where something in between is not done here: the reader would count it.
    """
    if not result.concerns:
        return "Start with what you see"
    if not result.suggestions:
        return "Nothing that is done here" if result.shown else "Nothing to list from here"
    now = [one for one in result.shown if not one.later]
    if not now:
        return "Things to ask about later"
    every = all(one.offered for one in now)
    number = f"{_NUMBERS[len(now)]} thing{'' if len(now) == 1 else 's'}" if every else "Things"
    return f"{number} to ask about{' now' if len(now) < len(result.shown) else ''}"


def opening(result: Result, answers: Answers) -> list[str]:
    """Two to six short sentences in plain words. Empty where nothing is known of what it is."""
    known = result.known or Known()
    return [
        *_ticked(result, answers),
        *_ask_first(result, answers, known),
        *list(_careful(result, known))[:_CAREFUL],
    ]


def _ticked(result: Result, answers: Answers) -> Iterable[str]:
    chosen = [
        small(Name(concern.name)).words for concern in result.concerns if concern.code in answers.concerns
    ]
    if not chosen:
        return
    unsure = not BESIDE_CONCERNS.keys().isdisjoint(answers.concerns)
    more = ", and that you are not sure" if unsure and MIX not in answers.concerns else ""
    more = ", in a mix that you cannot tell apart" if MIX in answers.concerns else more
    yield f"You ticked {_and(chosen)}{more}."


def _ask_first(result: Result, answers: Answers, known: Known) -> Iterable[str]:
    """What leads the list with the same standing, and what we do instead of what is not done here. Rule 6: whoever
    treats spots with isotretinoin goes on with that doctor, and rule 5a: not without asking, if they may be pregnant."""
    if known.acne and known.on_isotretinoin:
        if known.on_isotretinoin.unsure:
            yield "If a doctor prescribes isotretinoin for you, ask that doctor first."
        elif known.alarm:
            yield "Ask the doctor who prescribed isotretinoin what to do about your spots."
        else:
            yield "Go on with the doctor who prescribed isotretinoin."
        return
    now = [one for one in result.shown if not one.later]
    best = _leading(now)
    if not best:
        return
    yield f"Worth asking about first: {_and(map(_name_and_where, best))}."
    here = _leading([one for one in now if one.offered])
    if here and not any(one.offered for one in best):
        yield f"Of what is done here: {_and(map(_name, here))}."
        return
    for concern in result.concerns:
        if concern.code in answers.concerns:
            yield from _instead(small(Name(concern.name)).words, now, best)


def _instead(words: str, now: list[Suggestion], best: list[Suggestion]) -> Iterable[str]:
    """The first that we do for a concern (`words`), as the list ranks it, if `best` names only others' work for it."""
    named = [one for one in best if any(name.words == words for name in one.best_for)]
    if not named or any(one.offered for one in named):
        return
    ranks = [
        (one.caution, -point.score, place, one)
        for place, one in enumerate(now)
        if one.offered
        for point in one.helps
        if any(name.words == words for name in point.concerns)
    ]
    if ranks:
        yield f"We do {_name(min(ranks)[3])} for {words}."


def _leading(ones: list[Suggestion]) -> list[Suggestion]:
    """The first few of them, of those that share the standing of the first."""
    return [one for one in ones if (one.caution, one.score) == (ones[0].caution, ones[0].score)][:_FIRST]


def _careful(result: Result, known: Known) -> Iterable[str]:
    """What to avoid, or to ask before, the gravest first. Each is said in full further down."""
    if known.pregnant.unsure:
        yield "Until we know that you are not pregnant: no procedures, and some creams are out."
    elif known.pregnant:
        yield "Avoid procedures for now, and the creams that we name below."
    elif known.breastfeeding:
        yield "While you breastfeed, avoid procedures."
    if known.keloid:
        yield "Avoid anything that wounds skin until a clinician has seen the scar."
    if known.acne:
        yield "Procedures for scars and marks wait until your spots are quiet."
    if known.isotretinoin:
        yield "Ask us before any treatment, because of isotretinoin."
    if known.tell:
        yield f"Tell us before any procedure about {_and(_to_tell(known.tell))}."
    higher = [one for one in (*result.shown, *result.your_choice) if one.caution]
    if higher and known.marks:
        yield f"Ask to see results on skin like yours before {_one_of(higher)}. {_can(higher)} change its colour."
    elif any(not one.treatment.at_home for one in result.shown):
        yield "Avoid a tan beforehand: it can make a treatment wait."


def _one_of(higher: list[Suggestion]) -> str:
    """By name if they are few; more are counted, and the heading under which they stand says which."""
    if len(higher) <= _NAMED:
        return _and(map(_name, higher), "or")
    return f"any of the {_NUMBERS.get(len(higher), str(len(higher))).lower()} with a higher risk below"


def _can(higher: list[Suggestion]) -> str:
    return ("It can", "Both can")[len(higher) - 1] if len(higher) <= _NAMED else "Each can"


def _to_tell(questions: Collection[str]) -> list[str]:
    """What is about health before the place; what no longer fits into a sentence is not passed over in silence."""
    named = [_short(question) for question in sorted(questions, key=lambda one: one not in HEALTH)]
    return named if len(named) <= _TELL else [*named[: _TELL - 1], "the other points below"]


def _short(question: str) -> str:
    return small(Name(HEALTH[question].short)).words if question in HEALTH else "where it is"


def _name(one: Suggestion) -> str:
    """Of what is held in part, what is left of it: rule 5 names that sun protection."""
    return "sun protection" if one.held_inside else small(Name(one.treatment.name)).words


def _name_and_where(one: Suggestion) -> str:
    return _name(one) if one.offered else f"{_name(one)} (not done here)"


def _and(words: Iterable[str], link: str = "and") -> str:
    *others, last = words
    return f"{', '.join(others)} {link} {last}" if others else last
