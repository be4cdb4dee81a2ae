import django.db.models.deletion
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0036_add_topics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileToRead",
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
                ("data", models.BinaryField(verbose_name="content of the file")),
                (
                    "language",
                    models.CharField(max_length=10, verbose_name="language of the editor"),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("problem", models.TextField(blank=True, verbose_name="why it could not be read")),
                (
                    "read_as",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="recommendations.reportimport",
                        verbose_name="what was read in it",
                    ),
                ),
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
                "verbose_name": "file to be read",
                "verbose_name_plural": "files to be read",
                "ordering": ["-uploaded_at"],
                "default_permissions": (),
            },
        ),
    ]
