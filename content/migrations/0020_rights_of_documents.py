"""The two rights of pages go for all that is published, and say so. Backwards, the versions of what had none go.

What readers have stands in the rows and stays. Backwards nothing can be unpublished any more, so treatments, cells and plans
that are not published are deleted, with the cells of such treatments: drafts that readers never had, and also what they had and
somebody unpublished since. Take a backup first. A treatment in a published plan cannot go: it stays, as one that is not
offered, with whatever its row says, although nobody may ever have approved that.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Q

NAMES = {
    "publish_page": (
        "Can publish, schedule and unpublish pages",
        "Can publish, schedule and unpublish content",
    ),
    "review_page": (
        "Can approve pages as a reviewer",
        "Can approve content, or send it back, as a reviewer",
    ),
}


def rename(apps: Any, schema_editor: Any) -> None:
    """Only the words that whoever gives out roles reads. In a new database the rights are made later, with the new ones."""
    for codename, (old, new) in NAMES.items():
        _rights(apps).filter(codename=codename, name=old).update(name=new)


def forget(apps: Any, schema_editor: Any) -> None:
    for codename, (old, new) in NAMES.items():
        _rights(apps).filter(codename=codename, name=new).update(name=old)
    apps.get_model("content", "PageEvent").objects.filter(page=None).delete()
    for name in ("Suitability", "ExamplePlan", "Treatment"):
        rows = apps.get_model("content", name)._default_manager
        rows.filter(live__isnull=False).update(live=None)
    apps.get_model("content", "Version").objects.filter(page=None).delete()
    apps.get_model("content", "Version").objects.filter(sent_back_at__isnull=False).update(sent_back_at=None)
    apps.get_model("content", "ExamplePlan")._default_manager.filter(is_published=False).delete()
    cells = apps.get_model("content", "Suitability")._default_manager
    cells.filter(Q(is_published=False) | Q(treatment__is_published=False)).delete()
    treatments = apps.get_model("content", "Treatment")._default_manager.filter(is_published=False)
    # A plan keeps its treatments: such a one is at least not offered any more.
    treatments.filter(example_lines__isnull=False).update(offered=False)
    treatments.filter(example_lines=None).delete()


def _rights(apps: Any) -> Any:
    return apps.get_model("auth", "Permission").objects.filter(content_type__app_label="content")


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0019_documents"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(rename, forget)]
