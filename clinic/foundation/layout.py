"""What layouts are made of besides fields. Their templates draw each of them once per process.

Words in a layout are read as templates: ours, never anybody else's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from crispy_forms.bootstrap import StrictButton
from crispy_forms.layout import HTML, Div, Fieldset
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clinic.foundation import limits

_INSIDE = "a stand-in for what is inside"
_once = lru_cache(maxsize=limits.rows.OUTLINES)


class OurWords(HTML):
    """A text that may name everything of the page around the form."""

    def render(self, form: Any, context: Context, template_pack: str = "clinic", **kwargs: Any) -> SafeString:
        return _compiled(str(self.html)).render(context)


class Button(StrictButton):
    """A button whose words name nothing of the page."""

    def render(self, form: Any, context: Context, template_pack: str = "clinic", **kwargs: Any) -> SafeString:
        return _button(self.get_template_name(template_pack), self.content, self.flat_attrs)


class Box(Div):
    """A box around fields."""

    def render(self, form: Any, context: Context, template_pack: str = "clinic", **kwargs: Any) -> SafeString:
        inside: SafeString = self.get_rendered_fields(form, context, template_pack, **kwargs)
        before, after = _box(self.get_template_name(template_pack), self.css_class, self.flat_attrs)
        return before + inside + after


class Fold(Fieldset):
    """Fields with a legend, whose words name nothing of the page."""

    def render(self, form: Any, context: Context, template_pack: str = "clinic", **kwargs: Any) -> SafeString:
        inside: SafeString = self.get_rendered_fields(form, context, template_pack, **kwargs)
        template = self.get_template_name(template_pack)
        before, after = _fold(template, str(self.legend), self.css_class, self.flat_attrs)
        return before + inside + after


@_once
def _compiled(text: str) -> Template:
    return Template(text)


@_once
def _button(template: str, words: str, flat_attrs: str) -> SafeString:
    content = _compiled(words).render(Context())
    return render_to_string(template, {"button": {"content": content, "flat_attrs": flat_attrs}})


@_once
def _box(template: str, css_class: str | None, flat_attrs: str) -> tuple[SafeString, SafeString]:
    div = {"css_class": css_class, "flat_attrs": flat_attrs}
    return _around(render_to_string(template, {"div": div, "fields": _INSIDE}))


@_once
def _fold(
    template: str, legend: str, css_class: str | None, flat_attrs: str
) -> tuple[SafeString, SafeString]:
    fieldset = {"css_class": css_class, "flat_attrs": flat_attrs}
    words = _compiled(legend).render(Context())
    return _around(render_to_string(template, {"fieldset": fieldset, "legend": words, "fields": _INSIDE}))


def _around(html: str) -> tuple[SafeString, SafeString]:
    before, after = html.split(_INSIDE)
    return mark_safe(before), mark_safe(after)
