"""The template pack: a field of any kind says its label, hint and error to everybody, and the summary leads to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from crispy_forms.layout import Field
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import engines

from bookings.fields import area, tick, trap
from clinic.foundation.admin.fields import Ticks
from clinic.foundation.forms import CleanText, CrispyForm, Several, button, checkboxes, folded, radios
from tests.content.html import parsed, words

WAYS = [("air", "By air"), ("sea", "By sea")]
FIELDS: dict[str, forms.Field] = {
    "text": CleanText(label="Label", help_text="Hint", limit=9, required=True),
    "textarea": area("Label", hint="Hint", required=True),
    "select": forms.ChoiceField(label="Label", help_text="Hint", choices=WAYS),
    "radios": radios("Label", hint="Hint", required="Error", choices=WAYS),
    "checkboxes": checkboxes("Label", hint="Hint", required="Error", choices=WAYS),
    "columns": Several(
        label="Label", help_text="Hint", choices=WAYS, widget=Ticks, error_messages={"required": "Error"}
    ),
    "tick": tick("Label", hint="Hint", required="Error"),
}
# What is not a field of a form: its template, below templates/, and why.
BY_HAND = {
    "admin/bookings/block/answers.html": "for each client the choices and the times",
    "admin/bookings/consultationrequest/many.html": "what is done with the ticked rows",
    "admin/bookings/consultationrequest/many_times.html": "free times",
    "admin/bookings/consultationrequest/one_day.html": "a day to narrow the list by",
    "admin/bookings/consultationrequest/other_times.html": "free times",
    "admin/bookings/consultationrequest/phone_times.html": "free times",
    "admin/bookings/consultationrequest/rivals.html": "free times",
    "admin/bookings/consultationrequest/slots.html": "free times",
    "admin/bookings/consultationrequest/views.html": "a name for each view",
    "admin/bookings/consultationrequest/worklist.html": "what narrows the list, and a name for it",
    "admin/bookings/closure/holiday_rows.html": "a tick beside each day",
    "admin/bookings/plan/arrange.html": "free times for each visit",
    "admin/bookings/plan/beside.html": "an answer for each question",
    "admin/bookings/plan/editor.html": "a tick for each treatment to add",
    "admin/bookings/plan/line.html": "a tick beside each rule",
    "admin/bookings/plan/page.html": "which of two drafts is kept",
    "admin/bookings/plan/sent.html": "a tick and an answer for each line",
    "admin/bookings/plan/whose.html": "which of two answers is kept",
    "admin/bookings/week/page.html": "a grid of hours, and whose hours fill it",
    "admin/content/page/chooser.html": "puts into a text what was chosen, by script or by a press",
    "admin/content/page/compare.html": "which two versions are shown",
    "admin/content/page/problems.html": "a tick beside each problem",
    "admin/content/suitability/found.html": "a tick beside each problem",
    "admin/content/suitability/scores.html": "a score in each cell of a table",
    "admin/sign_in/codes.html": "one tick beside the codes",
    "admin/search_form.html": "the search of a list",
    "bookings/client/plan/answer.html": "a tick beside each treatment",
    "bookings/client/form/applies.html": "what the guide has asked, apart from what it has not",
    "content/compare.html": "a tick for each treatment",
    "content/includes/comparison.html": "a tick beside each treatment",
    "content/includes/guide_list.html": "lines to tick, each with a hint of its own",
    "content/includes/guide_more.html": "only those answers that a tick left open",
    "content/includes/tone.html": "the tone of skin in the drawings, which is sent nowhere",
    "content/includes/guide_see.html": "each answer a picture in three tones",
    "includes/search_form.html": "the search of the site",
}
SEVERAL = ("radios", "checkboxes", "columns")


class Everything(CrispyForm):
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= FIELDS
        for field in FIELDS.values():
            field.error_messages["required"] = "Error"

    def layout(self) -> list[Any]:
        return [*self.asked(), button("Go on", css_class="quiet")]


class Question(CrispyForm):
    heading = "way"
    way = radios("Which way?", required="Choose a way", choices=WAYS)
    why = radios("And why?", required="Choose why", choices=WAYS)


def page(form: forms.Form, source: str = "{{ form|as_crispy_errors }}{% crispy form %}") -> Any:
    """The form as a page shows it, parsed strictly."""
    template = engines["django"].from_string(f"{{% load crispy_forms_tags %}}{source}")
    html = template.render({"form": form, "csrf_token": "token"})
    return parsed(f"<!doctype html><html lang=en><title>Form</title><body>{html}</body></html>")


def part(tree: Any, name: str) -> Any:
    """The box of one field."""
    return tree.find(f".//div[@class='field field-{name}']")


def described(tree: Any, node: Any) -> list[str]:
    """What a screen reader adds to this node, in its order."""
    ids = (node.get("aria-describedby") or "").split()
    return [words(tree.find(f".//*[@id='{name}']")) for name in ids]


def order(box: Any) -> list[str]:
    """Label, hint, error and what is filled in, in the order in which they come."""
    names = {"label": "label", "legend": "label", "input": "field", "textarea": "field", "select": "field"}
    found = [names.get(node.tag) or (node.get("class") or "") for node in box.iter() if node is not box]
    return [name for name in found if name in ("label", "hint", "wrong", "field")]


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in SEVERAL])
def test_a_field_has_its_label_hint_and_error(name: str) -> None:
    tree = page(Everything({}))
    box = part(tree, name)
    filled_in = box.find(f".//*[@id='id_{name}']")
    assert words(box.find(f".//label[@for='id_{name}']")) == "Label"
    assert described(tree, filled_in) == ["Hint", "Error: Error"]
    assert filled_in.get("aria-invalid") == "true"


@pytest.mark.parametrize("name", SEVERAL)
def test_several_answers_are_a_group_with_a_legend_hint_and_error(name: str) -> None:
    tree = page(Everything({}))
    group = part(tree, name).find("fieldset")
    assert words(group.find("legend")) == "Label"
    assert described(tree, group) == ["Hint", "Error: Error"]
    labels = {label.get("for"): words(label) for label in group.iter("label")}
    assert labels == {f"id_{name}_0": "By air", f"id_{name}_1": "By sea"}
    assert {option.get("id") for option in group.iter("input")} == set(labels)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", ["label", "hint", "wrong", "field"]),
        ("select", ["label", "hint", "wrong", "field"]),
        ("radios", ["label", "hint", "wrong", "field", "label", "field", "label"]),
        ("tick", ["wrong", "field", "label", "hint"]),
    ],
)
def test_what_must_be_known_first_comes_first(name: str, expected: list[str]) -> None:
    assert order(part(page(Everything({})), name)) == expected


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_without_an_error_says_none(name: str) -> None:
    tree = page(Everything())
    box = part(tree, name)
    assert not box.findall(".//*[@class='wrong']")
    assert not box.findall(".//*[@aria-invalid]")
    assert {text for node in box.iter() for text in described(tree, node)} == {"Hint"}


def test_a_hidden_field_is_nothing_but_itself() -> None:
    tree = page(Everything({"secret": "s"}))
    assert part(tree, "secret") is None
    assert tree.find(".//input[@name='secret']").get("value") == "s"
    assert tree.find(".//label[@for='id_secret']") is None


def test_what_was_typed_and_chosen_stays() -> None:
    tree = page(Everything({"text": "<b>", "textarea": "lines", "select": "sea", "checkboxes": ["sea"]}))
    assert tree.find(".//input[@name='text']").get("value") == "<b>"
    assert words(tree.find(".//textarea")) == "lines"
    assert tree.find(".//option[@selected]").get("value") == "sea"
    assert [node.get("id") for node in tree.iter("input") if "checked" in node.attrib] == ["id_checkboxes_1"]


def test_the_summary_leads_to_each_field() -> None:
    form = Everything({})
    form.add_error(None, "All of it")
    tree = page(form)
    summary = tree.find(".//div[@role='alert']")
    links = [link.get("href") for link in summary.iter("a")]
    several = [f"#id_{name}_0" if name in SEVERAL else f"#id_{name}" for name in FIELDS]
    assert links == [*several, "#main"]
    assert all(tree.find(f".//*[@id='{link[1:]}']") is not None for link in links[:-1])
    assert summary.get("tabindex") == "-1"
    nodes = list(tree.iter())
    assert nodes.index(summary) < nodes.index(tree.find(".//form"))


def test_without_an_error_there_is_no_summary() -> None:
    assert page(Everything()).find(".//*[@role='alert']") is None
    assert page(Everything(), "{{ nothing|as_crispy_errors }}").find(".//*[@role='alert']") is None


def test_a_question_may_be_the_heading_of_the_page() -> None:
    tree = page(Question())
    assert [words(heading) for heading in tree.iter("h1")] == ["Which way?"]
    assert [words(legend) for legend in tree.iter("legend")] == ["Which way?", "And why?"]
    assert tree.find(".//legend/h1") is not None


def test_a_form_posts_with_its_token_and_without_the_browsers_messages() -> None:
    tree = page(Everything())
    form = tree.find(".//form")
    assert (form.get("method"), "novalidate" in form.attrib) == ("post", True)
    assert form.find("input[@name='csrfmiddlewaretoken']").get("value") == "token"
    assert not [node for node in form.iter() if "required" in node.attrib or "style" in node.attrib]
    assert words(form.find("button[@type='submit']")) == "Go on"


@pytest.mark.parametrize("name", ["input", "textarea", "select"])
def test_our_shorter_templates_draw_what_djangos_draw(name: str) -> None:
    attributes = {"id": "x", "disabled": True, "hidden": False, "data-a": '"<'}
    ways = [("", "None"), ("Far", [(1, "By <air>"), (2, "By sea")])]
    widgets = {
        "input": forms.TextInput(attributes),
        "textarea": forms.Textarea(attributes),
        "select": forms.Select(attributes, ways),
    }
    for value in (None, "", "2", '<"&'):
        ours = widgets[name].render("way", value, renderer=TemplatesSetting())
        assert ours == widgets[name].render("way", value, renderer=DjangoTemplates())


def test_people_never_meet_the_trap() -> None:
    class Trapped(CrispyForm):
        website = trap()

        def asked(self) -> list[Any]:
            return [Field("website", template="%s/trap.html")]

    box = page(Trapped()).find(".//div[@class='hp']")
    assert box.get("aria-hidden") == "true"
    assert box.find("input").get("tabindex") == "-1"
    assert words(box.find("label[@for='id_website']")) == "Leave this empty"


@pytest.mark.parametrize("is_open", [True, False])
def test_a_fold_is_open_or_not(is_open: bool) -> None:
    class Folded(Question):
        def asked(self) -> list[Any]:
            return ["way", folded("More", "why", is_open=is_open)]

    fold = page(Folded()).find(".//details")
    assert ("open" in fold.attrib) == is_open
    assert words(fold.find("summary")) == "More"
    assert part(fold, "why") is not None


def test_a_layout_with_a_field_that_is_not_there_is_a_mistake() -> None:
    class Wrong(Question):
        def asked(self) -> list[Any]:
            return ["where"]

    with pytest.raises(Exception, match="where"):
        page(Wrong())


def test_every_other_field_is_drawn_by_the_pack() -> None:
    folder = settings.BASE_DIR / "templates"
    drawn = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if re.search("<(label|select|textarea)", path.read_text())
    }
    assert {name for name in drawn if not name.startswith(("clinic/", "django/"))} == set(BY_HAND)
