"""The rail of the desk: its links in groups, and how they are drawn.

Drawn here and not by a template: every page of the desk has some 30 of them. Every text is escaped on its way in (`_e`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape as _e

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Link:
    """One line of the rail. `word` says aloud what the number counts."""

    name: str
    url: str
    icon: str = ""
    number: int = 0
    word: str = ""
    hot: bool = False
    here: bool = False


@dataclass(frozen=True)
class Group:
    """A heading of the rail with its links; a `setup` group makes way on small screens."""

    title: str
    links: list[Link]
    setup: bool = True


def drawn(groups: Iterable[Group], all_pages: str) -> SafeString:
    """The groups as HTML. `all_pages` is the address of the page of everything, which ends the first of them."""
    return mark_safe("".join(_group(group, all_pages) for group in groups))  # escaped there


def _group(group: Group, all_pages: str) -> str:
    title = f"<h2>{_e(group.title)}</h2>" if group.title else ""
    last = "" if group.setup else f'<li class="all-pages"><a href="{_e(all_pages)}">All pages</a></li>'
    return f"""
      <div class="rail-group{" set-up" if group.setup else ""}">
        {title}
        <ul>
          {"".join(map(_link, group.links))}
          {last}
        </ul>
      </div>
    """


def _link(link: Link) -> str:
    icon = f'<svg class="icon" aria-hidden="true"><use href="#i-{link.icon}"/></svg>' if link.icon else ""
    hot = ' class="hot"' if link.hot else ""
    word = f'<span class="visually-hidden"> {_e(link.word)}</span>'
    number = f"<b{hot}>{link.number}{word}</b>" if link.number else ""
    return f"""
            <li><a href="{_e(link.url)}"{' aria-current="page"' if link.here else ""}>
              {icon}
              <span>{_e(link.name)}</span>
              {number}
            </a></li>
          """
