import django.db.models.deletion
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0024_digest_editions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Wrapped although it alters no guarded table: with it comes the guard of what only grows.
    operations = triggers.around(
        [
            migrations.CreateModel(
                name="Act",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("at", models.DateTimeField(db_index=True, verbose_name="time")),
                    (
                        "event",
                        models.CharField(
                            choices=[
                                ("sign_in", "Sign-in"),
                                ("lock_out", "Lock-out"),
                                ("sign_out", "Sign-out"),
                                ("reauthentication", "Identity shown again"),
                                ("session", "Session ended"),
                                ("factor_added", "Second factor added"),
                                ("factor_removed", "Second factor removed"),
                                ("password", "Password changed"),
                                ("account", "Account or role changed"),
                                ("draft", "Draft saved"),
                                ("submission", "Submission"),
                                ("return", "Return"),
                                ("publication", "Publication"),
                                ("retraction", "Retraction"),
                                ("coding", "Second coding"),
                                ("structure", "Structure"),
                                ("wording", "Wording or grouping"),
                                ("translation", "Translation"),
                                ("import", "Import"),
                                ("export", "Export"),
                                ("reader_report", "Report of a reader decided"),
                                ("refusal", "Page refused"),
                                ("upkeep", "Upkeep of the database"),
                                ("other", "Other change"),
                            ],
                            max_length=20,
                            verbose_name="event",
                        ),
                    ),
                    (
                        "outcome",
                        models.CharField(
                            choices=[("done", "Done"), ("refused", "Refused")],
                            max_length=10,
                            verbose_name="outcome",
                        ),
                    ),
                    (
                        "name",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="Of the account at that time, or of the command.",
                            max_length=200,
                            verbose_name="name",
                        ),
                    ),
                    (
                        "address",
                        models.CharField(
                            blank=True,
                            help_text="A keyed hash: two lines from one place have the same.",
                            max_length=16,
                            verbose_name="address",
                        ),
                    ),
                    (
                        "subject",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="subject"
                        ),
                    ),
                    (
                        "detail",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="detail"
                        ),
                    ),
                    (
                        "person",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="acts",
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "act",
                    "verbose_name_plural": "log of acts",
                    "ordering": ["-pk"],
                    "default_permissions": ["view"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                (
                                    "event__in",
                                    [
                                        "sign_in",
                                        "lock_out",
                                        "sign_out",
                                        "reauthentication",
                                        "session",
                                        "factor_added",
                                        "factor_removed",
                                        "password",
                                        "account",
                                        "draft",
                                        "submission",
                                        "return",
                                        "publication",
                                        "retraction",
                                        "coding",
                                        "structure",
                                        "wording",
                                        "translation",
                                        "import",
                                        "export",
                                        "reader_report",
                                        "refusal",
                                        "upkeep",
                                        "other",
                                    ],
                                )
                            ),
                            name="recommendations_act_event_valid",
                            violation_error_message="Choose one of the listed values.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(("outcome__in", ["done", "refused"])),
                            name="recommendations_act_outcome_valid",
                            violation_error_message="Choose one of the listed values.",
                        ),
                    ],
                },
            ),
        ]
    )
