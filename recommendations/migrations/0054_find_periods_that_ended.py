import django.db.models.deletion
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0053_find_what_left"),
    ]

    operations = triggers.around(
        [
            migrations.AlterField(
                model_name="evidenceperiod",
                name="until_edition",
                field=models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="recommendations.edition",
                ),
            ),
            migrations.AlterField(
                model_name="statusperiod",
                name="until_edition",
                field=models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="recommendations.edition",
                ),
            ),
            migrations.AlterField(
                model_name="verifiabilityperiod",
                name="until_edition",
                field=models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="recommendations.edition",
                ),
            ),
            migrations.AddIndex(
                model_name="evidenceperiod",
                index=models.Index(
                    condition=models.Q(("until_edition__isnull", False)),
                    fields=["until_edition"],
                    name="recommendation_evid_left",
                ),
            ),
            migrations.AddIndex(
                model_name="statusperiod",
                index=models.Index(
                    condition=models.Q(("until_edition__isnull", False)),
                    fields=["until_edition"],
                    name="recommendation_period_left",
                ),
            ),
            migrations.AddIndex(
                model_name="verifiabilityperiod",
                index=models.Index(
                    condition=models.Q(("until_edition__isnull", False)),
                    fields=["until_edition"],
                    name="recommendation_verif_left",
                ),
            ),
        ]
    )
