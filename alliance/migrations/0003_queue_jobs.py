import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0002_keep_whose_session_it_is"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [
        migrations.CreateModel(
            name="SeenWorker",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="job",
                        serialize=False,
                        to="django_tasks_database.dbtaskresult",
                        verbose_name="task",
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="key")),
                ("is_open", models.BooleanField(default=True, verbose_name="to be done")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, verbose_name="attempts"),
                ),
                ("holder", models.CharField(blank=True, max_length=32, verbose_name="held by")),
                ("leased_until", models.DateTimeField(null=True, verbose_name="held until")),
            ],
            options={
                "verbose_name": "background job",
                "verbose_name_plural": "background jobs",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_open", True)),
                        fields=("key",),
                        name="alliance_job_open_once",
                    )
                ],
            },
        ),
    ]
