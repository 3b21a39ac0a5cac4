"""The words of a form's layout are read as templates, so they are ours: nobody's name or text may get into one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.docs import source

# What compiles its words as a template (crispy-forms), and what of ours hands words on to it.
COMPILED = {
    "HTML",
    "OurWords",
    "Fieldset",
    "Fold",
    "StrictButton",
    "button",
    "unseen",
    "folded",
    "_card",
    "_slots",
}
# What is no literal, looked at: a constant of ours, or the argument that one of the above hands on.
LOOKED_AT = {
    ("bookings.admin.slot_forms", "kind"),  # "checkbox" or "radio"
    ("bookings.admin.slot_forms", "label"),
    ("bookings.admin.slot_forms", "verb"),  # the name of an action
    ("bookings.admin.slot_forms", "self.verb"),
    ("bookings.admin.phone.form", "name"),  # of an include
    ("bookings.admin.phone.form", "title"),
    ("bookings.admin.phone.form", "words"),
    ("bookings.client.form.questions", "consents.STATEMENT"),
    ("bookings.client.form.questions", "summary"),  # of StepForm.fold, a literal at each call
    ("bookings.client.own.actions", "self.words"),  # a class attribute of each form
    ("clinic.foundation.forms", "summary"),
    ("clinic.foundation.forms", "words"),
}


def test_no_words_of_others_are_in_a_layout() -> None:
    found = {(module, what) for module, body in source.project().items() for what in loose(body)}
    assert found == LOOKED_AT


def test_words_that_are_not_ours_are_seen() -> None:
    body = ast.parse("Div(button(f'Confirm and tell {name}'), HTML(page.note), Fieldset('Ours', 'field'))")
    assert set(loose(body)) == {"name", "page.note"}


def loose(body: ast.AST) -> Iterator[str]:
    """What a layout in this module says that no literal says."""
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COMPILED:
            for words in node.args:
                yield from _loose(words)
        if isinstance(node, ast.FunctionDef) and node.name == "unseen":
            yield from (
                part
                for literal in ast.walk(node)
                if isinstance(literal, ast.JoinedStr)
                for part in _loose(literal)
            )


def _loose(words: ast.expr) -> Iterator[str]:
    match words:
        case (
            ast.Constant() | ast.Starred() | ast.Call(func=ast.Name())
        ):  # calls of a maker are looked at themselves
            return
        case ast.JoinedStr(values=parts):
            yield from (ast.unparse(part.value) for part in parts if isinstance(part, ast.FormattedValue))
        case _:
            yield ast.unparse(words)
