import django.db.models.deletion
import recommendations.models.fields
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0038_add_deliveries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = around(
        [
            migrations.CreateModel(
                name="AddresseeGroup",
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
                        "row_name",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="On rows that stand beside other groups, where the name alone could mislead.",
                            max_length=200,
                            verbose_name="name beside others",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "addressee group",
                    "verbose_name_plural": "addressee groups",
                    "ordering": ["position", "name"],
                    "abstract": False,
                },
            ),
            migrations.CreateModel(
                name="HistoricalAddresseeGroup",
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
                        "row_name",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="On rows that stand beside other groups, where the name alone could mislead.",
                            max_length=200,
                            verbose_name="name beside others",
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
                ],
                options={
                    "verbose_name": "historical addressee group",
                    "verbose_name_plural": "historical addressee groups",
                    "ordering": ("-history_date", "-history_id"),
                    "get_latest_by": ("history_date", "history_id"),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name="HistoricalAddresseeGroup_parties",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True, blank=True, db_index=True, verbose_name="ID"
                        ),
                    ),
                    ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                ],
                options={
                    "verbose_name": "HistoricalAddresseeGroup_parties",
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.RemoveConstraint(
                model_name="action",
                name="recommendations_action_addressee_valid",
            ),
            migrations.AlterField(
                model_name="action",
                name="addressee",
                field=models.CharField(
                    default="with_others", editable=False, max_length=80, verbose_name="addressee"
                ),
            ),
            migrations.AddField(
                model_name="addresseegroup",
                name="parties",
                field=models.ManyToManyField(
                    blank=True,
                    related_name="addressee_groups",
                    to="recommendations.party",
                    verbose_name="parties",
                ),
            ),
            migrations.AddField(
                model_name="historicaladdresseegroup",
                name="history_user",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            migrations.AddField(
                model_name="historicaladdresseegroup_parties",
                name="addresseegroup",
                field=models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_tablespace="",
                    null=True,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    related_name="+",
                    to="recommendations.addresseegroup",
                ),
            ),
            migrations.AddField(
                model_name="historicaladdresseegroup_parties",
                name="history",
                field=models.ForeignKey(
                    db_constraint=False,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    to="recommendations.historicaladdresseegroup",
                ),
            ),
            migrations.AddField(
                model_name="historicaladdresseegroup_parties",
                name="party",
                field=models.ForeignKey(
                    blank=True,
                    db_constraint=False,
                    db_tablespace="",
                    null=True,
                    on_delete=django.db.models.deletion.DO_NOTHING,
                    related_name="+",
                    to="recommendations.party",
                ),
            ),
        ]
    )
