import django.db.models.deletion
import recommendations.models.fields
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True
    dependencies = [
        ("recommendations", "0040_begin_addressee_groups"),
    ]

    operations = around(
        [
            migrations.CreateModel(
                name="FiscalYear",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "begins_month",
                        models.PositiveSmallIntegerField(
                            choices=[
                                (1, "January"),
                                (2, "February"),
                                (3, "March"),
                                (4, "April"),
                                (5, "May"),
                                (6, "June"),
                                (7, "July"),
                                (8, "August"),
                                (9, "September"),
                                (10, "October"),
                                (11, "November"),
                                (12, "December"),
                            ],
                            default=1,
                            verbose_name="begins in",
                        ),
                    ),
                    (
                        "begins_day",
                        models.PositiveSmallIntegerField(default=1, verbose_name="on day"),
                    ),
                    (
                        "is_named_by_end",
                        models.BooleanField(
                            default=False,
                            help_text="Otherwise FY2026 is the one that begins in 2026.",
                            verbose_name="named after the year in which it ends",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "fiscal year",
                    "verbose_name_plural": "fiscal years",
                    "ordering": [models.OrderBy(models.F("party"), nulls_first=True)],
                },
            ),
            migrations.CreateModel(
                name="SiteLogo",
                fields=[
                    ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                    ("data", models.BinaryField()),
                ],
                options={
                    "verbose_name": "logo",
                    "verbose_name_plural": "logos",
                },
            ),
            migrations.RemoveConstraint(
                model_name="deadline",
                name="recommendations_deadline_precision_valid",
            ),
            migrations.AddField(
                model_name="historicalsite",
                name="accent",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Of links and buttons, as six digits: #7a1f3d. Empty, it is indigo.",
                    max_length=7,
                    verbose_name="accent colour",
                ),
            ),
            migrations.AddField(
                model_name="historicalsite",
                name="accent_dark",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Empty, it is the other one, lightened until it can be read.",
                    max_length=7,
                    verbose_name="accent colour in the dark appearance",
                ),
            ),
            migrations.AddField(
                model_name="historicalsite",
                name="home",
                field=models.CharField(
                    choices=[
                        ("featured", "The featured report, else the newest"),
                        ("all", "All reports"),
                    ],
                    default="featured",
                    max_length=10,
                    verbose_name="front page",
                ),
            ),
            migrations.AddField(
                model_name="historicalsite",
                name="languages",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Pages in another language lead to the first of these. Staff have all.",
                    max_length=100,
                    verbose_name="languages shown",
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="accent",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Of links and buttons, as six digits: #7a1f3d. Empty, it is indigo.",
                    max_length=7,
                    verbose_name="accent colour",
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="accent_dark",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Empty, it is the other one, lightened until it can be read.",
                    max_length=7,
                    verbose_name="accent colour in the dark appearance",
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="home",
                field=models.CharField(
                    choices=[
                        ("featured", "The featured report, else the newest"),
                        ("all", "All reports"),
                    ],
                    default="featured",
                    max_length=10,
                    verbose_name="front page",
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="languages",
                field=recommendations.models.fields.PlainCharField(
                    blank=True,
                    help_text="Pages in another language lead to the first of these. Staff have all.",
                    max_length=100,
                    verbose_name="languages shown",
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="logo",
                field=models.CharField(
                    blank=True, editable=False, max_length=40, verbose_name="logo"
                ),
            ),
            migrations.AddField(
                model_name="site",
                name="logo_height",
                field=models.PositiveSmallIntegerField(default=0, editable=False),
            ),
            migrations.AddField(
                model_name="site",
                name="logo_width",
                field=models.PositiveSmallIntegerField(default=0, editable=False),
            ),
            migrations.AlterField(
                model_name="deadline",
                name="precision",
                field=models.CharField(
                    choices=[
                        ("day", "Day"),
                        ("month", "Month"),
                        ("quarter", "Quarter"),
                        ("year", "Year"),
                        ("fiscal_year", "Fiscal year, by its first day"),
                        ("fiscal_year_japan", "Fiscal year of Japan (to 31 March)"),
                        ("fiscal_year_us", "Fiscal year of the United States (to 30 September)"),
                    ],
                    default="day",
                    max_length=20,
                    verbose_name="precision",
                ),
            ),
            migrations.AddConstraint(
                model_name="deadline",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (
                            "precision__in",
                            [
                                "day",
                                "month",
                                "quarter",
                                "year",
                                "fiscal_year",
                                "fiscal_year_japan",
                                "fiscal_year_us",
                            ],
                        )
                    ),
                    name="recommendations_deadline_precision_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddField(
                model_name="fiscalyear",
                name="party",
                field=models.OneToOneField(
                    blank=True,
                    help_text="Empty, it is that of every party without one of its own.",
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="fiscal_year",
                    to="recommendations.party",
                    verbose_name="party",
                ),
            ),
            migrations.AddConstraint(
                model_name="fiscalyear",
                constraint=models.UniqueConstraint(
                    models.Value(1),
                    condition=models.Q(("party__isnull", True)),
                    name="recommendations_fiscalyear_one_for_others",
                    violation_error_message="The others have one already: change that one.",
                ),
            ),
            migrations.AddConstraint(
                model_name="fiscalyear",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("begins_day__range", (1, 31)), ("begins_month__range", (1, 12))
                    ),
                    name="recommendations_fiscalyear_begins_on_a_day",
                    violation_error_message="The month has no such day in every year.",
                ),
            ),
            migrations.AddConstraint(
                model_name="site",
                constraint=models.CheckConstraint(
                    condition=models.Q(("home__in", ["featured", "all"])),
                    name="recommendations_site_home_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
        ]
    )
