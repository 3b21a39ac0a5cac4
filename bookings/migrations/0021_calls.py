from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0020_events_are_written_once"),
        ("content", "0025_what_is_plain_and_how_long"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="consultationrequest",
            name="call_topic",
            field=models.CharField(
                blank=True,
                choices=[
                    ("laser", "laser"),
                    ("needling", "needling"),
                    ("peels", "peels"),
                    ("injections", "injections and fillers"),
                    ("surgery", "surgery"),
                    ("price", "the price"),
                    ("times", "times"),
                    ("visit", "their visit"),
                    ("other", "something else"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="called_at",
            field=models.DateTimeField(
                blank=True, help_text="The last call, whatever came of it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="calls_tried",
            field=models.PositiveSmallIntegerField(default=0, help_text="In a row, without an answer."),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="follow_up_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="consultationrequest",
            name="phone_only",
            field=models.BooleanField(
                default=False, help_text="No e-mail: what we owe them becomes a call to make."
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("sending", "Sending"),
                    ("sent", "Sent"),
                    ("kept", "Kept (trial, not sent)"),
                    ("failed", "Failed"),
                    ("dropped", "Dropped"),
                    ("withheld", "Held back"),
                    ("to_call", "Call to make"),
                    ("told", "Told on the phone"),
                ],
                default="queued",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="to",
            field=models.EmailField(
                blank=True, help_text="Empty: they have no address, so they are rung.", max_length=254
            ),
        ),
        migrations.AddIndex(
            model_name="consultationrequest",
            index=models.Index(
                condition=models.Q(("follow_up_on__isnull", False)),
                fields=["follow_up_on"],
                name="requests_to_come_back_to",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "to_call")),
                fields=["request", "not_before"],
                name="messages_to_tell_by_phone",
            ),
        ),
    ]
