"""The suitability matrix on the pages: nothing is offered that is not, and every score stands where it belongs."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from content.matrix import boards, comparison, fits
from content.models import Concern, Page, Source, Suitability, Treatment
from tests.content.html import only, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def cell(
    concern: Concern, treatment: Treatment, score: int, reason: str = "Because.", **changes: bool
) -> Suitability:
    row = Suitability(concern=concern, treatment=treatment, score=score, reason=reason, **changes)
    vars(row)["waits"] = False  # as `published` gives it
    return row


def dip(**changes: str) -> Concern:
    return Concern(**({"code": "dip", "name": "Dips", "group": "atrophic"} | changes))


def treatment(name: str, number: int, *, offered: bool = True, risk: str = "low", days: int = 0) -> Treatment:
    return Treatment(
        pk=number,
        code=name.lower(),
        name=name,
        offered=offered,
        pigment_risk=risk,
        downtime_days=days,
        order=number,
    )


def section(tree: Element, heading: str) -> Element:
    """What stands under a level-2 heading, as one element."""
    return next(
        part for part in tree.iter("section") if part.find("h2") is not None and words(part[0]) == heading
    )


def rows(part: Element) -> list[tuple[str, str]]:
    """(word, names) of every row of the matrix in a part of a page; for two kinds on one page one for each of them.

    What is less often used and not done here is left out: it is named there, and no row.
    """
    found: list[tuple[str, str]] = []
    word = ""
    for item in part.iter():
        heading = next((child for child in item if child.tag in ("h3", "h4")), None)
        if item.get("class") == "score":
            word = words(item)
        elif item.tag == "summary" and heading is not None:
            word = words(heading).partition(": ")[0]
            found += [(words(span).partition(": ")[2], words(heading)) for span in item.findall("span")]
        elif item.tag == "li" and heading is not None and "not done here" not in word:
            found.append((word, words(heading)))
    return found


def noted(tree: Element, part: Element) -> list[Element]:
    """The entries of the page's list of sources to which the notes of a part lead."""
    places = [a.get("href", "")[1:] for a in part.iter("a") if a.get("class") == "note"]
    return [next(li for li in tree.iter("li") if li.get("id") == place) for place in places]


def page_tree(client: Client, page: Page) -> Element:
    return parsed(client.get(page.get_absolute_url()).content.decode())


def test_what_is_not_offered_is_no_row_unless_it_is_often_discussed_and_then_the_row_says_so(
    shipped: None, client: Client
) -> None:
    """A page that hid the treatment which the guide ranks first would send readers to what fits less well."""
    refused = {t.name.casefold(): t.pk for t in Treatment.objects.filter(offered=False)}
    named = {
        "rolling": "subcision",
        "ice-pick": "focal acid (tca cross)",
        "raised-scars": "steroid injections",
    }
    seen = {}
    for page in Page.objects.published().filter(kind__in=["concern", "treatment"]):
        tree = page_tree(client, page)
        for word, names in rows(tree):
            for name in (name for name in refused if name in names.casefold()):
                assert word == "Often discussed" and page.kind == "concern", (page.slug, word, names)
                seen[page.slug] = name
        if page.slug in named:
            part = section(tree, "What may help")
            row = next(li for li in part.iter("li") if named[page.slug] in words(li).casefold())
            assert "Not done here. We can say who does it." in words(row)
            assert "ask us" not in words(row).casefold(), "beside the name of a medicine (fact 88)"
            assert not any(named[page.slug] in words(a).casefold() for a in row.iter("a"))
    assert seen == named


def test_what_is_often_discussed_stands_at_its_rank_whoever_does_it() -> None:
    """The same rule in the guide (tests/pure/test_guide.py) and in the comparison."""
    concern = dip()
    cells = [
        cell(concern, treatment("Laser", 1, risk="high"), 3),
        cell(concern, treatment("Needle", 2), 2),
        cell(concern, treatment("Blade", 3, offered=False, days=14), 3, "Frees."),
        cell(concern, treatment("Heat", 4, offered=False), 2),
        cell(concern, treatment("Knife", 5, offered=False), 3, specialist_only=True),
    ]
    (block,) = fits.by_concern(cells, {3: "/treatments/blade/"})
    assert [[name.words for name in group.names] for group in block.may_help] == [
        ["blade"],
        ["needle"],
        ["laser"],
    ]
    assert not block.fits[0].offered and block.fits[0].names[0].url == ""
    assert [name.words for name in block.not_offered] == ["heat"] and block.suggests
    compared = comparison.for_concern(
        [row.treatment for row in cells], cells, {3: "/treatments/blade/"}, "GBP"
    )
    tables = [
        [line.treatment.name for line in table.lines] for table in compared.sorted(comparison.USUAL).tables
    ]
    assert tables == [["Blade"], ["Needle"], ["Laser"]]
    (alone,) = fits.by_concern(cells[2:], {})
    assert alone.may_help and not alone.suggests, "none of ours"


def test_what_is_also_used_elsewhere_is_said_in_a_plain_sentence_with_its_reason(
    shipped: None, client: Client
) -> None:
    part = section(page_tree(client, Page.objects.get(slug="ice-pick")), "What may help")
    fold = next(each for each in part.iter("details") if "not done here" in words(each))
    assert words(only(fold, "summary")) == "Also used, not done here: radiofrequency needling"
    reason = Suitability.objects.get(concern__code="ice-pick", treatment__code="rf-microneedling").reason
    assert reason in words(fold) and "We do not offer it." in words(fold)


def test_every_offered_cell_stands_under_the_heading_of_its_score(shipped: None, client: Client) -> None:
    seen = 0
    for page in Page.objects.published().filter(kind=Page.Kind.CONCERN):
        tree = page_tree(client, page)
        may, not_ = (rows(section(tree, heading)) for heading in ("What may help", "What does not help"))
        helped = {names for word, names in may if word != "Not suggested"}
        assert {names for _, names in may} == helped, f"{page.slug}: something there helps nothing"
        assert {word for word, _ in not_} <= {"Not suggested"}, page.slug
        cells = Suitability.objects.filter(
            concern__pages=page, treatment__offered=True, specialist_only=False
        )
        for row in cells.select_related("treatment"):
            here = may if row.score else [*may, *not_]
            wanted = (row.get_score_display(), row.treatment.name.casefold())
            assert any(wanted[0] == word and wanted[1] in names.casefold() for word, names in here), (
                page.slug,
                wanted,
            )
            seen += 1
    assert seen > 80


def test_what_a_specialist_decides_is_never_listed_as_something_that_may_help(
    shipped: None, client: Client
) -> None:
    assert Suitability.objects.filter(specialist_only=True).count() == 5
    tree = page_tree(client, Page.objects.get(slug="raised-scars"))
    may = " ".join(names for _, names in rows(section(tree, "What may help"))).casefold()
    assert "microneedling" not in may and "laser" not in may
    sentence = next(words(p) for p in tree.iter("p") if words(p).startswith("Only a specialist"))
    assert "microneedling" in sentence
    needling = page_tree(client, Page.objects.get(slug="microneedling"))
    assert "raised scars" not in " ".join(names for _, names in rows(needling)).casefold()
    assert "Only a specialist can decide on it" in words(only(needling, "main"))


def test_a_treatment_that_is_not_offered_has_a_page_without_a_suggestion(
    shipped: None, client: Client
) -> None:
    page = Page.objects.get(slug="blue-light")
    Page.objects.filter(pk=page.pk).update(body="## What it may help with\n\n{{ matrix }}\n")
    tree = page_tree(client, page)
    assert not rows(tree)
    assert "We do not offer it." in words(only(tree, "main"))


def test_a_reason_names_the_sources_it_rests_on(shipped: None, client: Client) -> None:
    tree = page_tree(client, Page.objects.get(slug="rolling"))
    item = next(li for li in section(tree, "What may help").iter("li") if "Lifts a soft dip" in words(li))
    told = noted(tree, item)
    cell = Suitability.objects.get(concern__code="rolling", treatment__code="filler")
    assert len(told) == len(cell.sources.all()) > 1
    for source in cell.sources.all():
        assert any(words(entry).startswith(source.title) for entry in told)
    links = {a.get("href") for entry in told for a in entry.iter("a")}
    assert "https://pmc.ncbi.nlm.nih.gov/articles/PMC7069546/table/CD011946-tbl-0007" in links
    # What is drawn once for the same values is drawn anew for others, also for somebody who is not a stranger.
    Source.objects.update(title="Another title", url="https://example.org/moved")
    Suitability.objects.filter(pk=cell.pk).update(reason="Another reason.")
    again = client.get("/concerns/rolling/", headers={"cookie": "somebody=1"}).content.decode()
    assert "Another reason." in again and "Lifts a soft dip" not in again
    assert "Another title" in again and "PMC7069546" not in again


def test_what_does_not_help_names_its_sources_too(shipped: None, client: Client) -> None:
    tree = page_tree(client, Page.objects.get(slug="rolling"))
    rows = list(section(tree, "What does not help").iter("li"))
    assert all(noted(tree, li) for li in rows if "Works on the surface only" in words(li))
    judged = next(li for li in rows if "our judgement" in words(li))
    assert not noted(tree, judged), "nothing is claimed for what rests on no study"


def test_the_index_names_what_is_not_offered_apart_and_without_a_link(shipped: None, client: Client) -> None:
    tree = parsed(client.get("/treatments/").content.decode())
    refused = next(s for s in tree.iter("section") if s.get("aria-labelledby") == "not-offered")
    assert {words(summary) for summary in refused.iter("summary")} == {
        t.name for t in Treatment.objects.filter(offered=False)
    }
    assert not list(refused.iter("a"))


def test_a_dot_stands_for_each_point_of_the_score() -> None:
    assert fits.Fit(2, "May help", (), "").dots == (True, True, False)
    assert fits.Fit(0, "Not suggested", (), "").dots == (False, False, False)


def test_a_higher_risk_comes_last_then_the_fit_then_the_burden_and_never_the_alphabet() -> None:
    concern = dip()
    cells = [
        cell(concern, treatment("Away", 1, risk="high"), 3, "a"),
        cell(concern, treatment("Burn", 2, risk=""), 3, "nobody rated it"),
        cell(concern, treatment("Calm", 3, risk="low", days=3), 2, "c"),
        cell(concern, treatment("Zinc", 4, risk="low", days=1), 2, "z"),
        cell(concern, treatment("Mild", 5, risk="moderate"), 2, "m"),
        cell(concern, treatment("Dye", 6, risk="none"), 1, "d"),
        cell(concern, treatment("Acid", 7, risk="high"), 0, "It does nothing."),
    ]
    for shuffled in (cells, cells[::-1]):
        (block,) = fits.by_concern(shuffled, {})
        lower, higher, none = block.lower_risk, block.higher_risk, block.does_not_help
        assert [[fit.reason for fit in group.fits] for group in lower] == [["z", "c", "m"], ["d"]]
        assert [[fit.reason for fit in group.fits] for group in higher] == [["a", "nobody rated it"]]
        assert [fit.reason for group in none for fit in group.fits] == ["It does nothing."]


def test_one_reason_makes_two_rows_where_one_of_the_treatments_has_a_higher_risk() -> None:
    concern = dip()
    (block,) = fits.by_concern(
        [cell(concern, treatment("Laser", 1, risk="high"), 1), cell(concern, treatment("Needle", 2), 1)], {}
    )
    assert [[name.words for name in fit.names] for fit in block.fits] == [["Needle"], ["Laser"]]


def test_treatments_with_one_score_and_one_reason_share_a_row() -> None:
    concern = dip()
    cells = [
        cell(concern, treatment("Light peel", 1), 1),
        cell(concern, treatment("PRP", 2), 1),
        cell(concern, treatment("Balm", 3), 1),
    ]
    (block,) = fits.by_concern(cells, {2: "/treatments/prp/"})
    (fit,) = block.fits
    assert [(name.words, name.url) for name in fit.names] == [
        ("Light peel", ""),
        ("PRP", "/treatments/prp/"),
        ("balm", ""),
    ]


def test_treatments_that_share_a_row_share_their_sources_each_named_once(db: None) -> None:
    concern = dip()
    concern.save()
    acid, zinc = (
        Source.objects.create(code=code, title=title) for code, title in (("B", "Acid"), ("A", "Zinc"))
    )
    for number, sources in ((901, [acid]), (902, [acid, zinc])):
        thing = treatment(f"T{number}", number)
        thing.save()
        row = cell(concern, thing, 2)
        row.save()
        row.sources.set(sources)
    (block,) = fits.by_concern(Suitability.objects.published().filter(concern=concern), {})
    (fit,) = block.fits
    assert [source.title for source in fit.sources] == ["Zinc", "Acid"], "in the order of their codes"


def test_a_specialists_row_is_apart_even_with_a_high_score() -> None:
    (block,) = fits.by_concern([cell(dip(), treatment("Laser", 1), 3, specialist_only=True)], {})
    assert not block.fits and [name.words for name in block.specialist_only] == ["laser"]


def test_what_is_not_offered_and_does_not_help_is_not_mentioned() -> None:
    (block,) = fits.by_concern([cell(dip(), treatment("Magic", 1, offered=False), 0)], {})
    assert not (block.fits or block.not_offered or block.specialist_only)


def test_two_kinds_on_one_page_share_their_lines() -> None:
    deep, shallow = (
        Concern(pk=1, code="d", name="Deep", order=2),
        Concern(pk=2, code="s", name="Shallow", order=1),
    )
    laser, acid, balm = treatment("Laser", 1), treatment("Acid", 2), treatment("Balm", 3)
    away = treatment("Knife", 4, offered=False)
    cells = [
        *(cell(deep, each, 1, "Joins in.") for each in (laser, acid)),
        *(cell(shallow, each, 3, "Fits.") for each in (laser, acid)),
        cell(deep, balm, 0),
        cell(shallow, balm, 3, specialist_only=True),
        cell(shallow, away, 3, "Cuts."),
        cell(deep, treatment("Saw", 5, offered=False), 2),
    ]
    board = boards.of_concerns(cells, {1: "/treatments/laser/", 4: "/treatments/knife/"})
    assert board is not None and board.columns == ("Shallow", "Deep")
    helps = board.may_help[0]
    assert [(name.words, name.url) for name in helps.names] == [("Laser", "/treatments/laser/"), ("acid", "")]
    assert [(kind.name, kind.fit and kind.fit.reason) for kind in helps.kinds] == [
        ("Shallow", "Fits."),
        ("Deep", "Joins in."),
    ]
    (does_not,) = board.does_not_help
    assert does_not.kinds[0].specialist_only and does_not.best == 0 and does_not.reason is None
    assert [name.words for name in board.not_offered] == ["saw"]
    assert [(line.names[0].words, line.names[0].url, line.offered) for line in board.may_help[1:]] == [
        ("Knife", "", False)
    ]
    assert boards.of_concerns([cells[0]], {}) is None, "one kind has no columns"


def test_one_reason_for_both_kinds_is_said_once() -> None:
    dips = Concern(pk=1, code="dip", name="Dips")
    cells = [cell(dips, treatment(name, number), 0, "No.") for number, name in ((1, "A"), (2, "B"))]
    board = boards.of_treatments(cells, {})
    assert board is not None
    (line,) = board.lines
    assert line.reason is not None and line.reason.reason == "No." and line.names[0].words == "Dips"
