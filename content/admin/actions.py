"""The buttons of a document's editor: what each needs, says, and tells afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from django.forms import BaseForm
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from clinic.foundation import when
from clinic.foundation.text import id_in
from content import limits
from content.admin import desk, form_values
from content.admin.press import Action, Press
from content.publishing import (
    preview,
    shared_previews,
    states,
    verbs,
)
from content.publishing.errors import EditRefused


def saved(press: Press, form: BaseForm) -> str:
    """Save what was typed; the press goes on from there. Nothing new is nothing to tell."""
    before = press.number
    snapshot = form_values.read(form, states.newest_snapshot(press.row, press.zone))
    version = verbs.save_draft(press.row, press.edit, snapshot, note=press.typed["note"])
    if version.number == before:
        return ""
    press.number = version.number
    press.did(version.events.order_by("pk")[0])
    return f"Saved as version {version.number}."


def _save(press: Press) -> str:
    return ""  # saved already


def _publish(press: Press) -> str:
    verbs.publish(press.row, press.edit, overrides=press.overrides)
    return f"Version {press.number} is live."


def _schedule(press: Press) -> str:
    publish_at = press.typed["publish_at"]
    if publish_at is None:
        raise EditRefused("no_time", "Choose the day and the time when it should go live.")
    verbs.schedule(press.row, press.edit, publish_at=publish_at, overrides=press.overrides)
    return f"Version {press.number} goes live on {when.moment(publish_at, press.zone)}."


def _unschedule(press: Press) -> str:
    event = verbs.unschedule(press.row, press.edit)
    press.did(event)
    return f"Version {event.version.number} does not go live by itself any more."


def _unpublish(press: Press) -> str:
    press.did(verbs.unpublish(press.row, press.edit))
    return f"Readers cannot open this {press.noun} any more."


def _approve(press: Press) -> str:
    version = verbs.approve(press.row, press.edit, next_review=press.typed["next_review"])
    return (
        f"Version {version.number} is approved by {version.approved_by.name if version.approved_by else ''}."
    )


def _send_back(press: Press) -> str:
    version = verbs.send_back(press.row, press.edit, note=press.typed["word"])
    return f"Version {version.number} is sent back. Whoever edits it reads what you wrote."


def _discard(press: Press) -> str:
    verbs.discard(press.row, press.edit)
    return "The draft is discarded. It stays in the history."


def _restore(press: Press) -> str:
    old = id_in(press.request.POST.get("version", ""))
    version = verbs.restore(press.row, press.edit, old)
    return f"Version {old} is the draft again, as version {version.number}. Readers see no change yet."


def _share(press: Press) -> str:
    if not preview.address(press.row):
        raise EditRefused(
            "no_page", "No page that readers can open shows this yet, so there is nothing to share."
        )
    version = verbs.share(press.row, press.edit)
    path = reverse("content:shared_preview", args=[f"{shared_previews.token(version, press.now)}/"])
    url = press.request.build_absolute_uri(path)
    until = when.moment(press.now + limits.SHARED_PREVIEW_LIFE, press.zone)
    return format_html(
        'Whoever has this link sees version {} until {}: <a class="shared" href="{}">{}</a>',
        version.number,
        until,
        url,
        url,
    )


ACTIONS: dict[str, Action[Press]] = {
    "save": Action("change", _save),
    "publish": Action(desk.PUBLISH, _publish),
    "schedule": Action(desk.PUBLISH, _schedule),
    "unschedule": Action(desk.PUBLISH, _unschedule, first=True),
    "unpublish": Action(desk.PUBLISH, _unpublish, first=True),
    "approve": Action(desk.REVIEW, _approve),
    "send_back": Action(desk.REVIEW, _send_back, saves=False),
    "share": Action("view", _share),
    "discard": Action("change", _discard, saves=False),
    "restore": Action("change", _restore, saves=False),
}


def joined(told: Sequence[str]) -> SafeString | str:
    """What happened, in one message."""
    parts = [part for part in told if part]
    return format_html_join(" ", "{}", ((part,) for part in parts)) if parts else "Nothing has changed."
