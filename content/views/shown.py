"""What readers see of the edition that is out, read once by each process: the clinic, the links at the foot, whole pages.

A page that has to be drawn asks the database for the edition, and for nothing that another drawn page has asked for before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from django.db import connection
from django.http import HttpRequest

from content.display import footer
from content.models import Cited, ClinicProfile, Page, Person, closures
from content.queries import public
from content.queries.public import Front, FullPage, Piece
from content.ready import edition
from content.ready.per_edition import PerEdition


class Shown:
    """Rows of one edition, each read when it is first asked for. All readers share them: nobody may change one."""

    def __init__(self) -> None:
        # Only what was found: strangers can make up as many addresses as they like.
        self._pages: dict[tuple[str, str], FullPage] = {}
        self._pieces: dict[tuple[str, bool, tuple[Cited, ...]], tuple[Piece, ...]] = {}

    @cached_property
    def clinic(self) -> ClinicProfile:
        return ClinicProfile.current()

    @cached_property
    def menu(self) -> footer.Menu:
        return footer.links()

    @cached_property
    def home(self) -> FullPage | None:
        return public.only_page(Page.Kind.HOME)

    @cached_property
    def hub(self) -> FullPage | None:
        return public.only_page(Page.Kind.HUB)

    @cached_property
    def front(self) -> Front:
        return public.front()

    @cached_property
    def people(self) -> list[Person]:
        return public.people()

    @cached_property
    def _closures(self) -> list[tuple[date, date]]:
        return [one for told in closures for one in told()]

    def is_closed_on(self, day: date) -> bool:
        """Whether the clinic is closed that whole day, whatever its hours say."""
        return any(first <= day <= last for first, last in self._closures)

    def page(self, kind: str, slug: str) -> FullPage | None:
        """The published page with everything that it prints, or None."""
        key = (str(kind), slug)
        found = self._pages.get(key) or public.page_with_everything(*key)
        if found:
            self._pages[key] = found
        return found

    def pieces(self, text: str, *, steps: bool = False, sources: Sequence[Cited] = ()) -> list[Piece]:
        """The text of one of these pages as it prints (see `public.pieces`), as a list of one's own."""
        key = (text, steps, tuple(sources))
        if key not in self._pieces:
            self._pieces[key] = tuple(public.pieces(text, steps=steps, sources=sources))
        return list(self._pieces[key])


_SHOWN = PerEdition(Shown)


def of(request: HttpRequest) -> Shown:
    """What readers are shown now: one small statement a request.

    Within a transaction nothing is kept, and nothing that was kept is shown: what is seen there may be a draft.
    """
    if connection.in_atomic_block:
        return Shown()
    shown: Shown | None = getattr(request, "shown", None)
    if shown is None:
        shown = _SHOWN.of(edition.of(request))
        vars(request)["shown"] = shown
    return shown
