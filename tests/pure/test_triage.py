"""From answers to flags: who needs a clinician, a call today, or urgent help. Nobody is refused."""

from __future__ import annotations

import pytest

from bookings.triage import APPLIES, REASONS, SAME_DAY, URGENT, Triage, flags

NOTHING = Triage(needs_clinician=False, same_day=False, urgent=False, reasons=())


def triage_of(text: str) -> Triage:
    return flags([], [], text)


def test_nothing_said_raises_nothing() -> None:
    assert flags([], [], "") == NOTHING
    assert flags(["none"], ["ice-pick", "boxcar-deep", "milia"], "I have had these since school.") == NOTHING


@pytest.mark.parametrize(
    "answer",
    ["active_spots", "isotretinoin", "pregnancy", "raised_scars", "cold_sores_infection", "bleeding"],
)
def test_each_answer_that_matters_asks_for_a_clinician_and_nothing_more(answer: str) -> None:
    assert flags([answer], [], "") == Triage(True, False, False, (answer,))


def test_wanting_to_talk_in_person_is_only_a_wish() -> None:
    assert flags(["in_person"], [], "") == NOTHING


def test_every_answer_of_the_form_is_known() -> None:
    assert set(APPLIES) - {"none", "in_person"} == {code for code in APPLIES if flags([code], [], "").reasons}


@pytest.mark.parametrize(
    ("concern", "reason"),
    [("active-acne", "active_spots"), ("hypertrophic", "raised_scars"), ("keloid", "raised_scars")],
)
def test_some_concerns_say_the_same(concern: str, reason: str) -> None:
    assert flags([], [concern], "").reasons == (reason,)


def test_one_reason_is_given_once_and_the_most_pressing_comes_first() -> None:
    found = flags(
        ["bleeding", "raised_scars"], ["keloid"], "I feel hopeless, and I have a fever. A keloid too."
    )
    assert found == Triage(True, True, True, ("fever", "distress", "raised_scars", "bleeding"))


def test_codes_from_elsewhere_are_passed_over() -> None:
    assert flags(["something_else", "fever", "self_harm"], ["not_sure", "boxcar"], "") == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "Some days I don't want to live.",
        "some days i dont want to live",
        "I do not want to be here anymore",
        "I don\u2019t want to be alive",
        "I don\u00b4t want to be alive",
        "I have been SUICIDAL over this",
        "thoughts of suicide",
        "I self-harm",
        "I have self harmed",
        "I want to kill\nmyself",
        "I wish I was dead",
        "took an overdose last year",
        "I keep hurting myself",
        "my life is not worth anything",
        "life is no longer worth living",
        "su\u00efcidal",
    ],
)
def test_words_of_self_harm_ask_for_a_call_today(text: str) -> None:
    found = triage_of(text)
    assert found.same_day
    assert found.needs_clinician
    assert found.reasons == ("self_harm",)


@pytest.mark.parametrize(
    "text",
    [
        "I feel hopeless",
        "I cannot cope",
        "I can not cope",
        "I can't go on like this",
        "These scars have ruined my life",
        "I hate myself",
        "I am depressed about it",
        "I'm depressed about it",
        "I can\u2019t leave the house",
        "I do not leave the house",
        "my skin is all I think about",
        "I think about it all the time",
        "I cry every day",
    ],
)
def test_words_of_distress_ask_for_a_call_today(text: str) -> None:
    found = triage_of(text)
    assert found.same_day
    assert found.reasons == ("distress",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("My vision is blurred since Tuesday", "sight"),
        ("blurry vision after the filler", "sight"),
        ("I suddenly lost sight in one eye", "sight"),
        ("my eyesight has got worse", "sight"),
        ("I cannot see out of my left eye", "sight"),
        ("The skin around it has gone white", "pale_skin"),
        ("after the filler my lip went white", "pale_skin"),
        ("it looks mottled", "pale_skin"),
        ("the infection is spreading fast", "spreading_infection"),
        ("redness that keeps spreading", "spreading_infection"),
        ("it is hot and swollen", "spreading_infection"),
        ("I have a fever", "fever"),
        ("a high temperature since last night", "fever"),
        ("sudden, strong pain", "sudden_pain"),
    ],
)
def test_signs_of_an_emergency_show_urgent_help(text: str, reason: str) -> None:
    found = triage_of(text)
    assert found.urgent
    assert found.needs_clinician
    assert found.reasons[0] == reason


@pytest.mark.parametrize(
    "text", ["my mole is changing", "a mole that bleeds", "the bleeding mole on my cheek"]
)
def test_a_changing_or_bleeding_mole_needs_a_clinician(text: str) -> None:
    assert triage_of(text) == Triage(True, False, False, ("mole",))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I took isotretinoin two years ago", "isotretinoin"),
        ("I might be pregnant", "pregnancy"),
        ("breast-feeding at the moment", "pregnancy"),
        ("my mother has keloids", "raised_scars"),
        ("I get cold sores", "cold_sores_infection"),
        ("I am on blood thinners", "bleeding"),
    ],
)
def test_what_was_not_ticked_may_be_written(text: str, reason: str) -> None:
    assert triage_of(text) == Triage(True, False, False, (reason,))


@pytest.mark.parametrize(
    "text",
    [
        "I have hay fever",
        "Deep depressed scars on both cheeks",
        "I have white skin that burns easily",
        "The old scar has turned white",
        "I cut myself shaving and it left a scar",
        "I would like to change how I look for my wedding",
        "I hate my scars and I am desperate for advice",
        "A molecule cream did not help",
        "I cannot see any difference after the cream",
        "It does not hurt, there is no pain",
        "The scars are spread over my back",
        "I am visually impaired and use a screen reader",
        "Would a treatment end by July? I wish to live normally again",
    ],
)
def test_ordinary_sentences_raise_nothing(text: str) -> None:
    assert triage_of(text) == NOTHING


def test_words_count_whole() -> None:
    assert triage_of("feverfew tea") == NOTHING
    assert triage_of("an uninfected spot") == NOTHING


def test_a_denial_still_has_a_person_look() -> None:
    """On purpose: the list knows no negation, since a needless look costs less than a missed one."""
    assert triage_of("no fever").urgent


def test_every_reason_has_words_for_staff_and_each_kind_is_known() -> None:
    assert set(REASONS) >= URGENT | SAME_DAY
    assert not URGENT & SAME_DAY
    assert all(REASONS.values())


def test_a_very_long_text_is_read_in_no_time_and_to_its_end() -> None:
    assert triage_of("vision pain mole skin redness " * 3000 + "suicide").reasons == ("self_harm",)
