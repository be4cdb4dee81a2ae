import django.db.models.deletion
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0016_relate_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = triggers.around(
        [
            migrations.RemoveConstraint(
                model_name="edition",
                name="recommendations_edition_kind_valid",
            ),
            migrations.RemoveConstraint(
                model_name="edition",
                name="recommendations_edition_baseline_names_report",
            ),
            migrations.RemoveConstraint(
                model_name="retractionrequest",
                name="recommendations_retractionrequest_decided_is_stamped",
            ),
            migrations.AddField(
                model_name="edition",
                name="horizon_on",
                field=models.DateField(
                    blank=True,
                    help_text="The last day of which the research read anything.",
                    null=True,
                    verbose_name="evidence to",
                ),
            ),
            migrations.AddField(
                model_name="edition",
                name="method",
                field=recommendations.models.fields.PlainTextField(
                    blank=True,
                    help_text="Of an edition of research: what made it, for the public.",
                    verbose_name="how it was made",
                ),
            ),
            migrations.AddField(
                model_name="edition",
                name="slug",
                field=models.SlugField(
                    blank=True,
                    help_text="By which a file of research is known when it is loaded again.",
                    max_length=120,
                    verbose_name="reference",
                ),
            ),
            migrations.AddField(
                model_name="retractionrequest",
                name="research_edition",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="retractions",
                    to="recommendations.edition",
                    verbose_name="retracted by the research of",
                ),
            ),
            migrations.AlterField(
                model_name="edition",
                name="kind",
                field=models.CharField(
                    choices=[
                        ("baseline", "Baseline"),
                        ("updates", "Updates"),
                        ("structure", "Structure"),
                        ("research", "Research"),
                    ],
                    max_length=20,
                    verbose_name="kind",
                ),
            ),
            migrations.AlterField(
                model_name="edition",
                name="report",
                field=models.ForeignKey(
                    blank=True,
                    help_text="The report whose baseline or later research this is.",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="editions",
                    to="recommendations.report",
                    verbose_name="report",
                ),
            ),
            migrations.AlterField(
                model_name="retractionrequest",
                name="requested_by",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="requested_retractions",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="requested by",
                ),
            ),
            migrations.AddConstraint(
                model_name="edition",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("kind__in", ["baseline", "updates", "structure", "research"])
                    ),
                    name="recommendations_edition_kind_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="edition",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("kind__in", ["baseline", "research"]), ("report__isnull", False)),
                        models.Q(
                            models.Q(("kind__in", ["baseline", "research"]), _negated=True),
                            ("report__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_edition_of_files_names_report",
                    violation_error_message="An edition of a baseline or of research names its report, no other does.",
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
                            models.Q(("kind", "research"), _negated=True),
                            ("horizon_on__isnull", True),
                            ("method", ""),
                            ("slug", ""),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_edition_research_says_how",
                    violation_error_message="An edition of research has a reference, says how it was made and until which day it looked; no other does.",
                ),
            ),
            migrations.AddConstraint(
                model_name="edition",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("slug", ""), _negated=True),
                    fields=("slug",),
                    name="recommendations_edition_one_a_reference",
                    violation_error_message="Another edition has this reference.",
                ),
            ),
            migrations.AddConstraint(
                model_name="retractionrequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("decided_at__isnull", True),
                            ("decided_by__isnull", True),
                            ("outcome", "pending"),
                        ),
                        models.Q(
                            models.Q(("outcome", "pending"), _negated=True),
                            ("decided_at__isnull", False),
                            ("decided_by__isnull", False),
                        ),
                        ("research_edition__isnull", False),
                        _connector="OR",
                    ),
                    name="recommendations_retractionrequest_decided_is_stamped",
                    violation_error_message="A decision has a person and a time.",
                ),
            ),
            migrations.AddConstraint(
                model_name="retractionrequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("requested_by__isnull", False), ("research_edition__isnull", True)
                        ),
                        models.Q(
                            ("decided_at__isnull", False),
                            ("decided_by__isnull", True),
                            ("outcome", "confirmed"),
                            ("requested_by__isnull", True),
                            ("research_edition__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_retractionrequest_people_or_research",
                    violation_error_message="A retraction is that of two persons or that of an edition of research.",
                ),
            ),
        ]
    )
