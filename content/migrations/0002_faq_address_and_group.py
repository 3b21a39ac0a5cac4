"""A question gets an address of its own, a heading to stand under, and the moment of its last change."""

from django.db import migrations, models
from django.utils import timezone
from django.utils.text import slugify

import content.models.page

LONGEST = 100


def make_slugs(apps, schema_editor):
    """The words of the question; a number after them where two come out alike."""
    FAQ = apps.get_model("content", "FAQ")
    taken = {"main"}  # /faqs/ uses it itself
    for faq in FAQ.objects.order_by("order", "question"):
        base = slugify(faq.question)[: LONGEST - 4].strip("-") or "question"
        slug, number = base, 1
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken.add(slug)
        FAQ.objects.filter(pk=faq.pk).update(slug=slug)


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="faq",
            name="slug",
            field=models.SlugField(db_index=False, default="", max_length=LONGEST),
            preserve_default=False,
        ),
        migrations.RunPython(make_slugs, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="faq",
            name="slug",
            field=models.SlugField(
                help_text="Its address is /faqs/#slug. Left empty, it is made from the question. Links to it break when it changes.",
                max_length=LONGEST,
                unique=True,
                validators=[content.models.page.validate_anchor],
            ),
        ),
        # Until an editor has chosen a heading, old questions stand under the first one.
        migrations.AddField(
            model_name="faq",
            name="group",
            field=models.CharField(
                choices=[
                    ("scars", "About scars and marks"),
                    ("choosing", "Choosing a treatment"),
                    ("having", "Having treatment"),
                    ("safety", "Is it safe for me?"),
                    ("visit", "Cost and consultation"),
                    ("information", "Your information"),
                ],
                default="scars",
                help_text="The heading under which it stands.",
                max_length=12,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="faq",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        ),
    ]
