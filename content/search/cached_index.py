"""The index that this process holds. It is looked at for each search, and made anew when what it shows has changed."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest

from content.ready import edition
from content.search import rows
from content.search.index import Index, build
from content.search.rows import Stamp


class Shelf:
    """Holds one index with the stamp of what it was built from. Threads may ask at the same time.

    While one thread builds, the others are served from the old index. Only the first ever has to be waited for.
    """

    def __init__(self, stamp: Callable[[], Stamp], make: Callable[[], Index]) -> None:
        self._stamp = stamp
        self._make = make
        self._lock = Lock()
        self._held: tuple[Stamp, Index] | None = None

    def index(self, stamp: Stamp | None = None) -> Index:
        """The index of what is published now, or a moment ago. `stamp`: that of now, if it was asked for already."""
        stamp = self._stamp() if stamp is None else stamp
        held = self._held
        if held and held[0] == stamp:
            return held[1]
        if not self._lock.acquire(blocking=held is None):
            assert held is not None
            return held[1]
        try:
            # Somebody may have built it while this thread waited.
            if self._held is None or self._held[0] != stamp:
                # The stamp was read first: a change in between makes the index newer than its stamp, and it is built again.
                self._held = (stamp, self._make())
            return self._held[1]
        finally:
            self._lock.release()


def make() -> Index:
    """An index of everything that is published. Five statements."""
    return build(rows.documents(), rows.synonyms())


class _Stamps:
    """The stamp, read again only when another edition is out: one small statement while nothing has changed."""

    def __init__(self) -> None:
        self._last: tuple[str, Stamp] | None = None

    def __call__(self) -> Stamp:
        return self.of(edition.token())

    def of(self, token: str | None) -> Stamp:
        """The stamp of the edition with this token, which was read before."""
        last = self._last
        if token is None:
            return rows.stamp()
        if last is None or last[0] != token:
            # The token was read first: what changes in between has another one, and is looked at again.
            last = self._last = (token, rows.stamp())
        return last[1]


_stamps = _Stamps()
_shelf = Shelf(_stamps, make)


def index() -> Index:
    """The index of this process, up to date."""
    return _shelf.index()


def of(request: HttpRequest) -> Index:
    """The same, for a page that asks once which edition is out."""
    return _shelf.index(_stamps.of(edition.of(request)))
