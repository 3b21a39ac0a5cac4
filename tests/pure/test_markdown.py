"""Editors' Markdown: what they mean is printed, and nothing that could harm a reader is."""

from __future__ import annotations

import re

import pytest
from django.utils.safestring import SafeString

from content.text import markdown, outline
from tests import work


def html(text: str) -> str:
    return str(markdown.render(text))


def test_paragraphs_lists_links_and_tables() -> None:
    assert html("One *two* **three**.") == "<p>One <em>two</em> <strong>three</strong>.</p>"
    assert html("- a\n- b") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert html("[rolling](/concerns/rolling/)") == '<p><a href="/concerns/rolling/">rolling</a></p>'
    table = html("| a | b |\n| --- | :-: |\n| 1 | 2 |")
    assert '<th scope="col">a</th>' in table and '<th scope="row">1</th>' in table and "<td>2</td>" in table
    assert "style" not in table


def test_headings_get_ids_once_each_in_a_page_and_none_is_level_one() -> None:
    text = "# Top\n\n## What may help\n\n{{ may-help }}\n\n## What may help\n\n## At a glance\n\n## Main\n"
    joined = "".join(part.content for part in markdown.parts(text) if part.kind == "html")
    assert '<h2 id="top">Top</h2>' in joined
    assert '<h2 id="what-may-help">' in joined and '<h2 id="what-may-help-2">' in joined
    assert '<h2 id="main-2">' in joined, "the page's own ids stay free"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](<javascript:alert(1)>)",
        "![a](https://example.org/a.png)",
        '<a href="/" style="color:red" onclick="x()">a</a>',
        "<iframe src=//example.org></iframe>",
        '[a](/ "x\\" onmouseover=\\"alert(1)")',
        "<style>p{}</style>",
    ],
)
def test_nothing_typed_becomes_code(text: str) -> None:
    printed = html(text)
    for forbidden in (
        "<script",
        "<img",
        "<iframe",
        "<style",
        '<a href="javascript',
        '<a href="data',
        '" onmouseover="',
    ):
        assert forbidden not in printed.casefold()
    assert "<a " not in printed or 'style="' not in printed


def test_a_body_is_cut_at_its_slots_in_order() -> None:
    parts = markdown.parts("## One\n\n{{ may-help }}\n\nText.\n\n  {{recovery}}  \n")
    assert [(part.kind, part.content if part.kind == "slot" else "") for part in parts] == [
        ("html", ""),
        ("slot", "may-help"),
        ("html", ""),
        ("slot", "recovery"),
    ]
    assert all(isinstance(part.content, SafeString) for part in parts if part.kind == "html")


def test_an_unknown_slot_stays_in_sight_and_is_named() -> None:
    assert markdown.unknown_slots("a\n\n{{ may-help }}\n\n{{ magic }}\n") == ["magic"]
    (part,) = markdown.parts("{{ magic }}")
    assert "{{ magic }}" in part.content


def test_so_many_of_100_people_are_a_picture_with_the_words_beside_it() -> None:
    text = "Before.\n{{ of-100 60-65 | people out of 100 had *less*. [^A] }}\n\n{{ of-100 0 | people, <b>nobody</b> }}"
    before, some, none = markdown.parts(text, sources=["A"])
    assert (before.kind, some.kind, none.kind) == ("html", "of-100", "of-100")
    assert (some.people, none.people) == ((60, 65, 0), (0, 0, 0))
    [tinted] = markdown.parts("{{ of-100 43 + 57 | people, 57 a little }}")
    assert (tinted.people, tinted.content) == ((43, 43, 57), "<p><strong>43</strong> people, 57 a little</p>")
    assert some.content.startswith("<p><strong>60 to 65</strong> people out of 100 had <em>less</em>.")
    assert '<a class="note" href="#s1">' in some.content and "&lt;b&gt;" in none.content
    assert isinstance(some.content, SafeString)
    assert markdown.prose(text) == [
        "Before.",
        "60 to 65 people out of 100 had less. ",
        "0 people, <b>nobody</b>",
    ]
    assert markdown.wrong_counts(text) == markdown.unknown_slots(text) == []


@pytest.mark.parametrize(
    "inside",
    [
        "101 | people",
        "-1 | people",
        "65-60 | people",
        "65+36 | people",
        "6.5 | people",
        "65",
        "65 |",
        "| people",
        "many | people",
    ],
)
def test_a_count_that_100_people_cannot_show_stays_in_sight_and_is_named(inside: str) -> None:
    text = f"{{{{ of-100 {inside} }}}}"
    (part,) = markdown.parts(text)
    assert part.kind == "html" and inside in part.content
    assert markdown.wrong_counts(text) == [f"of-100 {inside}"]
    assert markdown.unknown_slots(text) == []  # one message is enough


def test_a_slot_inside_a_sentence_is_no_slot() -> None:
    (part,) = markdown.parts("See {{ matrix }} here.")
    assert part.kind == "html"


def test_an_empty_body_prints_nothing() -> None:
    assert markdown.parts("") == []
    assert [part.kind for part in markdown.parts("{{ matrix }}")] == ["slot"]


def test_numbered_lists_can_be_steps() -> None:
    (part,) = markdown.parts("1. a\n2. b", steps=True)
    assert part.content.startswith('<ol class="steps">')
    (plain,) = markdown.parts("1. a\n2. b")
    assert plain.content.startswith("<ol>")


def test_headings_with_the_same_words_are_numbered_without_counting_from_the_first() -> None:
    # It took the square of their number: 22 s for a full page.
    page = work.within(4, lambda: markdown.render("# a\n" * 10_000))
    assert 'id="a"' in page and 'id="a-2"' in page and 'id="a-10000"' in page


def test_a_number_that_a_heading_has_itself_is_passed_over() -> None:
    page = markdown.render("# a 2\n\n# a\n\n# a\n\n# a\n")
    assert re.findall('id="([^"]+)"', page) == ["a-2", "a", "a-3", "a-4"]


NOTED = "One. [^NHSA FIF] `[^COC]` Two.[^FIF]\n\n{{ matrix }}\n\n- Three.[^XUD, NHSA] Four.[^GONE]"


def test_a_note_links_to_its_sources_by_number() -> None:
    assert markdown.cited(NOTED) == ("NHSA", "FIF", "XUD", "GONE")
    assert markdown.cited(
        "\\[^A]\n\n    [^B]\n\n| a |\n| --- |\n| b.[^C] |\n\n{{ of-100 6 | people.[^D] }}"
    ) == ("C", "D")
    first, _, last = markdown.parts(NOTED, sources=["NHSA", "FIF", "XUD"])
    one, two = (
        f'<a class="note" href="#s{number}"><span class="vh">source </span>{number}</a>' for number in (1, 2)
    )
    both, alone = (f'\u2060<span class="notes">{links}</span>' for links in (f"{one}, {two}", two))
    assert first.content == f"<p>One. {both} <code>[^COC]</code> Two.{alone}</p>"
    assert last.content.count('class="note"') == 2 and "GONE" not in last.content, "unknown is not printed"
    assert re.findall(r"#s\d", last.content) == ["#s1", "#s3"]


def test_words_without_notes_are_what_search_and_reading_age_get() -> None:
    text = "One.[^NHSA] Two.[^FIF XUD]"
    assert html(text) == "<p>One. Two.</p>"
    assert markdown.prose(text) == outline.lines(text) == ["One. Two."]


def test_a_note_inside_a_title_or_a_link_harms_nothing_and_no_heading_takes_its_places() -> None:
    (part,) = markdown.parts('## S1\n\n[a](/ "b [^A] c") [d [^A]](/)', sources=["A"])
    assert 'title="b [^A] c"' in part.content and '<h2 id="part-s1">' in part.content


def test_the_first_paragraph_and_its_spare_heading_part_from_the_rest() -> None:
    printed = '<h2 id="what">What</h2>\n<p>A &amp; <em>b</em>.</p>\n<p>C.</p>'
    assert markdown.opened(printed, ["What"]) == (("what", "A &amp; <em>b</em>."), "<p>C.</p>")
    assert markdown.opened("<p>C.</p>", []) == (("", "C."), "")
    assert markdown.opened(printed, []) == (None, printed), "a heading that says something stays"
    assert markdown.opened("<ul><li>a</li></ul><p>b</p>", [])[0] is None
    assert markdown.contents(printed + '<h3>No</h3><h2 id="x">A &lt; <em>b</em></h2>') == [
        ("what", "What"),
        ("x", "A &lt; b"),
    ]


def test_a_section_folds_under_its_heading_and_a_link_to_it_leads_inside() -> None:
    first, second = markdown.sections('<p>A b</p><h2 id="b">B <em>c</em></h2><p>d</p>')
    assert (markdown.heading(first), markdown.heading(second)) == ("", "B <em>c</em>")
    assert (markdown.words(first), markdown.words(second)) == (2, 3)
    folded = markdown.under_fold(second) + markdown.FOLD_END
    assert "<summary><h2>B <em>c</em></h2></summary>" in folded and '<div id="b"><p>d</p></div>' in folded
