"""The many small parts of the worklist as HTML: its rows and what can be chosen from.

Written here and not as templates: a page has 50 rows of 20 values and 90 links, and Django's templates took half of its time
for them. Every text is escaped on its way in (`_e`); what is not escaped is a number or a word of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape as _e
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from bookings import fields
from bookings.queries.worklist import Row

_PICKED = ' class="picked"'


class Link(NamedTuple):
    """One thing to choose: its words, the query of its address, and whether it is chosen."""

    words: str
    query: str
    here: bool = False


class Choices(NamedTuple):
    """A filter: its name in the address, its title, what is picked in words, and what there is to pick."""

    name: str
    title: str
    picked: str
    links: Sequence[Link]


def lines(found: Iterable[Row], worklist: str, *, ticks: bool) -> SafeString:
    """The rows, five cells of two lines each, whatever is in them. `worklist` is the address of the list itself."""
    return mark_safe("".join(_line(row, worklist, ticks) for row in found))  # escaped in `_line`


def _line(row: Row, worklist: str, ticks: bool) -> str:
    name, promise = _e(row.name), row.promise
    tick = (
        f'<td class="tick"><label class="tap"><input type="checkbox" name="picked" value="{row.picked}"'
        f' aria-label="Tick {name}"></label></td>'
    )
    marks = "".join(f'<span class="flag {style}">{_e(words)}</span>' for style, words in row.marks)
    if row.more_marks:
        plural = "s" if row.more_marks > 1 else ""
        marks += f'<span class="flag more">+{row.more_marks} mark{plural}</span>'
    more = _e(row.asked_more)
    if row.phone:
        by = "sms" if row.by_text else "tel"
        more = f'<a class="tel" href="{by}:{_e(row.phone)}">{_e(fields.tidy(row.phone) or row.phone)}</a>'
    looking = f'<span class="looking">{_e(row.looking)}</span>' if row.looking else ""
    return (
        f"<tr>{tick if ticks else ''}"
        f'<th scope="row" class="field-client"><a class="open" dir="auto" href="{worklist}{row.pk}/change/">{name}</a>'
        f'<small><span class="chip {row.status}">{row.state}</span><span class="ref">{row.reference}</span>'
        f" · {row.arrived}</small></th>"
        f'<td class="field-about"><span class="one">{_e(row.about)}</span><span class="marks">{marks}</span></td>'
        f'<td class="field-asked"><span class="one">{_e(row.asked)}</span><small>{more}</small></td>'
        f'<td class="field-promise"><span class="age {promise.level}">{promise.words}</span>'
        f"<small>{promise.more}</small></td>"
        f'<td class="field-owner"><span class="one{"" if row.owner else " quiet"}">{_e(row.owner) or "Nobody"}</span>'
        f"<small>{looking}</small></td></tr>\n"
    )


def options(links: Iterable[Link]) -> SafeString:
    """The list of a filter or of the orders."""
    return mark_safe(f"<ul>{''.join(map(_option, links))}</ul>")  # escaped in `_option`


def _option(link: Link) -> str:
    chosen, current = (' class="selected"', ' aria-current="true"') if link.here else ("", "")
    return f'<li{chosen}><a href="?{_e(link.query)}"{current}>{_e(link.words)}</a></li>'


def filters(shown: Iterable[Choices], within: dict[str, SafeString]) -> SafeString:
    """Each filter, folded. `within`: what stands below the choices of one, by its name."""
    return mark_safe("".join(_filter(one, within.get(one.name, "")) for one in shown))  # escaped there


def _filter(one: Choices, more: str) -> str:
    picked = f'<span class="visually-hidden">: {_e(one.picked)}</span>' if one.picked else ""
    return (
        f'<details name="filter"><summary{_PICKED if picked else ""}>{_e(one.title)}{picked}</summary>'
        f'<div class="drop">{options(one.links)}{more}</div></details>\n'
    )
