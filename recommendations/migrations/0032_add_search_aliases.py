import django.db.models.deletion
import recommendations.models.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0031_remove_search_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = around(
        [
            migrations.CreateModel(
                name="HistoricalSearchAlias",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True, blank=True, db_index=True, verbose_name="ID"
                        ),
                    ),
                    (
                        "names",
                        recommendations.models.fields.PlainTextField(
                            help_text="One a line, in whichever language. Who searches for one of them finds what has any of them. Capitals, plurals, British or American spelling, width and kana make no difference.",
                            verbose_name="names",
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
                    (
                        "report",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            help_text="The report that these names are of, if any: a search for one leads to it.",
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="recommendations.report",
                            verbose_name="report",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "historical other names in search",
                    "verbose_name_plural": "historical other names in search",
                    "ordering": ("-history_date", "-history_id"),
                    "get_latest_by": ("history_date", "history_id"),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name="SearchAlias",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "names",
                        recommendations.models.fields.PlainTextField(
                            help_text="One a line, in whichever language. Who searches for one of them finds what has any of them. Capitals, plurals, British or American spelling, width and kana make no difference.",
                            verbose_name="names",
                        ),
                    ),
                    (
                        "report",
                        models.ForeignKey(
                            blank=True,
                            help_text="The report that these names are of, if any: a search for one leads to it.",
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="search_aliases",
                            to="recommendations.report",
                            verbose_name="report",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "other names in search",
                    "verbose_name_plural": "other names in search",
                    "ordering": ["names"],
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("names", ""), _negated=True),
                                models.Q(("names__startswith", "\n"), _negated=True),
                                models.Q(("names__endswith", "\n"), _negated=True),
                                models.Q(("names__contains", "\n\n"), _negated=True),
                            ),
                            name="recommendations_searchalias_no_empty_line",
                            violation_error_message="Each line has a name.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                ("names__contains", "\n"),
                                ("report__isnull", False),
                                _connector="OR",
                            ),
                            name="recommendations_searchalias_names_or_report",
                            violation_error_message="Give at least two names, or the report of one.",
                        ),
                    ],
                },
            ),
        ]
    )
