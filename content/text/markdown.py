"""Editors' Markdown to HTML that is safe to print, and the places in it that the matrix fills.

Pure: text in, HTML out. Every SafeString that a reader sees is made here, from what nh3 has cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import nh3
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# A line that holds only one of these is filled by the page's template. One that has nothing for it prints nothing.
SLOTS = (
    *("drawing", "may-help", "does-not-help", "matrix", "recovery", "prices", "plans"),
    *("kept-ready", "fee"),
)
# {{ picture waiting-room }} prints an uploaded picture, {{ tones ice-pick }} one of our drawings in each tone of skin.
_PICTURE, _TONES = "picture ", "tones "
# {{ of-100 65 | people out of 100 had less deep scars }} draws 100 people beside its words; 60-65 is a range, and 43+25
# draws 25 more in a lighter tint, of whom the words speak too.
_OF_100 = re.compile(r"of-100[ \t]+(\d{1,3})(?:[ \t]*([-+])[ \t]*(\d{1,3}))?[ \t]*\|[ \t]*(\S.*)")
# What an editor is told.
KNOWN = (*SLOTS, "picture and its name", "tones and the name of a drawing", "of-100 60 | words")
_SLOT_LINE = re.compile(
    r"^[ \t]*\{\{[ \t]*((?:(?:picture|tones)[ \t]+)?[\w-]+|of-100[^{}\n]*[^{}\s])[ \t]*\}\}[ \t]*$",
    re.MULTILINE,
)

# [^NHSA] or [^NHSA FIF] after a sentence names the sources that it rests on, by their codes.
_NOTE = re.compile(r"\[\^([^\[\]\n]*)\]")

_ID = re.compile(r'<h[2-6] id="([^"]+)">')
_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
# A first paragraph, below a first heading or none.
_OPENING = re.compile(r'\s*(?:<h2 id="([^"]+)">(.*?)</h2>\s*)?<p>(.*?)</p>\s*', re.DOTALL)

# Names that the page's frame uses itself, so no heading may take them.
_TAKEN = frozenset(
    {
        "main",
        "parts",
        "glance",
        "near",
        "questions",
        "start",
        "talk",
        "in-short",
        "people",
        "choose",
        "compared",
        "dots",
        "offered",
        "checked",
    }
    | {"not-offered", "prices", "plans"}
)
# So are those of the list of sources: s1, s2 ...
_SOURCE_ID = re.compile(r"s\d+")

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "a", "strong", "em", "blockquote", "hr", "br"),
    *("code", "pre", "table", "thead", "tbody", "tr", "th", "td", "span"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}} | {
    f"h{n}": {"id"} for n in range(2, 7)
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes={"ol": {"steps"}, "a": {"note"}, "span": {"vh", "notes"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,  # no link opens a window, and the Referrer-Policy header already keeps the address to ourselves
)
# "commonmark" with html off prints every tag that an editor types as text.
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def _read_note(state: StateInline, silent: bool) -> bool:
    """A rule of the parser: one token for the whole marker. It has no text, so every plain view of a page is without it."""
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("note", "", 0).meta = {"codes": _codes(found[1])}
    state.pos = found.end()
    return True


def _print_note(_: Any, tokens: Sequence[Token], place: int, __: Any, env: dict[str, Any]) -> str:
    numbers: dict[str, int] = env.get("numbers", {})
    return note(numbers[code] for code in tokens[place].meta["codes"] if code in numbers)


_PARSER.inline.ruler.before("link", "note", _read_note)
_PARSER.add_render_rule("note", _print_note)


class People(NamedTuple):
    """So many of 100: from the least to the most, and then as many in a lighter tint."""

    least: int = 0
    most: int = 0
    tinted: int = 0


class Part(NamedTuple):
    """A piece of a page: HTML to print, or the name of a slot to fill or of a picture to show.

    "tones" names a drawing. "of-100" is HTML too, about so many of 100 `people`.
    """

    kind: Literal["html", "slot", "picture", "tones", "of-100"]
    content: str
    people: People = People()


class Opening(NamedTuple):
    """The paragraph that a page opens with, and `anchor`, the id of the heading that stood over it, or an empty text."""

    anchor: str
    html: SafeString


def inline(text: str) -> SafeString:
    """Markdown of one line, without its paragraph: **bold**, links."""
    return SafeString(_CLEANER.clean(_PARSER.renderInline(text)))


def parts(text: str, *, steps: bool = False, sources: Sequence[str] = ()) -> list[Part]:
    """A page's body in the order in which it prints.

    Headings get ids that are unique in the page; a level-1 heading becomes level 2, because the page has its own.
    `steps` prints numbered lists as numbered steps side by side. An unknown slot stays in the text, to be seen.
    `sources` are the codes in the page's list of sources: the first is number 1. A note on any other prints nothing.
    """
    return list(_parts(text, steps, tuple(sources)))


@lru_cache(maxsize=256)
def cited(text: str) -> tuple[str, ...]:
    """The codes of the sources that the text's notes name, each once, in the order of their first use.

    As the parser sees it: what stands as code, or is escaped, is no note.
    """
    inlines = (token.children or [] for token in tokens(text))
    codes = (
        code for each in inlines for child in each if child.type == "note" for code in child.meta["codes"]
    )
    return tuple(dict.fromkeys(codes))


def note(numbers: Iterable[int]) -> SafeString:
    """Links to these numbers in the page's list of sources, lowest first."""
    links = [
        f'<a class="note" href="#s{number}"><span class="vh">source </span>{number}</a>'
        for number in sorted(set(numbers))
    ]
    if not links:
        return SafeString("")
    # The word joiner keeps the first of them beside the full stop before it.
    return SafeString(f'\u2060<span class="notes">{", ".join(links)}</span>')


def opened(html: str, spare: Container[str]) -> tuple[Opening | None, SafeString]:
    """The first paragraph of printed HTML and the rest; None where something else comes first.

    A heading over it goes if its words are among `spare`: those that the page's own heading says well enough.
    """
    found = _OPENING.match(html)
    if found is None or (found[1] and found[2] not in spare):
        return None, SafeString(html)
    return Opening(found[1] or "", SafeString(found[3])), SafeString(html[found.end() :])


def contents(html: str) -> list[tuple[str, SafeString]]:
    """The id and the words of each heading of level 2 of printed HTML, in order."""
    return [(name, SafeString(_TAG.sub("", words))) for name, words in _HEADING.findall(html)]


def heading(section: str) -> str:
    """The words of the heading of level 2 that a section begins with, or an empty text. HTML."""
    found = _HEADING.match(section)
    return found[2] if found else ""


def words(html: str) -> int:
    """How many words it shows."""
    return len(_TAG.sub(" ", html).split())


# What closes a fold that `under_fold` has opened.
FOLD_END = SafeString("</div></details>")


def under_fold(section: str) -> SafeString:
    """A section closed under its heading; FOLD_END comes after it. The id moves inside, so that a link to it opens it."""
    found = _HEADING.match(section)
    if found is None:
        raise ValueError("a section without a heading has nothing to fold under")
    return SafeString(
        f'<details class="more waits"><summary><h2>{found[2]}</h2></summary>\n'
        f'<div id="{found[1]}">{section[found.end() :]}'
    )


# What closes a section that `under_section` has opened.
SECTION_END = SafeString("</section>")


def under_section(section: str, place: str) -> SafeString:
    """A section as an element of its own; SECTION_END comes after it. `place`: its class on wide screens, if it has one."""
    return SafeString(f'<section class="{f"sec text {place}".strip()}">{section}')


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """Markdown without slots, for example the answer to a question."""
    return _html(text, dict.fromkeys(_TAKEN, 1), {}, steps=False)


def tokens(text: str) -> list[Token]:
    """The text as the parser sees it, without slots: for callers who ask what it holds, not how it prints.

    The words beside 100 people are a paragraph.
    """
    return _PARSER.parse(_SLOT_LINE.sub(lambda line: f"\n{_of_100(line[1]).content}\n", text))


def anchors(text: str) -> frozenset[str]:
    """What a link into a page may name after the #: its headings, and the places of the page's frame."""
    printed = "".join(part.content for part in parts(text) if part.kind == "html")
    return _TAKEN | set(_ID.findall(printed))


def prose(text: str) -> list[str]:
    """The words of each paragraph and list item, without Markdown. Headings, tables, code and slots are left out."""
    return [
        _words(token)
        for before, token in pairwise(tokens(text))
        if token.type == "inline" and before.type == "paragraph_open"
    ]


def unknown_slots(text: str) -> list[str]:
    """The slots in the text that no template fills, for the editor to correct."""
    filled = (_PICTURE, _TONES, "of-100")
    return [name for name in _SLOT_LINE.findall(text) if name not in SLOTS and not name.startswith(filled)]


def wrong_counts(text: str) -> list[str]:
    """What begins as a picture of 100 people and is none: no number from 0 to 100, a range backwards, or no words."""
    begun = (name for name in _SLOT_LINE.findall(text) if name.startswith("of-100"))
    return [name for name in begun if not _of_100(name).content]


def pictures(text: str) -> list[str]:
    """The names of the pictures that the text shows, in their order, each once."""
    return _named(text, _PICTURE)


def in_tones(text: str) -> list[str]:
    """The names of the drawings that the text shows in each tone of skin, in their order, each once."""
    return _named(text, _TONES)


def _named(text: str, kind: str) -> list[str]:
    names = (name.split()[1] for name in _SLOT_LINE.findall(text) if name.startswith(kind))
    return list(dict.fromkeys(names))


def _of_100(inside: str) -> Part:
    """The part with its words as an editor wrote them, after the number; without content if it is not one."""
    found = _OF_100.fullmatch(inside)
    if found is None:
        return Part("of-100", "")
    least, more = int(found[1]), int(found[3] or 0)
    people = People(least, more if found[2] == "-" else least, more if found[2] == "+" else 0)
    if not people.least <= people.most <= people.most + people.tinted <= 100:
        return Part("of-100", "")
    number = f"{least} to {people.most}" if people.most > least else f"{least}"
    return Part("of-100", f"**{number}** {found[4]}", people)


def _codes(inside: str) -> list[str]:
    return inside.replace(",", " ").split()


@lru_cache(maxsize=256)
def _parts(text: str, steps: bool, sources: tuple[str, ...]) -> tuple[Part, ...]:
    # re.split with one group gives text, name, text, name, ... text.
    pieces = _SLOT_LINE.split(text)
    taken = dict.fromkeys(_TAKEN, 1)
    numbers = {code: number for number, code in enumerate(sources, 1)}
    found: list[Part] = []
    markdown = pieces[0]
    for name, following in zip(pieces[1::2], pieces[2::2], strict=True):
        filled = _filled(name)
        if not filled.content:
            markdown += f"{{{{ {name} }}}}{following}"
            continue
        found.append(Part("html", _html(markdown, taken, numbers, steps=steps)))
        if filled.kind == "of-100":
            filled = filled._replace(content=_html(filled.content, taken, numbers, steps=False))
        found.append(filled)
        markdown = following
    found.append(Part("html", _html(markdown, taken, numbers, steps=steps)))
    return tuple(part for part in found if part.content)


def _filled(name: str) -> Part:
    """What stands between the braces, without content if nothing fills it."""
    if name.startswith(_PICTURE):
        return Part("picture", name.split()[1])
    if name.startswith(_TONES):
        return Part("tones", name.split()[1])
    if name.startswith("of-100"):
        return _of_100(name)
    return Part("slot", name if name in SLOTS else "")


def _html(text: str, taken: dict[str, int], numbers: dict[str, int], *, steps: bool) -> SafeString:
    tokens = _PARSER.parse(text)
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        if token.type == "heading_open":
            token.attrSet("id", _free_id(tokens[place + 1], taken))
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and tokens[place - 1].type == "tr_open":  # what its row is about
            token.tag = tokens[place + 2].tag = "th"
            token.attrSet("scope", "row")
        elif token.type == "ordered_list_open" and steps:
            token.attrSet("class", "steps")
    return SafeString(
        _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {"numbers": numbers})).strip()
    )


def _words(inline: Token) -> str:
    breaks = ("softbreak", "hardbreak")
    return "".join(" " if child.type in breaks else child.content for child in inline.children or [])


def _free_id(heading: Token, taken: dict[str, int]) -> str:
    """An id that no other heading has. `taken` holds each one with the number from which to look for the next."""
    base = slugify(_words(heading)) or "part"
    if _SOURCE_ID.fullmatch(base):
        base = f"part-{base}"
    name, number = base, taken.get(base, 1)
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken[base] = number
    taken.setdefault(name, 1)
    return name


def sections(html: str) -> list[SafeString]:
    """HTML that this module made, cut before each heading of level 2. The first piece stands before all of them."""
    return [SafeString(piece.strip()) for piece in re.split("(?=<h2 )", html)]
