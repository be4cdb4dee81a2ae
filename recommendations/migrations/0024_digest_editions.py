import django.db.models.deletion
import recommendations.models.digest
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers
from recommendations.digests.sealing import seal_existing


def digest_existing(apps, schema_editor):
    """Give the editions that there are their digests, over the wording as it is now."""
    seal_existing(model=lambda name: apps.get_model("recommendations", name))
    if schema_editor.connection.vendor == "postgresql":
        # A table with rows whose keys are yet to be looked up takes no trigger.
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("recommendations", "0023_name_who_made_editions"),
    ]

    operations = triggers.around(
        [
            migrations.CreateModel(
                name="EditionDigest",
                fields=[
                    (
                        "edition",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            primary_key=True,
                            related_name="digested",
                            serialize=False,
                            to="recommendations.edition",
                            verbose_name="edition",
                        ),
                    ),
                    ("format", models.PositiveSmallIntegerField(verbose_name="format")),
                    ("header", models.TextField(verbose_name="header")),
                    (
                        "previous",
                        models.CharField(
                            blank=True, max_length=64, verbose_name="digest before it"
                        ),
                    ),
                    ("digest", models.CharField(max_length=64, verbose_name="digest")),
                    ("made_at", models.DateTimeField(verbose_name="made at")),
                    (
                        "text_marks",
                        models.JSONField(default=dict, verbose_name="newest edits looked at"),
                    ),
                ],
                options={
                    "verbose_name": "digest of an edition",
                    "verbose_name_plural": "digests of editions",
                    "ordering": ["edition_id"],
                },
            ),
            migrations.CreateModel(
                name="Pseudonym",
                fields=[
                    (
                        "person",
                        models.OneToOneField(
                            on_delete=django.db.models.deletion.PROTECT,
                            primary_key=True,
                            related_name="pseudonym",
                            serialize=False,
                            to=settings.AUTH_USER_MODEL,
                            verbose_name="person",
                        ),
                    ),
                    (
                        "code",
                        models.CharField(
                            default=recommendations.models.digest.new_code,
                            max_length=32,
                            unique=True,
                            verbose_name="code",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "pseudonym",
                    "verbose_name_plural": "pseudonyms",
                },
            ),
            migrations.CreateModel(
                name="EditionItem",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("key", models.CharField(max_length=250, verbose_name="key")),
                    ("content", models.TextField(verbose_name="content")),
                    ("nonce", models.CharField(blank=True, max_length=32, verbose_name="nonce")),
                    ("digest", models.CharField(max_length=64, verbose_name="digest")),
                    (
                        "edition",
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="digested_items",
                            to="recommendations.edition",
                            verbose_name="edition",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "digested item",
                    "verbose_name_plural": "digested items",
                    "ordering": ["edition_id", "digest"],
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("key", "edition"),
                            name="recommendations_editionitem_unique_key",
                            violation_error_message="An edition has one item of a key.",
                        )
                    ],
                },
            ),
            migrations.RunPython(digest_existing, migrations.RunPython.noop),
        ]
    )
