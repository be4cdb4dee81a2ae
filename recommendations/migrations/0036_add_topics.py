import django.db.models.deletion
import recommendations.models.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0035_begin_site"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = around(
        [
            migrations.CreateModel(
                name="HistoricalTopic",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True, blank=True, db_index=True, verbose_name="ID"
                        ),
                    ),
                    ("slug", models.SlugField(max_length=80, verbose_name="slug")),
                    (
                        "name",
                        recommendations.models.fields.PlainCharField(
                            max_length=200, verbose_name="name"
                        ),
                    ),
                    ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                    (
                        "query",
                        recommendations.models.fields.PlainCharField(
                            help_text="The address of the list with the filters that find it, or what stands behind its question mark: area=trade-and-investment",
                            max_length=500,
                            verbose_name="filters of the list",
                        ),
                    ),
                    ("history_id", models.AutoField(primary_key=True, serialize=False)),
                    ("history_date", models.DateTimeField(db_index=True)),
                    ("history_change_reason", models.TextField(null=True)),
                    (
                        "history_type",
                        models.CharField(
                            choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                            max_length=1,
                        ),
                    ),
                    (
                        "history_user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "historical topic",
                    "verbose_name_plural": "historical topics",
                    "ordering": ("-history_date", "-history_id"),
                    "get_latest_by": ("history_date", "history_id"),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name="Topic",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("slug", models.SlugField(max_length=80, unique=True, verbose_name="slug")),
                    (
                        "name",
                        recommendations.models.fields.PlainCharField(
                            max_length=200, verbose_name="name"
                        ),
                    ),
                    ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                    (
                        "query",
                        recommendations.models.fields.PlainCharField(
                            help_text="The address of the list with the filters that find it, or what stands behind its question mark: area=trade-and-investment",
                            max_length=500,
                            verbose_name="filters of the list",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "topic",
                    "verbose_name_plural": "topics",
                    "ordering": ["position", "name"],
                    "abstract": False,
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("query", ""), _negated=True),
                            name="recommendations_topic_has_query",
                            violation_error_message="Give the filters that find it.",
                        )
                    ],
                },
            ),
        ]
    )
