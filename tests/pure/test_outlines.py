"""A field whose outline is kept reads, letter by letter, as its template draws it, whatever was answered."""

from __future__ import annotations

from typing import Any

import pytest
from crispy_forms.layout import Field
from crispy_forms.utils import render_crispy_form
from django import forms

from bookings.client.form.questions import AboutForm, BeforeForm, CheckForm, StepForm, YouForm
from bookings.queries.client import Options
from clinic.foundation.outlines import Outlined, filled_in

OPTIONS = Options(
    clinic="Example <Skin> Clinic",
    concerns=(("acne", "Acne checked", "Spots", ""), ("scars", "Scars & marks", "", "")),
    treatments=(("peel", "Peels", "A peel"), ("laser", "Laser", "")),
)
HOSTILE = '"><b checked>{{ x }}& a stand-in'
ABOUT: list[dict[str, Any]] = [
    {},
    {
        "concerns": ["scars"],
        "areas": ["face", "body"],
        "treatments": ["peel", "no_preference"],
        "adult": "yes",
    },
    {"concerns": ["acne", "nothing of ours", HOSTILE], "adult": HOSTILE},
]
BEFORE: list[dict[str, Any]] = [
    {},
    {
        "applies": ["none"],
        "anything_else": f"Two\nlines {HOSTILE}",
        "support": ["other"],
        "support_note": HOSTILE,
    },
]
YOU: list[dict[str, Any]] = [
    {"contact_by": "text"},
    {"name": HOSTILE, "email": HOSTILE, "contact_by": "phone", "phone": "+44", "may_leave_message": True},
    {"name": "محمد", "contact_by": None, "website": HOSTILE},
]
CASES: list[tuple[type[StepForm], dict[str, Any], dict[str, Any]]] = [
    *((AboutForm, {}, one) for one in ABOUT),
    *((BeforeForm, {}, one) for one in BEFORE),
    *((YouForm, {}, one) for one in YOU),
    *((CheckForm, {"contact_by": way}, {"health": way == "text"}) for way in ("email", "text")),
]


@pytest.mark.parametrize(("form", "more", "answers"), CASES)
def test_it_is_what_the_template_draws(
    form: type[StepForm], more: dict[str, Any], answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [render_crispy_form(form(initial=answers, options=OPTIONS, **more)) for _ in range(2)]
    monkeypatch.setattr(Outlined, "render", Field.render)
    assert kept[0] == kept[1] == render_crispy_form(form(initial=answers, options=OPTIONS, **more))


def test_one_that_must_be_answered_is_another_than_one_that_need_not() -> None:
    drawn = []
    for must in (True, False):
        form = forms.Form()
        form.fields["own"] = forms.CharField(required=must)
        drawn.append("required" in filled_in(form["own"], "clinic/field.html"))
    assert drawn == [True, False]


def test_what_is_wrong_is_drawn_by_the_template() -> None:
    form = YouForm({"name": "", "email": HOSTILE}, options=OPTIONS)
    assert "Enter your full name" in render_crispy_form(form)


@pytest.mark.parametrize(
    "field", [forms.ChoiceField(choices=[("a", "A")]), forms.FileField()], ids=["select", "file"]
)
def test_an_unusual_field_is_refused(field: forms.Field) -> None:
    form = forms.Form()
    form.fields["unusual"] = field
    with pytest.raises(ValueError):
        filled_in(form["unusual"], "clinic/field.html")
