"""How a page stands: what readers have, what lies beside it, what is planned. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.foundation import when
from content.models import Page, PageEvent, Version
from content.publishing import core
from content.publishing import snapshot as snapshots
from content.publishing.snapshot import Snapshot


@dataclass(frozen=True)
class Standing:
    """One page with the versions that matter now. `tip` is what its editor opens."""

    page: Page
    tip: Version
    planned: Version | None
    published: PageEvent | None
    event: int
    zone: ZoneInfo

    @property
    def seen(self) -> str:
        """What a form of this page carries, so that a verb can tell whether somebody did something since."""
        return f"{self.tip.number}-{self.event}"

    @property
    def said(self) -> Snapshot:
        """What the tip says, as readers would get it."""
        return core.as_readers_get_it(self.tip, self.zone)

    @property
    def live(self) -> Version | None:
        return self.page.live

    @property
    def is_live(self) -> bool:
        """Whether readers have exactly what the editor opens."""
        return self.page.is_published and not self.is_draft

    @property
    def is_draft(self) -> bool:
        """Whether the tip is something that readers have not got."""
        return is_draft(self.page, self.tip.pk)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """In words: (style, sentence), what readers have first."""
        found = [self._readers()]
        if self.is_draft:
            note = f": {self.tip.note}" if self.tip.note else ""
            saved = when.short(self.tip.saved_at, self.zone)
            found.append(
                ("draft", f"Draft: version {self.tip.number} by {self.tip.saved_by_name}, {saved}{note}")
            )
        if self.tip.approved_by and self.tip.approved_at:
            approved = when.day_with_year(self.tip.approved_at, self.zone)
            found.append(
                ("approved", f"Version {self.tip.number} approved by {self.tip.approved_by.name}, {approved}")
            )
        if self.planned and self.planned.publish_at:
            goes = when.short(self.planned.publish_at, self.zone)
            found.append(("planned", f"Goes live on {goes}: version {self.planned.number}"))
        elif self.tip.kept_back_at:
            at = when.short(self.tip.kept_back_at, self.zone)
            found.append(("kept-back", f"Kept back: version {self.tip.number} should have gone live on {at}"))
        return found

    def _readers(self) -> tuple[str, str]:
        live = self.page.live
        if live is None and self.page.is_published:
            return ("live", "Live: as it was made")
        if live is None:
            return ("off", "Not published: readers have never had this page")
        if not self.page.is_published:
            return ("off", f"Not published: the last version that readers had is {live.number}")
        if self.published is None:
            return ("live", f"Live: version {live.number}, from {live.saved_by_name.lower()}")
        at = when.short(self.published.at, self.zone)
        return ("live", f"Live: version {live.number}, published by {self.published.by_name}, {at}")


def is_draft(page: Page, tip: int | None) -> bool:
    """Whether the newest kept version (its id; None: it has none) is something that readers have not got.

    In SQL: Version.objects.drafts.
    """
    if page.live_id is None:
        return not page.is_published
    return tip != page.live_id


def of(page: Page, zone: ZoneInfo) -> Standing:
    """How the page stands. Five statements at most."""
    last = core.last_event(page)
    tip = page.versions.kept().select_related("approved_by").order_by("-number").first()
    published = None
    if page.live_id is not None:
        published = PageEvent.objects.filter(version=page.live_id, verb="publish").first()
    return Standing(
        page=page,
        tip=tip or _as_made(page),
        planned=page.versions.to_publish().first(),
        published=published,
        event=last.pk if last else 0,
        zone=zone,
    )


def _as_made(page: Page) -> Version:
    """What will be version 1 of a page that was made past the verbs, once somebody changes it."""
    return Version(
        page=page,
        number=1,
        data=snapshots.of(page).data(),
        saved_by_name="The site",
        saved_at=page.updated_at,
    )
