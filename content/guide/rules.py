"""The rules of the guide: answers and matrix in, things to ask about out. Pure: no database, no clock, no prices.

Source: domain.md 2.4, ten rules, with corrections.md 8.2, which replaces 4, 7 and 8 and adds 5a and 7b. Each stands here
under its number. Which treatment or concern a rule is about is said by flags of the rows, never by a name. What a rule takes
away is not hidden: it is in `left_out`, with the reason.

Where an answer is missing ("I'm not sure", "I would rather say it in person") the guide takes the careful side and says so:
what a "yes" would hold is held. It never adds anything: not being sure about spots holds what waits for them, but lists
nothing against spots.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from content.guide.answers import (
    ACTIVE_SPOTS,
    ALLERGY,
    BLEEDING,
    BODY,
    BREASTFEEDING,
    COLD_SORES,
    HEALTH,
    IMMUNITY,
    ISOTRETINOIN,
    JAW,
    KELOID,
    NOT_SURE,
    NOW,
    PREGNANCY,
    PREGNANT,
    SKIN_DISEASE,
    STOPPED_JUST_NOW,
    STOPPED_THIS_YEAR,
    TAN,
    TRYING,
    WHERE,
    YES,
    Answers,
    Said,
)
from content.guide.values import AddOn, Cell, Concern, Known, LeftOut, Point, Result, Suggestion, Treatment
from content.guide.wording import (
    ACNE,
    ACNE_UNSURE,
    ASK,
    ASK_UNSURE,
    BEYOND,
    CLINICIAN,
    CUTS,
    HELD,
    NOT_OFFERED,
    NOT_SUGGESTED,
    ON_ISOTRETINOIN,
    RETINOID,
    SPECIALIST,
    TELL_FIRST,
    TEST_SPOT,
    UNREADY,
    WITH_ANOTHER,
    hold,
)
from content.matrix import order
from content.matrix.fits import Name, small

MOST = 4
UNDER_18, URGENT = "under_18", "urgent"

Judged = Suggestion | LeftOut


def suggest(answers: Answers, cells: Iterable[Cell]) -> Result:
    """Everything the guide says to these answers. The order of `cells` does not matter."""
    if not answers.adult:  # rule 1
        return Result(stop=UNDER_18)
    if answers.urgent:  # rule 2
        return Result(stop=URGENT)
    cells = tuple(cells)
    concerns, about = _about(answers, cells)
    known = _known(answers, concerns)
    against_spots = {cell.treatment.code for cell in cells if cell.concern.comes_first and cell.counts}
    found = _with_add_ons(
        {code: _judge(own, known, against_spots=code in against_spots) for code, own in about.items()}
    )
    candidates = sorted((one for one in found if isinstance(one, Suggestion)), key=_place)
    shown, beyond = _cut(candidates)
    left = sorted(
        (one for one in found if isinstance(one, LeftOut)), key=lambda one: _in_table(one.treatment)
    )
    left += [out for one in beyond for out in _beyond(one, known)]
    return Result(
        concerns=concerns,
        shown=tuple(shown),
        left_out=tuple(left),
        known=known,
        your_choice=_your_choice(beyond),
        signed=all(cell.signed for own in about.values() for cell in own),
    )


def _about(answers: Answers, cells: Iterable[Cell]) -> tuple[tuple[Concern, ...], dict[str, list[Cell]]]:
    """The concerns in question, in the order of the answers, and their cells by treatment.

    Anyone with active spots has the concern that comes first, whether or not they chose it. Anyone who is not sure has not.
    """
    chosen = {code: place for place, code in enumerate(answers.concerns)}
    spots = answers.said(ACTIVE_SPOTS) is Said.YES

    def place(concern: Concern) -> tuple[int, str]:
        return chosen.get(concern.code, len(chosen)), concern.code

    mine = [cell for cell in cells if cell.concern.code in chosen or (spots and cell.concern.comes_first)]
    by_treatment: dict[str, list[Cell]] = {}
    for cell in sorted(mine, key=lambda cell: place(cell.concern)):
        by_treatment.setdefault(cell.treatment.code, []).append(cell)
    return tuple(sorted({cell.concern for cell in mine}, key=place)), by_treatment


def _known(answers: Answers, concerns: Iterable[Concern]) -> Known:
    concerns = tuple(concerns)
    pregnant = answers.said(PREGNANCY, PREGNANT, TRYING)
    return Known(
        acne=_surest(answers.said(ACTIVE_SPOTS), any(concern.comes_first for concern in concerns)),
        keloid=_surest(answers.said(KELOID), any(concern.needs_clinician_first for concern in concerns)),
        pregnant=pregnant,
        breastfeeding=answers.pregnancy == BREASTFEEDING,
        isotretinoin=answers.said(ISOTRETINOIN),
        on_isotretinoin=answers.said(ISOTRETINOIN, NOW),
        alarm=alarm(answers),
        was_on_it=answers.pregnancy == PREGNANT and answers.isotretinoin == STOPPED_THIS_YEAR,
        cuts_wait=_either(answers.said(BLEEDING), answers.said(IMMUNITY)),
        on_body=answers.on_body,
        tell=_tell(answers),
        marks=answers.tans is not False,
    )


def alarm(answers: Answers) -> Said:
    """Rule 5a: pregnancy, or trying for a baby, with isotretinoin now or until a month ago."""
    lately = answers.said(ISOTRETINOIN, NOW, STOPPED_JUST_NOW)
    return _both(answers.said(PREGNANCY, PREGNANT, TRYING), lately)


def matters(chosen: Iterable[Concern], *, spots: bool) -> dict[str, str]:
    """The questions of HEALTH whose answers can change what is said about these concerns, with an answer if it is known.

    Who chose active acne has spots, and who chose a raised scar gets such scars: neither is asked. While nothing can be
    listed (nobody knows what it is, or nothing is done for it), only spots can add something, and only rule 5a can ring.
    Cold sores and blood thinners are asked all the same: whatever a clinician finds, they have to hear of them (113, 114).
    `spots`: whether somebody has said that they have some.
    """
    chosen = tuple(chosen)
    acne = any(concern.comes_first for concern in chosen)
    raised = any(concern.needs_clinician_first for concern in chosen)
    implied = {ACTIVE_SPOTS: YES if acne else "", KELOID: YES if raised else ""}
    listed = spots or any(concern.treatable for concern in chosen)
    asked = HEALTH if listed else (ACTIVE_SPOTS, PREGNANCY, ISOTRETINOIN, COLD_SORES, BLEEDING)
    return {name: implied.get(name, "") for name in asked}


def _surest(answer: Said, chosen: bool) -> Said:
    """An answer, unless their choice of concerns says it anyway."""
    return Said.YES if chosen else answer


def _both(one: Said, other: Said) -> Said:
    if not (one and other):
        return Said.NO
    return Said.UNSURE if one.unsure or other.unsure else Said.YES


def _either(one: Said, other: Said) -> Said:
    return one if one is Said.YES or not other else other


def _tell(answers: Answers) -> tuple[str, ...]:
    """The questions whose answers somebody has to hear before any procedure (facts 113 to 116)."""
    place = (WHERE,) if {JAW, BODY, NOT_SURE} & {*answers.where} else ()
    asked = (COLD_SORES, BLEEDING, IMMUNITY, ALLERGY, SKIN_DISEASE, TAN)
    return place + tuple(code for code in asked if answers.said(code))


def _holds(treatment: Treatment, known: Known, *, against_spots: bool) -> tuple[str, ...]:
    """Why this treatment is not for now: rules 4, 5 and 6, and what facts 114 and 116 hold. Keys of HOLDS."""
    no_more = not treatment.at_home and against_spots
    found = (
        (KELOID, known.keloid, not treatment.allowed_with_keloids),
        (PREGNANCY, known.pregnant, not treatment.at_home),
        (BREASTFEEDING, Said.YES if known.breastfeeding else Said.NO, not treatment.at_home),
        (ISOTRETINOIN, known.isotretinoin, treatment.waits_after_isotretinoin),
        (ON_ISOTRETINOIN, _both(known.acne, known.on_isotretinoin), no_more),
        (CUTS, known.cuts_wait, treatment.cuts),
        (WHERE, known.on_body, treatment.face_only),
    )
    return tuple(hold(code, unsure=said.unsure) for code, said, concerned in found if said and concerned)


def _waits(cell: Cell, known: Known) -> bool:
    """Rule 3: while spots are active, procedures for anything else wait."""
    return bool(known.acne) and not cell.treatment.at_home and not cell.concern.comes_first


def _judge(cells: list[Cell], known: Known, *, against_spots: bool) -> Judged:
    """One treatment with its cells: a suggestion, or why not. A treatment for two concerns appears once."""
    treatment = cells[0].treatment
    useful = [cell for cell in cells if cell.counts]
    if not useful:  # rule 8
        kind = SPECIALIST if any(cell.score for cell in cells) else NOT_SUGGESTED
        return LeftOut(treatment, kind, _points(cells))
    if treatment.offered and treatment.unready:  # facts 101, 105 and 106
        return LeftOut(treatment, UNREADY, _points(useful))
    holds = _holds(treatment, known, against_spots=against_spots)
    # Rule 5: for dips, what is known of creams is known of a retinoid.
    dropped = [cell for cell in useful if known.pregnant and cell.waits_in_pregnancy]
    kept = [cell for cell in useful if cell not in dropped]
    if not kept:
        holds += (hold(RETINOID, unsure=known.pregnant.unsure),)
    now = [cell for cell in kept if not _waits(cell, known)]  # rule 3
    score = max(cell.score for cell in now or kept or useful)
    if not order.is_named(score, offered=treatment.offered):  # rule 8
        waits = (hold(ACTIVE_SPOTS, unsure=known.acne.unsure),) if kept and not now else ()
        return LeftOut(treatment, NOT_OFFERED, _points(useful), holds + waits)
    if holds:  # rules 4, 5, 6
        return LeftOut(treatment, HELD, _points(useful), holds)
    return Suggestion(
        treatment,
        score=score,
        helps=_points(now or kept),
        afterwards=_points(cell for cell in kept if now and cell not in now),
        # It waits for the acne, so it goes without saying that it is not for the acne.
        not_for=_points(cell for cell in cells if not cell.counts and (now or _waits(cell, known))),
        not_in_pregnancy=tuple(small(Name(cell.concern.name)) for cell in dropped),
        held_inside=treatment.hold_in_pregnancy if known.pregnant else (),  # rule 5
        first=_first(treatment, known, later=not now),
        caution=known.marks and treatment.marks,  # rule 7
        later=not now,
    )


def _first(treatment: Treatment, known: Known, *, later: bool) -> tuple[str, ...]:
    needed = (
        (CLINICIAN, bool(known.keloid)),  # rule 4
        (ACNE_UNSURE if known.acne.unsure else ACNE, later),  # rule 3
        # Rule 6: what is not held is flagged.
        (ASK_UNSURE if known.isotretinoin.unsure else ASK, bool(known.isotretinoin)),
        (TELL_FIRST, bool(known.tell) and not treatment.at_home),
        (TEST_SPOT, known.marks and treatment.needs_test_spot),  # domain.md 2.2, "requires"
    )
    return tuple(code for code, applies in needed if applies)


def _with_add_ons(found: dict[str, Judged]) -> list[Judged]:
    """Rule 7b: what only adds to another treatment becomes a line under it, or is left out with it."""
    own = {code: one for code, one in found.items() if not one.treatment.adds_to}
    for code, one in sorted(found.items(), key=lambda pair: _in_table(pair[1].treatment)):
        if code in own:
            continue
        host = own.get(one.treatment.adds_to)
        if isinstance(one, LeftOut):
            own[code] = one
        elif not one.offered:
            own[code] = LeftOut(one.treatment, NOT_OFFERED, one.helps)
        elif isinstance(host, Suggestion):
            own[host.treatment.code] = replace(host, adds=(*host.adds, AddOn(one.treatment, one.helps)))
        else:
            own[code] = LeftOut(one.treatment, WITH_ANOTHER, one.helps)
    return list(own.values())


def _place(one: Suggestion) -> tuple[int | bool | str, ...]:
    """Rule 7, as content.matrix.order tells it. The code only separates what shares a place, and no two do."""
    treatment = one.treatment
    burden = order.burden(treatment.pigment_risk, treatment.downtime_days, treatment.invasiveness)
    return (one.caution, one.later, -one.score, *burden, *_in_table(treatment))


def _in_table(treatment: Treatment) -> tuple[int, str]:
    return treatment.place, treatment.code


def _cut(candidates: list[Suggestion]) -> tuple[list[Suggestion], list[Suggestion]]:
    """Rules 8 and 9: four at most that are offered; what is done elsewhere keeps its place and is not counted."""
    four = [one for one in candidates if one.offered][:MOST]
    shown = [one for one in candidates if not one.offered or one in four]
    return shown, [one for one in candidates if one not in shown]


def _beyond(one: Suggestion, known: Known) -> list[LeftOut]:
    """What comes after the four is still named, and with it what would have been a line under it."""
    holds = (hold(ACTIVE_SPOTS, unsure=known.acne.unsure),) if one.later else ()
    return [
        LeftOut(one.treatment, BEYOND, one.helps, holds),
        *(LeftOut(added.treatment, BEYOND, added.points, holds) for added in one.adds),
    ]


def _your_choice(beyond: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Rule 7: what often helps but marks such skin more is named in the open when it falls beyond the four."""
    return tuple(one for one in beyond if one.caution and one.score > 1)


def _points(cells: Iterable[Cell]) -> tuple[Point, ...]:
    """Best first; concerns in the order of the cells."""
    together: dict[tuple[int, str], list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: -cell.score):
        together.setdefault((cell.score, cell.reason), []).append(cell)
    return tuple(
        Point(
            score,
            tuple(small(Name(cell.concern.name)) for cell in alike),
            reason,
            tuple(dict.fromkeys(source for cell in alike for source in cell.sources)),
        )
        for (score, reason), alike in together.items()
    )
