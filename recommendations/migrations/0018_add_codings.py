import django.core.validators
import django.db.models.deletion
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0017_add_research_editions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = triggers.around(
        [
            migrations.CreateModel(
                name="Coding",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "coder",
                        models.CharField(
                            choices=[
                                ("first", "First coding"),
                                ("second", "Second coding"),
                                ("adjudicated", "Adjudicated"),
                            ],
                            max_length=20,
                            verbose_name="coder",
                        ),
                    ),
                    (
                        "status",
                        models.CharField(
                            choices=[
                                ("implemented", "Implemented"),
                                ("partly", "Partly implemented"),
                                ("in_progress", "In progress"),
                                ("no_action", "No action found"),
                                ("not_assessed", "Not assessed"),
                                ("overtaken", "Overtaken by events"),
                                ("stalled", "Stalled"),
                                ("rejected", "Rejected"),
                                ("not_verifiable", "Not verifiable"),
                            ],
                            max_length=20,
                            verbose_name="status",
                        ),
                    ),
                    ("coded_on", models.DateField(blank=True, null=True, verbose_name="coded on")),
                    (
                        "decision",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("confirm", "Confirmed"),
                                ("extend", "Extended"),
                                ("correct", "Corrected"),
                            ],
                            max_length=20,
                            verbose_name="decision",
                        ),
                    ),
                    (
                        "reason",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="reason"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "coding",
                    "verbose_name_plural": "codings",
                    "ordering": ["action", "edition_id", "coder"],
                },
            ),
            migrations.RemoveConstraint(
                model_name="edition",
                name="recommendations_edition_research_says_how",
            ),
            migrations.AddField(
                model_name="evidence",
                name="language",
                field=models.CharField(
                    blank=True,
                    help_text="Code of the language of the title and the quotation, such as en, ja or zh. Left empty, it is told by the script.",
                    max_length=20,
                    validators=[
                        django.core.validators.RegexValidator(
                            "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z",
                            message="Use the code of a language: en, ja, zh, ko.",
                        )
                    ],
                    verbose_name="language",
                ),
            ),
            migrations.AlterField(
                model_name="edition",
                name="method",
                field=recommendations.models.fields.PlainTextField(
                    blank=True,
                    help_text="Of an edition that a file made: what made it, for the public.",
                    verbose_name="how it was made",
                ),
            ),
            migrations.AlterField(
                model_name="edition",
                name="slug",
                field=models.SlugField(
                    blank=True,
                    help_text="By which the file of an edition is known when it is loaded again.",
                    max_length=120,
                    verbose_name="reference",
                ),
            ),
            migrations.AddConstraint(
                model_name="edition",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("horizon_on__isnull", False),
                            ("kind", "research"),
                            models.Q(("slug", ""), _negated=True),
                            models.Q(("method", ""), _negated=True),
                        ),
                        models.Q(
                            ("horizon_on__isnull", True),
                            ("kind", "structure"),
                            models.Q(
                                models.Q(("method", ""), ("slug", "")),
                                models.Q(
                                    models.Q(("slug", ""), _negated=True),
                                    models.Q(("method", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                        ),
                        models.Q(
                            models.Q(("kind__in", ["research", "structure"]), _negated=True),
                            ("horizon_on__isnull", True),
                            ("method", ""),
                            ("slug", ""),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_edition_of_a_file_says_how",
                    violation_error_message="An edition that a file made has a reference and says how it was made; one of research also says until which day it looked.",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="action",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="codings",
                    to="recommendations.action",
                    verbose_name="action",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="edition",
                field=models.ForeignKey(
                    blank=True,
                    editable=False,
                    help_text="The edition that published it.",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="codings",
                    to="recommendations.edition",
                    verbose_name="edition",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="person",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="codings",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="person",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(("coder__in", ["first", "second", "adjudicated"])),
                    name="recommendations_coding_coder_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (
                            "status__in",
                            [
                                "implemented",
                                "partly",
                                "in_progress",
                                "no_action",
                                "not_assessed",
                                "overtaken",
                                "stalled",
                                "rejected",
                                "not_verifiable",
                            ],
                        )
                    ),
                    name="recommendations_coding_status_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(("decision__in", ["", "confirm", "extend", "correct"])),
                    name="recommendations_coding_decision_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("coder", "adjudicated"),
                        models.Q(("decision", ""), ("reason", "")),
                        _connector="OR",
                    ),
                    name="recommendations_coding_adjudicator_decides",
                    violation_error_message="Only an adjudicated coding decides and says why.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("person__isnull", False), ("edition__isnull", False), _connector="OR"
                    ),
                    name="recommendations_coding_of_person_or_research",
                    violation_error_message="A coding is of a person, or of an edition of research.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.UniqueConstraint(
                    fields=("action", "coder", "edition"),
                    name="recommendations_coding_one_an_edition",
                    violation_error_message="This coder has coded the action already.",
                ),
            ),
            # Reasons of edits are sentences, longer than a hundred characters.
            migrations.AlterField(
                model_name="historicalaction",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalbody",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalcontextevent",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalparty",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalpolicyarea",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalrecommendation",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalrecommendationrelation",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalreport",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicalsection",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
            migrations.AlterField(
                model_name="historicaltranslation",
                name="history_change_reason",
                field=models.TextField(null=True),
            ),
        ]
    )
