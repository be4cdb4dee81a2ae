import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0021_keep_changed_translations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = triggers.around(
        [
            migrations.AddField(
                model_name="coding",
                name="compared_with",
                field=models.ForeignKey(
                    blank=True,
                    editable=False,
                    help_text="What gave the action its status when a person coded it again.",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="recommendations.statusupdate",
                    verbose_name="compared with",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="draft",
                field=models.ForeignKey(
                    blank=True,
                    editable=False,
                    help_text="The update that a person made of it, for a reviewer.",
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="codings",
                    to="recommendations.statusupdate",
                    verbose_name="draft",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="effective_on",
                field=models.DateField(blank=True, null=True, verbose_name="took effect on"),
            ),
            migrations.AddField(
                model_name="coding",
                name="effective_precision",
                field=models.CharField(
                    choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                    default="day",
                    max_length=20,
                    verbose_name="precision",
                ),
            ),
            migrations.AddField(
                model_name="coding",
                name="is_same",
                field=models.BooleanField(
                    default=False,
                    editable=False,
                    help_text="A person came to the same status since the same time.",
                    verbose_name="the same",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(("effective_precision__in", ["day", "month", "year"])),
                    name="recommendations_coding_precision_valid",
                    violation_error_message="A fact takes effect on a day, in a month or in a year.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("person__isnull", True), ("compared_with__isnull", False), _connector="OR"
                    ),
                    name="recommendations_coding_of_person_is_compared",
                    violation_error_message="A person codes again what stands.",
                ),
            ),
            migrations.AddConstraint(
                model_name="coding",
                constraint=models.UniqueConstraint(
                    fields=("person", "compared_with"),
                    name="recommendations_coding_one_a_person",
                    violation_error_message="This person has coded it already.",
                ),
            ),
        ]
    )
