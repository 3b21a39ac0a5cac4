"""{% prepared treatment.name treatment.recovery %}...{% endprepared %}: what is drawn once for the same values."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()
# Of each place in a template. With more, it begins anew.
_MOST = 300


class _Prepared(template.Node):
    """Keeps what came out of it, by the values that it names. They are compared whole, so nothing has to be cleared."""

    def __init__(self, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self._made: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = _frozen([value.resolve(context) for value in self.values])
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= _MOST:
                self._made = {}
            made = self._made[key] = self.nodelist.render(context)
        return made


def _frozen(value: Any) -> Hashable:
    # A tuple with names is a value that cannot change, as dataclasses are.
    return tuple(map(_frozen, value)) if type(value) in (list, tuple) else value


@register.tag
def prepared(parser: Parser, token: Token) -> _Prepared:
    """Everything that the lines between print must follow from the values that are named: texts, numbers, lists of them, and
    dataclasses that cannot change. No row of the database: two of them are equal when their numbers are.
    """
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endprepared",))
    parser.delete_first_token()
    return _Prepared(values, nodelist)
