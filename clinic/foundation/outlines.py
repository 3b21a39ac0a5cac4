"""A field of a form that its template draws once, and that is only filled in from then on.

Django's templates take a millisecond and more for a question with its choices, and all that differs between two readers is
the answer. So the template draws it with stand-ins, once per process, and what comes out is cut where the answer goes. See
docs/decisions/outlines.md.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from crispy_forms.layout import Field
from crispy_forms.utils import render_field
from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import ChoiceWidget, Input
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clinic.foundation import limits

_STAND_IN = "a stand-in for what is typed"
_MARK = " checked"
_TICKED = "on"
_LINES = ("text", "email", "tel", "hidden")


@dataclass(frozen=True)
class Outline:
    """A field without an answer (`empty`), what stands before and after a typed one, and where each choice has its mark."""

    empty: str
    around: tuple[str, str] = ("", "")
    places: Sequence[tuple[str, int]] = ()  # in the order in which they stand

    def typed(self, answer: str) -> SafeString:
        before, after = self.around
        return mark_safe(f"{before}{escape(answer)}{after}" if answer else self.empty)

    def chosen(self, answers: Collection[str]) -> SafeString:
        parts, begin = [], 0
        for answer, place in self.places:
            if answer in answers:
                parts += [self.empty[begin:place], _MARK]
                begin = place
        return mark_safe("".join([*parts, self.empty[begin:]]))


_outlines: dict[Hashable, Outline] = {}


class Outlined(Field):
    """In a layout: one field whose outline is kept. Its template may use nothing but `field`.

    While something is wrong with the form, it is drawn as any other field.
    """

    def render(self, form: Any, context: Context, template_pack: str = "clinic", **kwargs: Any) -> SafeString:
        [name] = self.fields
        template = self.get_template_name(template_pack)
        if name not in form.fields or form.errors:
            drawn: SafeString = render_field(
                name, form, context, template=template, template_pack=template_pack
            )
            return drawn
        form.rendered_fields.add(name)
        return filled_in(form[name], template)


def filled_in(bound: BoundField, template: str) -> SafeString:
    """What `template` draws of a field without mistakes. Raises ValueError for a widget of an unusual kind."""
    widget = bound.field.widget
    key = (
        (template, type(widget), bound.html_name, bound.auto_id, bound.label, bound.help_text),
        (bound.field.disabled, bound.field.required, getattr(bound.form, "heading", "") == bound.name),
        tuple(widget.attrs.items()),
        tuple(widget.choices) if isinstance(widget, ChoiceWidget) else (),
    )
    outline = _outlines.get(key)
    if outline is None:
        if len(_outlines) >= limits.rows.OUTLINES:
            _outlines.clear()  # editors change choices, and what they replaced is never asked for again
        outline = _outlines[key] = _cut(bound, template)
    if isinstance(widget, forms.CheckboxInput):
        return outline.chosen([_TICKED] if widget.check_test(bound.value()) else [])
    answer = widget.format_value(bound.value())
    return outline.chosen(answer) if isinstance(widget, ChoiceWidget) else outline.typed(answer or "")


class _Answered(BoundField):
    """The field as if this were the answer."""

    def __init__(self, bound: BoundField, answer: Any) -> None:
        super().__init__(bound.form, bound.field, bound.name)
        self._answer = answer

    def value(self) -> Any:
        return self._answer


def _cut(bound: BoundField, template: str) -> Outline:
    def drawn(answer: Any) -> str:
        return str(get_template(template).render({"field": _Answered(bound, answer)}))

    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        empty = drawn(False)
        return Outline(empty, places=_places(empty, {_TICKED: drawn(True)}))
    if isinstance(widget, forms.RadioSelect):
        empty = drawn([])
        return Outline(empty, places=_places(empty, {str(one): drawn([one]) for one, _ in widget.choices}))
    if not isinstance(widget, forms.Textarea) and not (
        isinstance(widget, Input) and widget.input_type in _LINES
    ):
        raise ValueError(f"Of {type(widget).__name__} no outline is kept: draw this field by its template.")
    before, after = drawn(_STAND_IN).split(_STAND_IN)  # raises ValueError unless it stands there once
    return Outline(drawn(""), around=(before, after))


def _places(empty: str, drawn: dict[str, str]) -> list[tuple[str, int]]:
    """Where the mark of each answer stands. A template that marks none, as of buttons, has no places."""
    places = []
    for answer, html in drawn.items():
        place = len(commonprefix([empty, html]))
        if html == empty:
            continue
        if html != f"{empty[:place]}{_MARK}{empty[place:]}":
            raise ValueError(f"Choosing {answer!r} changes more than its mark.")
        places.append((answer, place))
    return places
