import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import recommendations.models.fields
import recommendations.models.staff


def forget_deadlines(apps, schema_editor):
    """Remove the marks of what the digest told of deadlines: that kind of news is not known then."""
    apps.get_model("recommendations", "Notice").objects.filter(kind="deadline").delete()


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0047_give_evidence_its_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DiscardedDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    recommendations.models.fields.PlainCharField(
                        max_length=120, unique=True, verbose_name="reference"
                    ),
                ),
                ("discarded_at", models.DateTimeField(verbose_name="discarded at")),
                ("content", models.JSONField(verbose_name="the draft")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="discarded_drafts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="discarded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "discarded draft",
                "verbose_name_plural": "discarded drafts",
                "ordering": ["-discarded_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="preference",
            name="deadline_mails",
            field=models.CharField(
                choices=[
                    ("all", "30 and 7 days before, and when it has passed"),
                    ("late", "7 days before, and when it has passed"),
                    ("passed", "When it has passed"),
                    ("none", "Never"),
                ],
                default="all",
                max_length=10,
                verbose_name="mails about deadlines",
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="time_zone",
            field=models.CharField(
                blank=True,
                help_text="Of the clock times on the pages of the staff. Days stay those of UTC.",
                max_length=64,
                validators=[recommendations.models.staff.refuse_unknown_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline_mails__in", ["all", "late", "passed", "none"])),
                name="recommendations_preference_deadline_mails_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="recommendations_notice_kind_valid",
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_deadlines),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("submitted", "Submitted for review"),
                    ("returned", "Returned with a note"),
                    ("published", "Published"),
                    ("overdue", "Past its review date"),
                    ("deadline", "Its deadline nears or has passed"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["submitted", "returned", "published", "overdue", "deadline"])
                ),
                name="recommendations_notice_kind_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
    ]
