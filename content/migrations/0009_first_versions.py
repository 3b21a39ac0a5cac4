"""Every page that was there before versions gets its first one: what it says now, live if readers can open it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.db import migrations

TEXTS = ("kind", "slug", "title", "menu_title", "tell", "summary", "body", "at_a_glance")
MORE = ("drawing", "drawing_alt", "caption", "written_by", "order")


def give_first_versions(apps: Any, schema_editor: Any) -> None:
    page_model, version_model = apps.get_model("content", "Page"), apps.get_model("content", "Version")
    for page in page_model.objects.select_related("checked_by"):
        checked = page.checked_by is not None and page.checked_on is not None
        version = version_model.objects.create(
            page=page,
            number=1,
            data={name: getattr(page, name) for name in (*TEXTS, *MORE)}
            | {
                "concerns": list(page.concerns.values_list("code", flat=True)),
                "treatments": list(page.treatments.values_list("code", flat=True)),
                "sources": list(page.sources.values_list("code", flat=True)),
                "review_due": page.review_due.isoformat() if page.review_due else None,
            },
            note="As it was when versions began",
            saved_by_name="The site",
            saved_at=page.updated_at,
            # What the page says of its check is the check of this version. Midday is the same day in most zones.
            approved_by=page.checked_by if checked else None,
            approved_at=datetime.combine(page.checked_on, time(12), UTC) if checked else None,
            published_at=page.updated_at if page.is_published else None,
        )
        if page.is_published:
            # Not page.save(): a page's `updated_at` says when its words changed.
            page_model.objects.filter(pk=page.pk).update(live=version)


class Migration(migrations.Migration):
    dependencies = [("content", "0008_versions")]

    # Backwards, the versions go with their table.
    operations = [migrations.RunPython(give_first_versions, migrations.RunPython.noop)]
