import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0043_give_another_example_of_topics"),
    ]

    operations = around(
        [
            migrations.AddField(
                model_name="contextevent",
                name="parties",
                field=models.ManyToManyField(
                    blank=True,
                    help_text="The charts of what is asked of one of them show it. Without report and party, all do.",
                    related_name="context_events",
                    to="recommendations.party",
                    verbose_name="parties",
                ),
            ),
            migrations.AlterField(
                model_name="contextevent",
                name="report",
                field=models.ForeignKey(
                    blank=True,
                    help_text="The charts about this report show it.",
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="context_events",
                    to="recommendations.report",
                    verbose_name="report",
                ),
            ),
            migrations.AlterField(
                model_name="historicalcontextevent",
                name="report",
                field=models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    help_text="The charts about this report show it.",
                    null=True,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    related_name="+",
                    to="recommendations.report",
                    verbose_name="report",
                ),
            ),
            migrations.CreateModel(
                name="HistoricalContextEvent_parties",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True, blank=True, db_index=True, verbose_name="ID"
                        ),
                    ),
                    ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                    (
                        "contextevent",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            db_tablespace="",
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="recommendations.contextevent",
                        ),
                    ),
                    (
                        "history",
                        models.ForeignKey(
                            db_constraint=False,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            to="recommendations.historicalcontextevent",
                        ),
                    ),
                    (
                        "party",
                        models.ForeignKey(
                            blank=True,
                            db_constraint=False,
                            db_tablespace="",
                            null=True,
                            on_delete=django.db.models.deletion.DO_NOTHING,
                            related_name="+",
                            to="recommendations.party",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "HistoricalContextEvent_parties",
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ]
    )
