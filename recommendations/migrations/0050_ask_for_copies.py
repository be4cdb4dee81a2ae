import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0049_add_inbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=1000, verbose_name="key")),
                ("address", models.URLField(max_length=1000, verbose_name="address")),
                (
                    "way",
                    models.CharField(
                        choices=[("fetched", "Fetched"), ("uploaded", "Uploaded")],
                        default="fetched",
                        max_length=20,
                        verbose_name="how it came",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                (
                    "checksum",
                    models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the file"),
                ),
                (
                    "data",
                    models.BinaryField(blank=True, default=b"", verbose_name="content of the file"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("kept", "Kept"), ("failed", "Not made")],
                        default="waiting",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="why there is no copy"
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="file that is written"
                    ),
                ),
                (
                    "archived_url",
                    models.URLField(blank=True, max_length=1000, verbose_name="archived copy"),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "capture",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="recommendations.capture",
                        verbose_name="copy",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a copy",
                "verbose_name_plural": "requests for copies",
                "ordering": ["-pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["key", "-id"], name="recommendations_request_key")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["fetched", "uploaded"])),
                        name="recommendations_capturerequest_way_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "kept", "failed"])),
                        name="recommendations_capturerequest_state_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("capture__isnull", True),
                                ("ended_at__isnull", True),
                                ("reason", ""),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("capture__isnull", False),
                                ("ended_at__isnull", False),
                                ("reason", ""),
                                ("state", "kept"),
                            ),
                            models.Q(
                                ("capture__isnull", True),
                                ("ended_at__isnull", False),
                                ("state", "failed"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recommendations_capturerequest_ended_is_told",
                        violation_error_message="What has ended has a copy, or a reason why not.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checksum", ""), ("file_name", ""), ("way", "fetched")),
                            models.Q(
                                ("way", "uploaded"), models.Q(("checksum", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="recommendations_capturerequest_brings_a_file",
                        violation_error_message="What was uploaded has a file.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("key", "way", "checksum"),
                        name="recommendations_capturerequest_one_waiting",
                        violation_error_message="A copy of this address is asked for already.",
                    ),
                ],
            },
        ),
    ]
