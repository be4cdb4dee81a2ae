import django.db.models.deletion
import recommendations.models.choice_words
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0037_keep_files_to_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "title",
                    recommendations.models.fields.PlainCharField(
                        max_length=300, verbose_name="title"
                    ),
                ),
                (
                    "publisher",
                    recommendations.models.fields.PlainCharField(
                        max_length=200, verbose_name="publisher"
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Where readers find it. Without one, no status can be submitted on it.",
                        max_length=1000,
                        verbose_name="address",
                    ),
                ),
                ("published_on", models.DateField(verbose_name="published on")),
                (
                    "published_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                        default="day",
                        max_length=20,
                        verbose_name="precision of the date",
                    ),
                ),
                ("accessed_on", models.DateField(verbose_name="accessed on")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("primary", "Primary source"),
                            ("official", "Official statement"),
                            ("independent", "Independent study"),
                            ("press", "Press report"),
                            ("announcement", "Announcement"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "file_name",
                    recommendations.models.fields.PlainCharField(
                        max_length=200, verbose_name="file"
                    ),
                ),
                ("checksum", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                (
                    "sheet",
                    recommendations.models.fields.PlainCharField(
                        blank=True, max_length=200, verbose_name="sheet"
                    ),
                ),
                ("mapping", models.JSONField(verbose_name="columns")),
                ("imported_at", models.DateTimeField(verbose_name="imported at")),
                (
                    "imported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-imported_at", "-pk"],
            },
            bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
        ),
        migrations.CreateModel(
            name="DeliveryRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                (
                    "number",
                    recommendations.models.fields.PlainCharField(
                        blank=True, max_length=20, verbose_name="number in the table"
                    ),
                ),
                ("said", models.JSONField(verbose_name="what it says")),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("implemented", "Implemented"),
                            ("partly", "Partly implemented"),
                            ("in_progress", "In progress"),
                            ("no_action", "No action found"),
                            ("not_assessed", "Not assessed"),
                            ("overtaken", "Overtaken by events"),
                            ("stalled", "Stalled"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "effective_on",
                    models.DateField(blank=True, null=True, verbose_name="took effect on"),
                ),
                (
                    "effective_precision",
                    models.CharField(
                        choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                        default="day",
                        max_length=20,
                        verbose_name="precision",
                    ),
                ),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.action",
                        verbose_name="action",
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="recommendations.delivery",
                        verbose_name="delivery",
                    ),
                ),
                (
                    "update",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="recommendations.statusupdate",
                        verbose_name="status update",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a delivery",
                "verbose_name_plural": "rows of deliveries",
                "ordering": ["delivery", "row", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TableImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file_name",
                    recommendations.models.fields.PlainCharField(
                        max_length=200, verbose_name="file"
                    ),
                ),
                ("checksum", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("table", models.BinaryField(verbose_name="rows")),
                ("mapping", models.JSONField(verbose_name="columns")),
                ("decisions", models.JSONField(default=dict, verbose_name="decisions")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                (
                    "report",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.report",
                        verbose_name="report",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of a spreadsheet",
                "verbose_name_plural": "imports of spreadsheets",
                "ordering": ["-uploaded_at"],
            },
        ),
        migrations.CreateModel(
            name="TableMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    recommendations.models.fields.PlainCharField(
                        error_messages={"unique": "Another mapping has this name."},
                        max_length=100,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                ("mapping", models.JSONField(verbose_name="columns")),
                ("saved_at", models.DateTimeField(editable=False, verbose_name="saved at")),
                (
                    "saved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="saved by",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of columns",
                "verbose_name_plural": "mappings of columns",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AddresseeAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    recommendations.models.fields.PlainCharField(
                        max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "key",
                    recommendations.models.fields.PlainCharField(
                        editable=False, max_length=400, verbose_name="name, folded"
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        help_text="Without a party and a body the name is passed over.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.body",
                        verbose_name="body",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.report",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "name of an addressee in tables",
                "verbose_name_plural": "names of addressees in tables",
                "ordering": ["report", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "key"),
                        name="recommendations_addresseealias_unique",
                        violation_error_message="This name is known for this report already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("party__isnull", True), ("body__isnull", True), _connector="OR"
                        ),
                        name="recommendations_addresseealias_party_or_body",
                        violation_error_message="Choose a party or a body, not both.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["primary", "official", "independent", "press", "announcement"])
                ),
                name="recommendations_delivery_kind_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("published_precision__in", ["day", "month", "year"])),
                name="recommendations_delivery_precision_valid",
                violation_error_message="A source is dated by day, month or year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "",
                            "implemented",
                            "partly",
                            "in_progress",
                            "no_action",
                            "not_assessed",
                            "overtaken",
                            "stalled",
                            "rejected",
                        ],
                    )
                ),
                name="recommendations_deliveryrow_status_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective_precision__in", ["day", "month", "year"])),
                name="recommendations_deliveryrow_precision_valid",
                violation_error_message="A fact takes effect on a day, in a month or in a year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryrow",
            constraint=models.UniqueConstraint(
                fields=("delivery", "action"),
                name="recommendations_deliveryrow_one_an_action",
                violation_error_message="A delivery has at most one row an action.",
            ),
        ),
    ]
