"""The reading age: it agrees with people who count, it sees what is hard, and our own texts stay easy."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from content.models import FAQ, Concern, Page, Treatment
from content.text import reading_age
from content.text.markdown import prose

pytestmark = pytest.mark.once

# Counted by ear. These are the words of our own texts, the odd ones among them.
KNOWN = {
    1: "a the scar skin time heals healed used eye eyes one done bruise bruised whole these does friend face peel dips "
    "fades picked squeezed through touch lines called washed doesn't I'm nurse's",
    2: "laser needle needles treated acne people every trial client quiet trying doing going create safely something "
    "sometimes keloid pigment bruises changes patient beyond layer boxcar filler question inflamed acid someone clothing "
    "minutes surface science erased places aches likely social",
    3: "milia area video serious medium gradual usual period ablative surfaces collagen fractional sedation platelets "
    "clinician injection everything atrophic radio reaction several allergy idea completely reviewers facial element "
    "healthier appointment chaperone encrypted quality",
    4: "microneedling dermabrasion material usually experience anaesthetic inflammation everybody hypertrophic "
    "consultation bacteria information isolated practitioner",
    5: "immediately dermatology dermatologist possibility isotretinoin",
    6: "microdermabrasion availability",
}
WORDS = {word: count for count, words in KNOWN.items() for word in words.split()}

# Years. Domain notes: reading age 9 to 11.
CEILING = 11.0
MIDDLE = 10.0


# --- the measure ------------------------------------------------------------------------------------------------------


def test_syllables_agree_with_the_ear_for_19_words_in_20_and_are_never_far_off() -> None:
    off = {word: reading_age.syllables(word) - count for word, count in WORDS.items()}
    wrong = {word: by for word, by in off.items() if by}
    assert len(WORDS) >= 120
    assert len(wrong) <= len(WORDS) / 20, wrong
    assert all(abs(by) == 1 for by in wrong.values()), wrong


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("GP", 2),
        ("PRP", 3),
        ("NHS", 3),
        ("999", 3),
        ("6", 1),
        ("1.5", 2),
        ("Milia", 3),
        ("PAINFUL", 2),
        ("Müller", 2),
    ],
)
def test_initials_numbers_capitals_and_accents(word: str, count: int) -> None:
    assert reading_age.syllables(word) == count


def test_the_age_is_the_grade_of_flesch_and_kincaid_plus_five() -> None:
    # 12 words in 2 sentences, 21 syllables: 0.39 * 6 + 11.8 * 21 / 12 - 15.59 = 7.40.
    read = reading_age.measure("The clinician looks at a treated area. A medium laser heals quickly.")
    assert (read.words, read.sentences) == (12, 2)
    assert read.age == pytest.approx(12.40, abs=0.01)


def test_markdown_is_not_read_out() -> None:
    plain = "See the laser page. It is short."
    marked = (
        "## A heading of extraordinary complexity\n\n"
        "See the [laser](/treatments/laser-resurfacing/) *page*. It\nis **short**.\n\n"
        "{{ matrix }}\n\n"
        "| Hypertrophic | Anaesthetic |\n| --- | --- |\n| a | b |"
    )
    assert reading_age.measure(marked) == reading_age.measure(plain)


def test_each_item_of_a_list_is_a_sentence() -> None:
    assert reading_age.measure("We keep:\n\n- your name\n- your phone number").sentences == 3


@pytest.mark.parametrize(
    "text", ["It is 1.5 mm wide.", "Look at ico.org.uk now.", "He said “Stop.”", "Really?!"]
)
def test_a_dot_inside_is_no_end(text: str) -> None:
    assert reading_age.measure(text).sentences == 1


def test_a_quotation_can_end_a_sentence() -> None:
    assert reading_age.measure("He said “Stop.” We stopped.").sentences == 2


def test_long_sentences_and_long_words_make_a_text_older_and_are_named() -> None:
    short = "The skin heals. It is red for a day. Then it is fine. You may go out. You may wash it."
    joined = "The skin heals and it is red for a day and then it is fine and you may go out and you may wash it too."
    assert reading_age.measure(joined).age > reading_age.measure(short).age + 4
    assert reading_age.measure(joined).long_sentences == (joined,)
    assert reading_age.measure(short).long_sentences == ()
    formal = reading_age.measure("Dermatological consultation. A consultation necessitates preparation. Go.")
    assert formal.age > reading_age.measure("A talk about skin. A talk needs some work. Go.").age + 4
    assert formal.hard_words[0] == "consultation"
    assert set(formal.hard_words) == {"consultation", "dermatological", "necessitates", "preparation"}


def test_a_name_that_the_text_needs_costs_two_syllables_and_is_not_called_hard() -> None:
    text = "Microneedling is done here. Microneedling heals fast. Keloids are rare."
    named = reading_age.measure(text, ["Microneedling", "Keloid scars"])
    assert "microneedling" in reading_age.measure(text).hard_words and named.hard_words == ()
    assert named.age == pytest.approx(reading_age.measure(text.replace("Microneedling", "Needling")).age)
    assert reading_age.measure("One laser.", ["Laser"]) == reading_age.measure("One laser."), (
        "a short name gains nothing"
    )


@pytest.mark.parametrize("text", ["", "   \n", "{{ matrix }}", "## Only a heading", "---", "\x00"])
def test_a_text_without_prose_has_no_age(text: str) -> None:
    read = reading_age.measure(text)
    assert (read.age, read.sentences, read.words) == (0, 0, 0)


@pytest.mark.parametrize("text", ["a" * 1_000_000, "e. " * 300_000, "'" * 100_000, "." * 100_000, "ሰላም ነው።"])
def test_a_strange_text_is_measured_all_the_same(text: str) -> None:
    assert reading_age.measure(text).age >= 0


def test_nobody_is_younger_than_five() -> None:
    assert reading_age.measure("No. Go. Sit.").age == 5


def test_prose_keeps_a_line_break_as_a_space() -> None:
    assert prose("One\ntwo.  \nThree.\n\n- four") == ["One two. Three.", "four"]


# --- our own texts ----------------------------------------------------------------------------------------------------


def names() -> list[str]:
    """What our texts cannot do without: the names of concerns and treatments."""
    treatments = Treatment.objects.values_list("name", "short")
    return [*Concern.objects.values_list("name", flat=True), *(name for pair in treatments for name in pair)]


def lines(ages: dict[str, float], count: int = 5) -> str:
    worst = sorted(ages, key=lambda name: -ages[name])[:count]
    return ", ".join(f"{name} {ages[name]:.1f}" for name in worst)


@pytest.mark.django_db
def test_pages_read_at_an_age_of_11_at_most_and_the_worst_are_told(
    shipped: None, record_property: Callable[[str, object], None]
) -> None:
    needed = names()
    read = {
        page.slug: reading_age.measure(f"{page.summary}\n\n{page.body}", needed)
        for page in Page.objects.published()
    }
    ages = {slug: measured.age for slug, measured in read.items()}
    told = f"Reading ages, the hardest five of {len(ages)} pages: {lines(ages)}. The middle: {median(ages.values()):.1f}."
    record_property("tell", told)
    assert median(ages.values()) <= MIDDLE, told
    assert max(ages.values()) <= CEILING, told


@pytest.mark.django_db
def test_answers_read_at_an_age_of_11_at_most_and_the_worst_are_told(
    shipped: None, record_property: Callable[[str, object], None]
) -> None:
    needed = names()
    ages = {faq.slug: reading_age.measure(faq.answer, needed).age for faq in FAQ.objects.all()}
    told = f"Reading ages, the hardest five of {len(ages)} answers: {lines(ages)}. The middle: {median(ages.values()):.1f}."
    record_property("tell", told)
    assert median(ages.values()) <= MIDDLE, told
    assert max(ages.values()) <= CEILING, told
