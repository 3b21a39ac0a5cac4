"""The guide's rules by their number in the domain notes (2.4, as corrections 8.2 changes them), and every shipped cell."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from content.guide import rules, wording
from content.guide.answers import BESIDE_CONCERNS, BESIDE_SIGNS, HEALTH, SIGNS, SKIN, UNSAID, from_data
from content.guide.rules import suggest
from content.guide.values import Cell, Concern, Result, Treatment
from content.models import Suitability
from tests.pure.guide import (
    CONCERNS,
    CRO,
    DRB,
    FIL,
    ICS,
    LAB,
    LNA,
    MATRIX,
    MN,
    PDL,
    PLD,
    PLS,
    PRP,
    PUN,
    RFN,
    SUB,
    TOP,
    TREATMENTS,
    codes,
    flagged,
    left,
    left_kind,
    listed,
    somebody,
    told,
)

DIP = Concern("dip", "Dips")
MARK = Concern("mark", "Marks")


def cell(concern: Concern, name: str, score: int, **flags: Any) -> Cell:
    special = flags.pop("specialist_only", False)
    reason = flags.pop("reason", "Because.")
    return Cell(concern, Treatment(name.lower(), name, **flags), score, reason, specialist_only=special)


def all_offered() -> list[Cell]:
    return [replace(one, treatment=replace(one.treatment, offered=True)) for one in MATRIX]


# --- rule 1 and rule 2: stop ------------------------------------------------------------------------------------------


def test_rule_1_under_18_stops_whatever_else_was_said() -> None:
    assert told("rolling", adult=False) == Result(stop="under_18")
    assert told("rolling", adult=False, signs=("filler",)).stop == "under_18"


@pytest.mark.parametrize("sign", SIGNS)
def test_rule_2_every_urgent_sign_stops(sign: str) -> None:
    assert told("rolling", signs=(sign,)) == Result(stop="urgent")
    assert told("rolling", signs=("none", sign)).stop == "urgent"


@pytest.mark.parametrize("sign", BESIDE_SIGNS)
def test_rule_2_none_and_not_sure_do_not_stop(sign: str) -> None:
    assert told("rolling", signs=(sign,)).suggestions


# --- rule 3: active acne ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "result",
    [told("active-acne", "rolling"), told("rolling", active_spots="yes")],
    ids=["chosen", "said"],
)
def test_rule_3_with_active_acne_scar_procedures_wait_and_acne_comes_first(result: Result) -> None:
    assert [concern.code for concern in result.comes_first] == ["active-acne"]
    now, later = result.sections
    assert codes(now.ones) == [TOP, PLS]
    assert later.heading == "Once your acne is under control"
    assert codes(later.ones) == [SUB, LAB, MN]  # not done here, and at its place
    assert all("acne" in one.first for one in later.ones)


@pytest.mark.parametrize("answer", UNSAID)
def test_rule_3_not_sure_about_spots_holds_but_adds_no_rows_about_acne(answer: str) -> None:
    result = told("rolling", active_spots=answer)
    assert [concern.code for concern in result.concerns] == ["rolling"]
    waiting = [one for one in result.shown if one.later]
    assert codes(waiting) == [SUB, LAB, MN, FIL] and all("acne_unsure" in one.first for one in waiting)
    assert result.sections[-1].heading == "Once we know that your spots are quiet"
    assert "Do you have active spots now?" in wording.FIRST["acne_unsure"]


def test_rule_3_what_people_use_at_home_does_not_wait() -> None:
    result = told("dark-marks", active_spots="yes")
    cream = listed(result, TOP)
    assert not cream.later and cream.score == 3
    assert [[name.words for name in point.concerns] for point in cream.helps] == [
        ["dark marks"],
        ["active spots"],
    ]


def test_rule_3_a_procedure_that_helps_acne_too_is_named_once_and_says_what_comes_later() -> None:
    peel = listed(told("active-acne", "dark-marks"), PLS)
    assert not peel.later and peel.score == 1
    assert [point.score for point in peel.afterwards] == [2]


def test_rule_3_without_acne_nothing_waits() -> None:
    assert not any(one.later for one in told("rolling").shown)


# --- rule 4: keloids and raised scars ---------------------------------------------------------------------------------


def test_rule_4_only_what_does_not_wound_is_allowed_with_raised_scars() -> None:
    assert flagged("allowed_with_keloids") == {ICS, PDL, TOP}


@pytest.mark.parametrize(
    "result",
    [
        told("keloid", "rolling"),
        told("hypertrophic", "rolling"),
        told("rolling", keloid="yes"),
        told("rolling", keloid="not_sure"),
        told("rolling", keloid="in_person"),
    ],
    ids=["keloid chosen", "raised chosen", "said", "not sure", "in person"],
)
def test_rule_4_with_raised_scars_nothing_that_wounds_is_suggested(result: Result) -> None:
    assert codes(result.suggestions) == [TOP]
    assert "clinician" in listed(result, TOP).first
    assert left(result, FIL).kind == "held" and left(result, FIL).holds[0].startswith("keloid")
    # A first choice that is not done here is held like the rest, and is there without a link.
    assert left(result, SUB).kind == ("not_offered" if left(result, SUB).points[0].score < 3 else "held")


def test_rule_4_says_why_and_which_answer_lifts_it() -> None:
    (sure,) = (part for part in told("rolling", keloid="yes").left_parts if part.kind == "held")
    assert sure.hold_words == (
        "A raised scar needs a clinician to see it before any treatment that wounds skin.",
    )
    (unsure,) = (part for part in told("rolling", keloid="not_sure").left_parts if part.kind == "held")
    assert "Do you get keloid or raised scars, now or before?" in unsure.hold_words[0]
    assert not any(row.hold_words for row in (*sure.rows, *unsure.rows))  # said once, for all
    named = [name.words for row in sure.rows for name in row.names]
    assert "Subcision (not done here)" in named


def test_rule_4_a_clinic_that_offers_the_three_may_name_all_three() -> None:
    for concern in ("keloid", "hypertrophic"):
        assert set(codes(suggest(somebody(concern), all_offered()).suggestions)) == {ICS, PDL, TOP}


# --- rule 5: pregnancy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["pregnant", "trying", "breastfeeding", *UNSAID])
def test_rule_5_in_pregnancy_no_procedure_is_listed(answer: str) -> None:
    assert flagged("at_home") == {TOP}
    for code in CONCERNS:
        assert set(codes(told(code, pregnancy=answer).shown)) <= {TOP}, code
    peel = left(told("dark-marks", pregnancy=answer), PLS)
    assert peel.kind == "held" and len(peel.holds) == 1


def test_rule_5_says_why() -> None:
    assert left(told("dark-marks", pregnancy="pregnant"), PLS).holds == ("pregnancy",)
    assert left(told("dark-marks", pregnancy="breastfeeding"), PLS).holds == ("breastfeeding",)
    assert left(told("dark-marks", pregnancy="not_sure"), PLS).holds == ("pregnancy_unsure",)
    for code in ("pregnancy", "breastfeeding"):
        assert "We can still talk and plan." in wording.HOLDS[code]
    assert HEALTH["pregnancy"].asks in wording.HOLDS["pregnancy_unsure"]


@pytest.mark.parametrize("answer", ["pregnant", "trying", *UNSAID])
def test_rule_5_what_is_held_inside_creams_is_named(answer: str) -> None:
    cream = listed(told("dark-marks", pregnancy=answer), TOP)
    assert cream.held_inside_words == "adapalene, tretinoin, retinol and hydroquinone"


def test_rule_5_breastfeeding_holds_nothing_inside_creams() -> None:
    assert listed(told("dark-marks", pregnancy="breastfeeding"), TOP).held_inside == ()
    assert codes(told("rolling", pregnancy="breastfeeding").shown) == [TOP]


def test_rule_5_for_dips_creams_are_dropped_in_pregnancy_because_a_retinoid_was_studied() -> None:
    for dip in ("boxcar-shallow", "rolling"):
        assert left(told(dip, pregnancy="trying"), TOP).holds == ("retinoid",)
        assert left(told(dip, pregnancy="not_sure"), TOP).holds == ("retinoid_unsure",)
    both = listed(told("rolling", "dark-marks", pregnancy="pregnant"), TOP)
    assert [point.concerns[0].words for point in both.helps] == ["dark marks"]
    assert [name.words for name in both.not_in_pregnancy] == ["rolling scars"]


# --- rule 5a: pregnancy with isotretinoin -----------------------------------------------------------------------------

PREGNANCY_ALARMS = {"pregnant": True, "trying": True, "not_sure": False, "in_person": False}
ISOTRETINOIN_ALARMS = {"now": True, "stopped_under_1": True, "not_sure": False, "in_person": False}


@pytest.mark.parametrize("pregnancy", HEALTH["pregnancy"].choices)
@pytest.mark.parametrize("isotretinoin", HEALTH["isotretinoin"].choices)
def test_rule_5a_the_alarm_rings_for_exactly_these(pregnancy: str, isotretinoin: str) -> None:
    known = told("milia", pregnancy=pregnancy, isotretinoin=isotretinoin).known
    assert known is not None
    rings = pregnancy in PREGNANCY_ALARMS and isotretinoin in ISOTRETINOIN_ALARMS
    assert bool(known.alarm) is rings
    if rings:  # "If both could be true for you:"
        sure = PREGNANCY_ALARMS[pregnancy] and ISOTRETINOIN_ALARMS[isotretinoin]
        assert known.alarm.unsure is not sure
    assert known.was_on_it is (pregnancy == "pregnant" and isotretinoin == "stopped_1_12")


# --- rule 6: isotretinoin ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["now", "stopped_under_1", "stopped_1_12", *UNSAID])
def test_rule_6_four_are_held_after_isotretinoin_and_the_rest_ask_first(answer: str) -> None:
    assert flagged("waits_after_isotretinoin") == {DRB, LAB, PLD, CRO}
    result = told("boxcar-shallow", isotretinoin=answer)
    assert {code for code in (LAB, PLD, DRB) if left(result, code).kind == "held"} == {LAB, PLD, DRB}
    hold = "isotretinoin_unsure" if answer in UNSAID else "isotretinoin"
    assert left(result, CRO).holds == (hold,)
    ask = "ask_unsure" if answer in UNSAID else "ask"
    assert result.shown and all(ask in one.first for one in result.shown)


def test_rule_6_longer_ago_holds_nothing() -> None:
    assert codes(told("boxcar-shallow").shown)[0] == LAB


def test_rule_6_no_waiting_time_is_stated_as_a_fact() -> None:
    words = wording.HOLDS["isotretinoin"] + wording.FIRST["ask"]
    assert "6" not in words and words.count("12 months") == 1  # only what was asked about


@pytest.mark.parametrize("spots", ["yes", "not_sure"])
@pytest.mark.parametrize("isotretinoin", ["now", "in_person"])
def test_rule_6_who_is_on_isotretinoin_goes_on_with_the_prescriber_and_has_no_light_peel(
    spots: str, isotretinoin: str
) -> None:
    result = told("dark-marks", active_spots=spots, isotretinoin=isotretinoin)
    assert left(result, PLS).kind == "held"
    assert left(result, PLS).holds[0].startswith("on_isotretinoin")
    assert not told("dark-marks", active_spots=spots, isotretinoin="stopped_1_12").known.on_isotretinoin  # type: ignore[union-attr]
    assert PLS in codes(told("dark-marks", isotretinoin=isotretinoin).shown)  # spots: no


def test_rule_6_the_row_of_creams_for_acne_names_the_doctor_who_treats_it_already() -> None:
    reason = listed(told("active-acne"), TOP).helps[0].reason
    assert "pharmacist" in reason and "go on with that doctor" in reason


# --- rule 7: skin that tans easily, brown and black skin -------------------------------------------------------------

MARKS = [code for code in SKIN if code != "burns"]


@pytest.mark.parametrize("skin", MARKS)
def test_rule_7_the_caution_is_on_exactly_four(skin: str) -> None:
    assert flagged("marks") == {LAB, PLD, DRB, CRO}
    for code in CONCERNS:
        for one in suggest(somebody(code, skin=skin), all_offered()).suggestions:
            assert one.caution is one.treatment.marks


@pytest.mark.parametrize("skin", MARKS)
def test_rule_7_all_skins_that_may_mark_get_the_same(skin: str) -> None:
    for code in CONCERNS:
        assert told(code, skin=skin).shown == told(code, skin="tans").shown


def test_rule_7_the_headings_are_about_risk_and_each_card_says_its_word() -> None:
    lower, higher = told("ice-pick", skin="brown_black").sections
    assert lower.heading == "Up to a moderate risk of colour change" and not lower.higher
    assert higher.heading == "Higher risk of colour change" and higher.higher
    assert codes(higher.ones) == [CRO, LAB]  # what is not done here stands at its place (rule 8)
    (all_of_it,) = told("rolling").sections  # such skin does not mark, so it is one list
    assert all_of_it.heading == "What fits best comes first" and not all_of_it.higher


def test_rule_7_ties_by_risk_then_recovery_then_how_far_it_goes_then_the_table() -> None:
    def order(**flags: dict[str, Any]) -> list[str]:
        rows = [cell(DIP, name, 2, **values) for name, values in flags.items()]
        return [one.treatment.name for one in suggest(somebody("dip"), rows).shown]

    assert order(A={"pigment_risk": 2}, B={"pigment_risk": 1}, C={"pigment_risk": None}) == ["B", "A", "C"]
    assert order(A={"downtime_days": None}, B={"downtime_days": 9}, C={"downtime_days": 1}) == ["C", "B", "A"]
    assert order(A={"invasiveness": 4}, B={"invasiveness": 0}) == ["B", "A"]
    assert order(A={"place": 2}, B={"place": 1}) == ["B", "A"]
    # Each only where all before it are equal.
    assert order(
        A={"pigment_risk": 1, "downtime_days": 9, "invasiveness": 5, "place": 9},
        B={"pigment_risk": 2, "downtime_days": 0, "invasiveness": 0, "place": 0},
    ) == ["A", "B"]
    assert order(
        A={"downtime_days": 1, "invasiveness": 5, "place": 9}, B={"downtime_days": 2, "invasiveness": 0}
    ) == ["A", "B"]


def test_rule_7_never_the_alphabet() -> None:
    names = {code: f"{place:02} {code}" for place, code in enumerate(sorted(TREATMENTS, reverse=True))}
    for concern in CONCERNS:
        renamed = [
            replace(one, treatment=replace(one.treatment, name=names[one.treatment.code])) for one in MATRIX
        ]
        for skin in SKIN:
            answers = somebody(concern, skin=skin)
            assert codes(suggest(answers, renamed).shown) == codes(suggest(answers, MATRIX).shown)


def test_rule_7_a_lower_risk_that_has_to_wait_still_comes_before_a_higher_one_that_has_not() -> None:
    spots = Concern("spots", "Spots", comes_first=True)
    rows = [
        cell(spots, "Burning", 3, pigment_risk=5),
        cell(DIP, "Needles", 1, pigment_risk=1),
        cell(DIP, "Acid", 3, pigment_risk=5),
    ]
    result = suggest(somebody("spots", "dip", skin="tans"), rows)
    assert codes(result.shown) == ["needles", "burning", "acid"]
    assert [section.heading for section in result.sections] == [
        "Once your acne is under control",
        "Higher risk of colour change",
        "Once your acne is under control, with a higher risk of colour change",
    ]


def test_rule_7_what_nobody_has_rated_counts_as_a_higher_risk() -> None:
    rows = [cell(DIP, "Unrated", 3, pigment_risk=None), cell(DIP, "Low", 1, pigment_risk=1)]
    assert codes(suggest(somebody("dip", skin="not_sure"), rows).shown) == ["low", "unrated"]
    assert codes(suggest(somebody("dip"), rows).shown) == ["unrated", "low"]


def test_rule_7_skin_that_burns_raises_no_caution() -> None:
    assert not any(one.caution or "test_spot" in one.first for one in told("rolling").shown)


def test_lasers_and_peels_need_a_test_spot_on_such_skin() -> None:
    assert flagged("needs_test_spot") == {LAB, LNA, PLS, PLD, CRO, PDL}
    assert listed(told("rolling", skin="brown_black"), LNA).first == ("test_spot",)
    assert listed(told("rolling", skin="brown_black"), MN).first == ()


# --- rule 7b: what only adds to another -------------------------------------------------------------------------------


def test_rule_7b_no_needling_in_the_list_no_plasma() -> None:
    assert TREATMENTS[PRP].adds_to == MN
    without = [one for one in MATRIX if one.treatment.code != MN]
    result = suggest(somebody("rolling"), without)
    assert PRP not in codes(result.shown) and not any(one.adds for one in result.shown)
    assert left(result, PRP).kind == "with_another"


def test_rule_7b_beyond_the_four_it_stays_with_its_treatment() -> None:
    rows = [cell(DIP, name, 3, place=place) for place, name in enumerate("ABCD")]
    rows += [cell(DIP, "Host", 1), cell(DIP, "Extra", 3, adds_to="host")]
    result = suggest(somebody("dip"), rows)
    assert codes(result.shown) == list("abcd")
    assert codes(result.left_out) == ["host", "extra"] and {one.kind for one in result.left_out} == {"beyond"}


def test_rule_7b_an_add_on_that_is_held_or_not_offered_is_no_line() -> None:
    host = cell(DIP, "Host", 2)
    held = cell(DIP, "Extra", 2, adds_to="host", waits_after_isotretinoin=True)
    elsewhere = cell(DIP, "Extra", 3, adds_to="host", offered=False)
    assert left(suggest(somebody("dip", isotretinoin="now"), [host, held]), "extra").kind == "held"
    assert left(suggest(somebody("dip"), [host, elsewhere]), "extra").kind == "not_offered"
    assert not suggest(somebody("dip"), [host, elsewhere]).shown[0].adds


# --- rule 8: not offered, no score, a specialist's -----------------------------------------------------------------


def test_rule_8_a_first_choice_that_is_not_done_here_stands_open_and_is_not_counted() -> None:
    result = told("rolling")
    assert codes(result.shown)[0] == SUB and not result.shown[0].offered
    assert len(result.suggestions) == 4 and SUB not in codes(result.suggestions)


def test_rule_8_a_lower_score_that_is_not_done_here_is_named_and_not_listed() -> None:
    assert left(told("rolling"), RFN).kind == "not_offered"
    assert left(told("red-marks"), PDL).kind == "not_offered"


def test_rule_8_a_specialists_row_is_never_suggested() -> None:
    result = told("hypertrophic")
    assert {code for code in TREATMENTS if left_kind(result, code) == "specialist"} == {LAB, LNA, MN}
    assert left_kind(told("dark-marks"), LNA) == left_kind(told("dark-marks"), PLD) == "specialist"
    own = suggest(somebody("dip"), [cell(DIP, "Laser", 3, specialist_only=True)])
    assert not own.shown and own.left_out[0].kind == "specialist"


def test_rule_8_a_score_of_0_is_left_out_with_its_reason() -> None:
    result = told("ice-pick")
    assert left(result, TOP).kind == "not_suggested"
    assert (
        left(result, TOP).points[0].reason == "Creams work on the surface only. No cream fills a deep scar."
    )


# --- rule 9: four, grouped ------------------------------------------------------------------------------------------


def test_rule_9_four_at_most_and_the_others_are_named() -> None:
    result = told("boxcar-shallow")
    assert len(result.suggestions) == 4
    assert left_kind(result, PLS) == "beyond"


def test_rule_9_the_words_of_the_scores() -> None:
    assert {score.value: score.label for score in Suitability.Score if score} == wording.WORDS


def test_rule_9_one_option_for_two_concerns_appears_once_with_its_best_score_and_names_both() -> None:
    filler = listed(told("boxcar-shallow", "rolling"), FIL)
    assert filler.score == 2
    assert [(point.score, point.concerns[0].words) for point in filler.helps] == [
        (2, "rolling scars"),
        (1, "shallow boxcar scars"),
    ]


def test_rule_9_if_nothing_is_left_it_says_nothing_and_why() -> None:
    result = told("milia")
    assert not result.shown and {one.kind for one in result.left_out} == {"not_suggested"}
    assert [name.words for name in result.without] == ["milia"]


def test_a_concern_without_a_suggestion_of_its_own_is_named() -> None:
    assert [name.words for name in told("rolling", "milia").without] == ["milia"]


def test_an_option_says_for_what_it_is_not() -> None:
    filler = listed(told("rolling", "ice-pick"), FIL)
    assert [point.concerns[0].words for point in filler.not_for] == ["ice pick scars"]


# --- rule 10 and what is not known ----------------------------------------------------------------------------------


def test_rule_10_every_result_ends_with_the_same_sentence() -> None:
    words = "This guide is not a diagnosis. It lists things to ask about. A clinician needs to see your skin."
    for result in (told("rolling"), told("milia"), told(adult=False), told(signs=("mole",))):
        assert result.closing == words


@pytest.mark.parametrize("question", HEALTH)
@pytest.mark.parametrize("answer", UNSAID)
def test_every_hold_of_somebody_unsure_says_which_question_lifts_it(question: str, answer: str) -> None:
    result = told("rolling", "ice-pick", "dark-marks", **{question: answer})
    held = [one for one in result.left_out if one.kind == "held"]
    for code in {code for one in held for code in one.holds}:
        assert code.endswith("_unsure") and "can lift this" in wording.HOLDS[code]
    if question not in ("cold_sores", "allergy", "skin_disease", "tan", "active_spots"):
        assert held


def test_a_held_row_among_others_says_in_short_what_holds_it_and_which_answer_lifts_it() -> None:
    result = told("rolling", "dark-marks", pregnancy="trying", isotretinoin="not_sure", keloid="not_sure")
    (part,) = (part for part in result.left_parts if part.kind == "held")
    assert len(part.hold_words) == 3  # each reason once
    rows = {name.words.casefold(): row.hold_words for row in part.rows for name in row.names}
    assert rows["light peel"] == (
        "On hold because of pregnancy.",
        "Not known yet: keloid or raised scars.",
    )
    assert rows["fractional ablative laser (columns)"][1] == (
        "Not known yet: keloid or raised scars, and isotretinoin."
    )


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (["keloid"], ["On hold because of keloid or raised scars."]),
        (["pregnancy_unsure"], ["On hold. Your answer about pregnancy can lift it."]),
        # A "no" about pregnancy would leave it on hold, so nothing is promised.
        (
            ["keloid", "pregnancy_unsure"],
            ["On hold because of keloid or raised scars.", "Not known yet: pregnancy."],
        ),
        (
            ["pregnancy_unsure", "isotretinoin_unsure"],
            ["On hold. It takes both answers to lift it: about pregnancy, and about isotretinoin."],
        ),
        (
            ["keloid_unsure", "pregnancy_unsure", "where_unsure"],
            [
                "On hold. It takes all these answers to lift it: about keloid or raised scars, about pregnancy, and about "
                "where it is."
            ],
        ),
        # Two holds for one and the same reason.
        (["pregnancy", "retinoid"], ["On hold because of pregnancy."]),
        (["pregnancy_unsure", "retinoid_unsure"], ["On hold. Your answer about pregnancy can lift it."]),
    ],
)
def test_a_row_promises_no_lift_that_cannot_come(holds: list[str], words: list[str]) -> None:
    assert [*wording.in_a_row(holds)] == words


def test_not_sure_about_the_skin_is_treated_with_the_same_care() -> None:
    assert told("rolling", skin="not_sure").shown == told("rolling", skin="tans").shown


@pytest.mark.parametrize("answer", BESIDE_CONCERNS)
def test_not_sure_what_it_is_is_an_answer_and_adds_to_others(answer: str) -> None:
    assert told(answer).shown == () and told(answer).stop == ""
    assert codes(told(answer, "rolling").shown) == codes(told("rolling").shown)


def test_an_empty_matrix_says_nothing() -> None:
    result = suggest(somebody("rolling", active_spots="yes"), [])
    assert not result.shown and not result.left_out


def test_answers_come_back_as_they_went() -> None:
    answers = somebody(
        "rolling", "mix", keloid="in_person", isotretinoin="stopped_1_12", where=("jaw", "body")
    )
    assert from_data(answers.data()) == answers
    assert from_data({"concerns": ["a", "b", "a"]}).concerns == ("a", "b")


def test_what_is_not_answered_is_not_known() -> None:
    answers = from_data({"adult": "yes", "concerns": ["rolling"]})
    assert all(answers.said(question).unsure for question in HEALTH) and answers.on_body.unsure


# --- the questions that a clinician has to hear --------------------------------------------------------------------


@pytest.mark.parametrize("question", ["cold_sores", "bleeding", "immunity", "allergy", "skin_disease", "tan"])
@pytest.mark.parametrize("answer", ["yes", *UNSAID])
def test_what_has_to_be_told_is_named_and_asked_for_at_every_procedure(question: str, answer: str) -> None:
    result = told("rolling", **{question: answer})
    assert result.known is not None and result.known.tell == (question,) and result.known.tell_words
    assert all(("tell" in one.first) is not one.treatment.at_home for one in result.shown)


@pytest.mark.parametrize("question", ["bleeding", "immunity"])
def test_what_cuts_is_held_for_who_bleeds_or_cannot_fight_infection(question: str) -> None:
    assert flagged("cuts") == {PUN, SUB, DRB}
    result = told("ice-pick", **{question: "yes"})
    assert left(result, PUN).holds == ("cuts",)
    assert left(told("rolling", **{question: "not_sure"}), SUB).holds == ("cuts_unsure",)


@pytest.mark.parametrize(
    ("where", "hold"), [(("body",), "where"), (("face", "body"), "where"), (("not_sure",), "where_unsure")]
)
def test_on_chest_shoulders_and_back_punch_dermabrasion_and_stronger_peels_are_not_suggested(
    where: tuple[str, ...], hold: str
) -> None:
    assert flagged("face_only") == {PUN, DRB, PLD}
    result = told("boxcar-shallow", where=where)
    assert {left(result, code).holds for code in (PUN, DRB, PLD)} == {(hold,)}
    assert result.known is not None and result.known.tell == ("where",)


def test_on_the_jaw_a_clinician_looks_first_and_nothing_is_held() -> None:
    result = told("ice-pick", where=("jaw",))
    assert codes(result.shown) == codes(told("ice-pick").shown)
    assert result.known is not None and result.known.tell == ("where",)
    assert told("ice-pick", where=("face",)).known.tell == ()  # type: ignore[union-attr]


# --- every cell of the shipped matrix -------------------------------------------------------------------------------

WORD_OF = {3: "Often discussed", 2: "May help", 1: "Sometimes added"}


@pytest.mark.parametrize("one", MATRIX, ids=lambda one: f"{one.concern.code}-{one.treatment.code}")
def test_a_cell_alone_is_suggested_under_its_word_or_left_out_with_its_reason(one: Cell) -> None:
    result = suggest(somebody(one.concern.code), [one])
    held = one.concern.needs_clinician_first and not one.treatment.allowed_with_keloids
    open_here = one.treatment.offered or one.score == 3
    if one.score and open_here and not one.specialist_only and not held and not one.treatment.adds_to:
        (found,) = result.shown
        assert not result.left_out
        assert found.word == WORD_OF[one.score] and found.helps[0].reason == one.reason
    else:
        assert not result.shown
        assert result.left_out[0].points[0].reason == one.reason


def test_the_whole_matrix_is_there() -> None:
    assert len(MATRIX) == 170 and len(TREATMENTS) == 17 and len(CONCERNS) == 10
    assert len({treatment.place for treatment in TREATMENTS.values()}) == 17


def test_the_rules_know_nothing_about_money() -> None:
    names = {field.name for kind in (Treatment, Concern, Cell) for field in fields(kind)}
    assert not {name for name in names if "price" in name or "cost" in name}
    assert rules.MOST == 4
