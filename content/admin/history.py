"""A document's versions and everything that happened to it; any two versions side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from clinic.foundation import when
from clinic.foundation.text import id_in
from content.admin import deeds, desk
from content.admin.editing import EditedAdmin
from content.models import ClinicProfile, Version
from content.publishing import core, standing, words
from content.publishing.standing import Standing

# Of one page. Older ones are still there, and can be compared by their number.
MOST = 200


def page(admin: EditedAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """Who saved, approved and published what, newest first."""
    edited = admin.editing
    desk.require(request, edited.right("view"), edited.right("change"), desk.REVIEW)
    row, zone = edited.found(object_id), ClinicProfile.current().zone
    stands = standing.of(row, zone)
    versions = list(row.versions.select_related("approved_by").defer("data")[:MOST])
    events = row.events.select_related("version").defer("version__data")[:MOST]
    context = {
        "row": row,
        "stands": stands,
        "versions": [
            (version, _states(version, stands), edited.url("version", row.pk, version.number))
            for version in versions
        ],
        "older": versions[1].number if len(versions) > 1 else 0,
        "events": [words.told(event, zone) for event in events],
        "may_write": desk.user_of(request).has_perm(edited.right("change")),
        "noun": edited.kind.noun,
        "urls": edited.urls(row),
    }
    return desk.shown(admin, request, "admin/content/page/history.html", f"History of {row}", context)


def _states(version: Version, stands: Standing) -> list[tuple[str, str]]:
    """What the version is now, as (style, words). Empty for one that nothing came of."""
    found, row, zone = [], stands.document, stands.zone
    if version.pk == stands.tip.pk and stands.is_draft and not version.publish_at:
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
    edited = admin.editing
    desk.require(request, edited.right("view"), edited.right("change"), desk.REVIEW)
    row, zone = edited.found(page_id), ClinicProfile.current().zone
    asked = sorted(number for name in ("old", "new") if (number := id_in(request.GET.get(name, ""))))
    known = row.versions.select_related("approved_by").order_by("number")
    found = list(known.filter(number__in=asked)) if asked else list(known.order_by("-number")[:2])[::-1]
    problem, changed = "", []
    if len(found) == 2:
        # Who approved which stands above; here are the words.
        old, new = (core.as_readers_get_it(version, zone).unchecked() for version in found)
        changed = deeds.labelled(deeds.compared(old, new), edited.model)
    else:
        problem = f"Choose two different versions of this {edited.kind.noun}."
    context = {
        "row": row,
        "found": found,
        "changed": changed,
        "problem": problem,
        "choices": (("old", "From"), ("new", "To")),
        "urls": edited.urls(row),
        "numbers": list(row.versions.values_list("number", flat=True)[:MOST]),
    }
    return desk.shown(
        admin, request, "admin/content/page/compare.html", f"Compare versions of {row}", context
    )
