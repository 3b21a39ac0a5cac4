"""How a document stands: what readers have, what lies beside it, what is planned. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.foundation import when
from content.models import Document, PageEvent, Version
from content.publishing import core, kinds, reviewer
from content.publishing.kinds import DocumentSnapshot


@dataclass(frozen=True)
class DocumentState:
    """One document with the versions that matter now. `tip` is what its editor opens."""

    document: Document
    tip: Version
    planned: Version | None
    published: PageEvent | None
    sent_back: PageEvent | None
    event: int
    zone: ZoneInfo

    @property
    def seen(self) -> str:
        """What a form of this document carries, so that a verb can tell whether somebody did something since."""
        return f"{self.tip.number}-{self.event}"

    @property
    def snapshot(self) -> DocumentSnapshot:
        """What the tip says, as readers would get it."""
        return reviewer.as_readers_get_it(self.tip, self.zone)

    @property
    def live(self) -> Version | None:
        return self.document.live

    @property
    def is_live(self) -> bool:
        """Whether readers have exactly what the editor opens."""
        return self.document.is_published and not self.is_draft

    @property
    def is_draft(self) -> bool:
        """Whether the tip is something that readers have not got."""
        return is_draft(self.document, self.tip.pk)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """In words: (style, sentence), what readers have first."""
        found = [self._readers()]
        if self.is_draft:
            note = f": {self.tip.note}" if self.tip.note else ""
            # A row that was made without the verbs does not say when.
            saved = f", {when.short(self.tip.saved_at, self.zone)}" if self.tip.pk else ""
            found.append(
                ("draft", f"Draft: version {self.tip.number} by {self.tip.saved_by_name}{saved}{note}")
            )
        if self.tip.sent_back_at:
            at = when.short(self.tip.sent_back_at, self.zone)
            found.append(("sent-back", f"Sent back: version {self.tip.number}, {at}{self._word}"))
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

    @property
    def _word(self) -> str:
        """What the reviewer said who sent it back."""
        return f": {self.sent_back.by_name}: {self.sent_back.reason}" if self.sent_back else ""

    def _readers(self) -> tuple[str, str]:
        live = self.document.live
        if live is None and self.document.is_published:
            return ("live", "Live: as it was made")
        if live is None:
            noun = kinds.kind(self.document).noun
            return ("off", f"Not published: readers have never had this {noun}")
        if not self.document.is_published:
            return ("off", f"Not published: the last version that readers had is {live.number}")
        if self.published is None:
            return ("live", f"Live: version {live.number}, from {live.saved_by_name.lower()}")
        at = when.short(self.published.at, self.zone)
        return ("live", f"Live: version {live.number}, published by {self.published.by_name}, {at}")


def is_draft(document: Document, tip: int | None) -> bool:
    """Whether the newest kept version (its id; None: it has none) is something that readers have not got.

    In SQL: Version.objects.drafts.
    """
    if document.live_id is None:
        return not document.is_published
    return tip != document.live_id


def newest_snapshot(document: Document, zone: ZoneInfo) -> DocumentSnapshot:
    """What the editor opens: the newest version's words, as readers would get them. One statement; more for a treatment."""
    return reviewer.as_readers_get_it(_tip(document), zone)


def of(document: Document, zone: ZoneInfo) -> DocumentState:
    """How the document stands. Six statements at most."""
    last = core.newest_event(document)
    tip = _tip(document)
    published = None
    if document.live_id is not None:
        published = PageEvent.objects.filter(version=document.live_id, verb="publish").first()
    sent_back = None
    if tip.sent_back_at:
        sent_back = PageEvent.objects.filter(version=tip, verb="send_back").first()
    return DocumentState(
        document=document,
        tip=tip,
        planned=document.versions.to_publish().first(),
        published=published,
        sent_back=sent_back,
        event=last.pk if last else 0,
        zone=zone,
    )


def _tip(document: Document) -> Version:
    """The newest kept version, or what will be the first of a row that was made without the verbs."""
    tip = document.versions.kept().select_related("approved_by").order_by("-number").first()
    return tip or core.as_made(document)
