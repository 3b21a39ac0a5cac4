from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                ("who", models.CharField(blank=True, max_length=150)),
                ("network", models.CharField(max_length=50)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("in", "Signed in"),
                            ("wrong", "Wrong name or password"),
                            ("closed", "Refused: too many wrong ones"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={"verbose_name": "sign-in", "ordering": ["-at", "-pk"], "default_permissions": ("view",)},
        ),
    ]
