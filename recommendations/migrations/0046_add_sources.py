import django.core.validators
import django.db.models.deletion
import recommendations.models.choice_words
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0045_give_events_their_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = triggers.around(
        [
            migrations.CreateModel(
                name="Capture",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("made_at", models.DateTimeField(db_index=True, verbose_name="made at")),
                    (
                        "way",
                        models.CharField(
                            choices=[("fetched", "Fetched"), ("uploaded", "Uploaded")],
                            max_length=20,
                            verbose_name="how it came",
                        ),
                    ),
                    (
                        "fetched_url",
                        models.URLField(
                            blank=True,
                            help_text="After redirects. Empty of what was uploaded.",
                            max_length=2000,
                            verbose_name="address it came from",
                        ),
                    ),
                    (
                        "sha256",
                        models.CharField(
                            db_index=True,
                            max_length=64,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "\\A[0-9a-f]{64}\\Z",
                                    message="A SHA-256 has 64 digits from 0 to f.",
                                )
                            ],
                            verbose_name="SHA-256",
                        ),
                    ),
                    ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                    (
                        "media_type",
                        recommendations.models.fields.PlainCharField(
                            max_length=200, verbose_name="media type"
                        ),
                    ),
                    ("name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                    (
                        "archived_url",
                        models.URLField(blank=True, max_length=1000, verbose_name="archived copy"),
                    ),
                    ("text", models.TextField(blank=True, verbose_name="text")),
                    ("removed_at", models.DateTimeField(null=True, verbose_name="removed at")),
                    (
                        "removal_reason",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="reason"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "copy of a source",
                    "verbose_name_plural": "copies of sources",
                    "ordering": ["-made_at", "-pk"],
                    "default_permissions": ["view", "add"],
                },
            ),
            migrations.CreateModel(
                name="CaptureRemoval",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "reason",
                        recommendations.models.fields.PlainTextField(
                            help_text="Who demands it, and why, without names of private persons.",
                            verbose_name="public reason",
                        ),
                    ),
                    ("requested_at", models.DateTimeField(verbose_name="requested at")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("pending", "Waiting"),
                                ("confirmed", "Confirmed"),
                                ("declined", "Declined"),
                            ],
                            default="pending",
                            max_length=20,
                            verbose_name="outcome",
                        ),
                    ),
                    ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ],
                options={
                    "verbose_name": "removal of a copy",
                    "verbose_name_plural": "removals of copies",
                    "ordering": ["-requested_at", "-pk"],
                    "permissions": [("review_captureremoval", "Can decide on removals of copies")],
                    "default_permissions": ["view", "add"],
                },
            ),
            migrations.CreateModel(
                name="Source",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "key",
                        models.CharField(
                            editable=False, max_length=1000, unique=True, verbose_name="key"
                        ),
                    ),
                    (
                        "slug",
                        models.CharField(
                            editable=False, max_length=16, unique=True, verbose_name="reference"
                        ),
                    ),
                    (
                        "host",
                        models.CharField(
                            db_index=True, editable=False, max_length=253, verbose_name="host"
                        ),
                    ),
                    ("url", models.URLField(max_length=1000, verbose_name="address")),
                    (
                        "title",
                        recommendations.models.fields.PlainCharField(
                            blank=True, max_length=500, verbose_name="title"
                        ),
                    ),
                    (
                        "publisher",
                        recommendations.models.fields.PlainCharField(
                            blank=True, max_length=200, verbose_name="publisher"
                        ),
                    ),
                    (
                        "language",
                        models.CharField(
                            blank=True,
                            max_length=20,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\\Z",
                                    message="Use the code of a language: en, ja, zh, ko.",
                                )
                            ],
                            verbose_name="language",
                        ),
                    ),
                    (
                        "kind",
                        models.CharField(
                            blank=True,
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
                        "is_state_media",
                        models.BooleanField(default=False, verbose_name="state media"),
                    ),
                    (
                        "published_on",
                        models.DateField(blank=True, null=True, verbose_name="published on"),
                    ),
                    (
                        "published_precision",
                        models.CharField(
                            choices=[("day", "Day"), ("month", "Month"), ("year", "Year")],
                            default="day",
                            max_length=20,
                            verbose_name="precision",
                        ),
                    ),
                    (
                        "archived_url",
                        models.URLField(
                            blank=True,
                            help_text="At a web archive, for all readers.",
                            max_length=1000,
                            verbose_name="archived copy",
                        ),
                    ),
                    (
                        "copy_rights",
                        models.CharField(
                            blank=True,
                            choices=[
                                ("", "Not stated: kept, and not shown"),
                                ("allowed", "Readers may have it"),
                                ("refused", "Refused: kept, and not shown"),
                            ],
                            default="",
                            help_text="Pages for the public lead to our copy only where readers may have it.",
                            max_length=20,
                            verbose_name="rights of our copies",
                        ),
                    ),
                    (
                        "note",
                        recommendations.models.fields.PlainTextField(
                            blank=True, help_text="For the staff alone.", verbose_name="note"
                        ),
                    ),
                ],
                options={
                    "verbose_name": "source",
                    "verbose_name_plural": "sources",
                    "ordering": ["host", "pk"],
                },
                bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
            ),
            migrations.RemoveConstraint(
                model_name="act",
                name="recommendations_act_event_valid",
            ),
            migrations.AddField(
                model_name="evidence",
                name="capture_sha256",
                field=models.CharField(
                    blank=True,
                    help_text="Of the copy that this was read in, where we keep one.",
                    max_length=64,
                    validators=[
                        django.core.validators.RegexValidator(
                            "\\A[0-9a-f]{64}\\Z", message="A SHA-256 has 64 digits from 0 to f."
                        )
                    ],
                    verbose_name="SHA-256 of our copy",
                ),
            ),
            migrations.AlterField(
                model_name="act",
                name="event",
                field=models.CharField(
                    choices=[
                        ("sign_in", "Sign-in"),
                        ("lock_out", "Lock-out"),
                        ("sign_out", "Sign-out"),
                        ("reauthentication", "Identity shown again"),
                        ("session", "Session ended"),
                        ("factor_added", "Second factor added"),
                        ("factor_removed", "Second factor removed"),
                        ("password", "Password changed"),
                        ("account", "Account or role changed"),
                        ("draft", "Draft saved"),
                        ("submission", "Submission"),
                        ("return", "Return"),
                        ("publication", "Publication"),
                        ("retraction", "Retraction"),
                        ("coding", "Second coding"),
                        ("structure", "Structure"),
                        ("wording", "Wording or grouping"),
                        ("translation", "Translation"),
                        ("import", "Import"),
                        ("export", "Export"),
                        ("source", "Source or copy of one"),
                        ("reader_report", "Report of a reader decided"),
                        ("refusal", "Page refused"),
                        ("upkeep", "Upkeep of the database"),
                        ("other", "Other change"),
                    ],
                    max_length=20,
                    verbose_name="event",
                ),
            ),
            migrations.AddConstraint(
                model_name="act",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (
                            "event__in",
                            [
                                "sign_in",
                                "lock_out",
                                "sign_out",
                                "reauthentication",
                                "session",
                                "factor_added",
                                "factor_removed",
                                "password",
                                "account",
                                "draft",
                                "submission",
                                "return",
                                "publication",
                                "retraction",
                                "coding",
                                "structure",
                                "wording",
                                "translation",
                                "import",
                                "export",
                                "source",
                                "reader_report",
                                "refusal",
                                "upkeep",
                                "other",
                            ],
                        )
                    ),
                    name="recommendations_act_event_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddField(
                model_name="capture",
                name="made_by",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="captures",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="made by",
                ),
            ),
            migrations.AddField(
                model_name="captureremoval",
                name="capture",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="removals",
                    to="recommendations.capture",
                    verbose_name="copy",
                ),
            ),
            migrations.AddField(
                model_name="captureremoval",
                name="decided_by",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="decided_capture_removals",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="decided by",
                ),
            ),
            migrations.AddField(
                model_name="captureremoval",
                name="requested_by",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="requested_capture_removals",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="requested by",
                ),
            ),
            migrations.AddConstraint(
                model_name="source",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (
                            "kind__in",
                            ["", "primary", "official", "independent", "press", "announcement"],
                        )
                    ),
                    name="recommendations_source_kind_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="source",
                constraint=models.CheckConstraint(
                    condition=models.Q(("copy_rights__in", ["", "allowed", "refused"])),
                    name="recommendations_source_copy_rights_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="source",
                constraint=models.CheckConstraint(
                    condition=models.Q(("published_precision__in", ["day", "month", "year"])),
                    name="recommendations_source_precision_valid",
                    violation_error_message="A source is dated by day, month or year.",
                ),
            ),
            migrations.AddConstraint(
                model_name="source",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("key", ""), _negated=True),
                        models.Q(("slug", ""), _negated=True),
                        models.Q(("url", ""), _negated=True),
                    ),
                    name="recommendations_source_has_address",
                    violation_error_message="A source has an address.",
                ),
            ),
            migrations.AddField(
                model_name="capture",
                name="source",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="captures",
                    to="recommendations.source",
                    verbose_name="source",
                ),
            ),
            migrations.AddField(
                model_name="evidence",
                name="source",
                field=models.ForeignKey(
                    blank=True,
                    editable=False,
                    help_text="Given by publication, by the address.",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="items",
                    to="recommendations.source",
                    verbose_name="source",
                ),
            ),
            migrations.AddConstraint(
                model_name="captureremoval",
                constraint=models.CheckConstraint(
                    condition=models.Q(("outcome__in", ["pending", "confirmed", "declined"])),
                    name="recommendations_captureremoval_outcome_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="captureremoval",
                constraint=models.CheckConstraint(
                    condition=models.Q(("reason", ""), _negated=True),
                    name="recommendations_captureremoval_says_why",
                    violation_error_message="Say why the copy is to go.",
                ),
            ),
            migrations.AddConstraint(
                model_name="captureremoval",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("decided_by__isnull", True),
                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        _connector="OR",
                    ),
                    name="recommendations_captureremoval_four_eyes",
                    violation_error_message="Another person has to confirm the removal.",
                ),
            ),
            migrations.AddConstraint(
                model_name="captureremoval",
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
                        _connector="OR",
                    ),
                    name="recommendations_captureremoval_decided_is_stamped",
                    violation_error_message="A decision has a person and a time.",
                ),
            ),
            migrations.AddConstraint(
                model_name="captureremoval",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("outcome", "pending")),
                    fields=("capture",),
                    name="recommendations_captureremoval_one_pending",
                    violation_error_message="A removal of this copy waits already.",
                ),
            ),
            migrations.AddConstraint(
                model_name="capture",
                constraint=models.CheckConstraint(
                    condition=models.Q(("way__in", ["fetched", "uploaded"])),
                    name="recommendations_capture_way_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="capture",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("sha256", ""), _negated=True),
                        models.Q(("media_type", ""), _negated=True),
                    ),
                    name="recommendations_capture_is_described",
                    violation_error_message="A copy has a SHA-256 and a media type.",
                ),
            ),
            migrations.AddConstraint(
                model_name="capture",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("removal_reason", ""),
                            ("removed_at__isnull", True),
                            models.Q(("name", ""), _negated=True),
                        ),
                        models.Q(
                            ("name", ""),
                            ("removed_at__isnull", False),
                            ("text", ""),
                            models.Q(("removal_reason", ""), _negated=True),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_capture_kept_or_removed",
                    violation_error_message="A copy has its file, or the reason why it was removed.",
                ),
            ),
        ]
    )
