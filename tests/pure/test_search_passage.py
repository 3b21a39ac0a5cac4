"""The sentences that a result shows: those that were asked for, as plain text, with marks."""

from __future__ import annotations

from content.search import plain, words
from content.search.index import Section
from content.search.passage import passage, sentences

TEXT = (
    "The opening is small and the sides are steep. The pit is deeper than it is wide. "
    "Most people have a mix of scar types.\nA row: of a table\nYou may also see boxcar scars, which are wider."
)


def shown(text: str, asked: str, letters: int = 90) -> str:
    """The passage with its marks as brackets."""
    stem = words.stemmer()
    rarity = dict.fromkeys(words.stems(asked, stem), 1.0)
    pieces = passage(sentences(text, stem), rarity, rarity.keys(), stem, letters)
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_it_begins_with_a_sentence_that_was_asked_for() -> None:
    assert shown(TEXT, "pits").startswith("The [pit] is deeper than it is wide.")
    assert shown(TEXT, "boxcar") == "You may also see [boxcar] scars, which are wider."


def test_words_that_stand_together_share_a_mark() -> None:
    assert "[boxcar scars]" in shown(TEXT, "scar boxcar")
    assert shown("An ice-pick scar, an ice scar.", "ice pick scar") == "An [ice-pick scar], an [ice scar]."


def test_whole_words_are_marked_in_every_form() -> None:
    assert shown("Scars, scarring; a SCAR. Oscar.", "scar") == "[Scars], [scarring]; a [SCAR]. Oscar."


def test_lines_are_parted() -> None:
    assert shown("Per visit\nPer scar\nNumbing", "visit") == "Per [visit] · Per scar · Numbing"


def test_without_any_asked_word_it_is_the_beginning() -> None:
    assert shown(TEXT, "keloid").startswith("The opening is small")
    assert shown("", "keloid") == ""


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "word " * 40 + "keloid " + "more " * 40
    cut = shown(text, "keloid", 100)
    assert cut.startswith("… word") and cut.endswith("more …") and "[keloid]" in cut
    assert len(cut) < 110
    endless = "x" * 500
    assert shown(endless, "keloid", 100) == "x" * 100 + " …"


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    parts = ["Before any of this you tell us what you take", "what you are allergic to", "a keloid you had"]
    text = f"{', '.join(parts)}, and whether you smoke, or have a tan from the sun; then we plan."
    assert (
        shown(text, "keloid", 90)
        == "… what you are allergic to, a [keloid] you had, and whether you smoke, …"
    )
    whole = "Before any of this you [tell] us what you take, what you are allergic to, a keloid you had, …"
    assert shown(text, "tell", 90) == whole


def test_nothing_is_ever_taken_for_html() -> None:
    hostile = "A <script>alert('keloid')</script> & <b>keloid</b>"
    stem = words.stemmer()
    pieces = passage(sentences(hostile, stem), {"keloid": 1.0}, {"keloid"}, stem, 200)
    assert "".join(piece.text for piece in pieces) == hostile
    assert [piece.text for piece in pieces if piece.marked] == ["keloid", "keloid"]
    assert all(type(piece.text) is str for piece in pieces)


def test_a_row_of_many_cells_is_looked_in_and_never_shown() -> None:
    head = "<tr><td></td><th>Punch</th><th>Laser</th></tr>"
    html = f"<table>{head}<tr><th>Heals<br>in</th><td>A week</td><td>Two</td></tr></table>"
    (section,) = plain.sections([html])
    assert section.text == "Punch\tLaser\nHeals in\tA week\tTwo"
    assert sentences(section.text, words.stemmer()) == ()


def test_a_printed_page_is_read_under_its_headings() -> None:
    html = (
        "<p>Before.</p><h2 id='why'>Why <em>it</em> happens</h2><p>A &amp; B &lt;script&gt;.</p><ul><li>one</li>"
        "<li>two</li></ul><h3 id='x'>Rows</h3><table><tr><th>What</th><td>How  long</td></tr></table>"
    )
    assert plain.sections([html]) == (
        Section("", "", "Before."),
        Section("Why it happens", "why", "A & B <script>.\none\ntwo"),
        Section("Rows", "x", "What: How long"),
    )
    assert plain.text("<p>One</p><p>Two</p>") == "One\nTwo"
    assert plain.sections([]) == ()
