"""A document's versions and everything that happened to it; any two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from clinic.foundation import when
from clinic.foundation.text import id_in
from content import limits
from content.admin import desk, labels
from content.admin.options import EditedAdmin
from content.models import ClinicProfile, Version
from content.publishing import history, reviewer, states
from content.publishing.states import DocumentState


def page(admin: EditedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Who saved, approved and published what, newest first."""
    options = admin.editor_options
    desk.require(request, options.right("view"), options.right("change"), desk.REVIEW)
    row, zone = options.found(object_id), ClinicProfile.current().zone
    state = states.of(row, zone)
    versions = list(row.versions.select_related("approved_by").defer("data")[: limits.HISTORY_LISTED])
    events = row.events.select_related("version").defer("version__data")[: limits.HISTORY_LISTED]
    context = {
        "row": row,
        "state": state,
        "versions": [
            (version, _states(version, state), options.url("version", row.pk, version.number))
            for version in versions
        ],
        "older": versions[1].number if len(versions) > 1 else 0,
        "events": [history.told(event, zone) for event in events],
        "may_write": desk.user_of(request).has_perm(options.right("change")),
        "noun": options.kind.noun,
        "urls": options.urls(row),
    }
    return desk.shown(admin, request, "admin/content/page/history.html", f"History of {row}", context)


def _states(version: Version, state: DocumentState) -> list[tuple[str, str]]:
    """What the version is now, as (style, words). Empty for one that nothing came of."""
    found, row, zone = [], state.document, state.zone
    if version.pk == state.tip.pk and state.is_draft and not version.publish_at:
        found.append(("draft", "Draft"))
    if version.pk == row.live_id:
        found.append(("live", "Live") if row.is_published else ("off", "Was live until unpublished"))
    elif version.published_at:
        found.append(("off", "Was live"))
    if version.publish_at:
        found.append(("planned", f"Goes live {when.short(version.publish_at, zone)}"))
    if version.kept_back_at:
        found.append(("kept-back", "Kept back"))
    if version.sent_back_at:
        found.append(("sent-back", "Sent back"))
    if version.discarded_at:
        found.append(("off", "Discarded"))
    if version.approved_by:
        found.append(("approved", f"Approved by {version.approved_by.name}"))
    return found


def compare(admin: EditedAdmin, request: HttpRequest, page_id: int) -> HttpResponse:
    """What is different between `?old=` and `?new=`, two numbers in any order; without them, the two newest."""
    options = admin.editor_options
    desk.require(request, options.right("view"), options.right("change"), desk.REVIEW)
    row, zone = options.found(page_id), ClinicProfile.current().zone
    asked = sorted(number for name in ("old", "new") if (number := id_in(request.GET.get(name, ""))))
    known = row.versions.select_related("approved_by").order_by("number")
    found = list(known.filter(number__in=asked)) if asked else list(known.order_by("-number")[:2])[::-1]
    problem, changed = "", []
    if len(found) == 2:
        # The page names above who approved which version; here are the words.
        old, new = (reviewer.as_readers_get_it(version, zone).unchecked() for version in found)
        changed = labels.labelled(labels.compared(old, new), options.model)
    else:
        problem = f"Choose two different versions of this {options.kind.noun}."
    context = {
        "row": row,
        "found": found,
        "changed": changed,
        "problem": problem,
        "choices": (("old", "From"), ("new", "To")),
        "urls": options.urls(row),
        "numbers": list(row.versions.values_list("number", flat=True)[: limits.HISTORY_LISTED]),
    }
    return desk.shown(
        admin, request, "admin/content/page/compare.html", f"Compare versions of {row}", context
    )
