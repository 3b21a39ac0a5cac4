"""{% prepared %}: lines of a template that are drawn once for the same values, and anew for any others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines
from django.template.base import Template

from content.templatetags import prepared


class Counted:
    """Says how often it was drawn."""

    def __init__(self) -> None:
        self._times: Iterator[int] = iter(range(1, 1000))

    def times(self) -> int:
        return next(self._times)


def lines(words: str = "name phases") -> Any:
    made: Any = engines["django"].from_string(
        "{% load prepared %}{% prepared " + words + " %}{{ name }} {{ drawn.times }}{% endprepared %}"
    )
    assert isinstance(made.template, Template)
    return made


def test_the_same_values_are_drawn_once_and_escaped_as_ever() -> None:
    shown, drawn = lines(), Counted()
    for _ in range(3):
        text = shown.render({"name": "<Laser>", "phases": [["Day 1", "Red"]], "drawn": drawn})
        assert text == "&lt;Laser&gt; 1"


def test_any_other_value_is_drawn_anew_whatever_kind_it_is() -> None:
    shown, drawn = lines(), Counted()
    values: list[Any] = [[["Day 1", "Red"]], [["Day 1", "Pale"]], ("a", "b"), ["a"], None, 1, ""]
    texts = [shown.render({"name": "Laser", "phases": value, "drawn": drawn}) for value in values]
    assert len(set(texts)) == len(values)
    assert texts[0] == shown.render({"name": "Laser", "phases": values[0], "drawn": drawn})


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_MOST", 3)
    shown, drawn = lines("name"), Counted()
    for name in ("a", "b", "c", "d", "a"):
        shown.render({"name": name, "drawn": drawn})
    assert shown.render({"name": "a", "drawn": drawn}) == "a 5"
