import django.core.validators
import django.db.models.deletion
import recommendations.models.choice_words
import recommendations.models.fields
import recommendations.models.listed_host
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers
from recommendations.text.host_words import words_of_hosts


def learn_hosts(apps, schema_editor):
    """Name the hosts of whose sources most say the same."""
    rows = apps.get_model("recommendations", "Source").objects.order_by("pk")
    known_host = apps.get_model("recommendations", "KnownHost")
    words = words_of_hosts(rows.values_list("host", "publisher", "kind", "language"))
    known_host.objects.bulk_create(known_host(host=host, **said) for host, said in words.items())


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0048_keep_discarded_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *triggers.around(
            [
                migrations.CreateModel(
                    name="InboxItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "url",
                            models.URLField(blank=True, max_length=1000, verbose_name="address"),
                        ),
                        (
                            "key",
                            models.CharField(
                                db_index=True, editable=False, max_length=1000, verbose_name="key"
                            ),
                        ),
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
                            "quotation",
                            recommendations.models.fields.PlainTextField(
                                blank=True, verbose_name="short quotation"
                            ),
                        ),
                        (
                            "text",
                            recommendations.models.fields.PlainTextField(
                                blank=True,
                                help_text="What was read at the address, by which actions are found.",
                                verbose_name="text",
                            ),
                        ),
                        (
                            "came_from",
                            models.CharField(
                                choices=[
                                    ("pasted", "Pasted"),
                                    ("reader", "A reader"),
                                    ("watched", "A watched feed"),
                                    ("bookmarklet", "A browser or phone"),
                                ],
                                max_length=20,
                                verbose_name="came from",
                            ),
                        ),
                        ("added_at", models.DateTimeField(verbose_name="added at")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("logged", "Logged"),
                                    ("dismissed", "Dismissed"),
                                ],
                                default="waiting",
                                max_length=20,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "reason",
                            recommendations.models.fields.PlainTextField(
                                blank=True, verbose_name="reason"
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                        ),
                        (
                            "logged_as",
                            models.JSONField(
                                blank=True,
                                default=list,
                                editable=False,
                                help_text="References of the updates that came of it.",
                                verbose_name="logged as",
                            ),
                        ),
                        (
                            "suggestions",
                            models.JSONField(
                                blank=True,
                                default=list,
                                editable=False,
                                verbose_name="suggested actions",
                            ),
                        ),
                        (
                            "suggested_at",
                            models.DateTimeField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="actions looked for at",
                            ),
                        ),
                        (
                            "problem",
                            recommendations.models.fields.PlainTextField(
                                blank=True, editable=False, verbose_name="why it could not be read"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "item of the inbox",
                        "verbose_name_plural": "items of the inbox",
                        "ordering": ["-added_at", "-pk"],
                        "default_permissions": ["view", "add", "change"],
                    },
                    bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
                ),
                migrations.CreateModel(
                    name="KnownHost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "host",
                            recommendations.models.fields.PlainCharField(
                                help_text="It covers its subdomains, unless one of them is named here too.",
                                max_length=253,
                                unique=True,
                                validators=[recommendations.models.listed_host.refuse_no_host],
                                verbose_name="host",
                            ),
                        ),
                        (
                            "publisher",
                            recommendations.models.fields.PlainCharField(
                                blank=True, max_length=200, verbose_name="publisher"
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
                                help_text="Filled in beforehand where somebody logs a page on it, who may change it.",
                                max_length=20,
                                verbose_name="kind",
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
                    ],
                    options={
                        "verbose_name": "known host",
                        "verbose_name_plural": "known hosts",
                        "ordering": ["host"],
                    },
                    bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
                ),
                migrations.RemoveConstraint(
                    model_name="act",
                    name="recommendations_act_event_valid",
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
                            ("inbox", "Inbox"),
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
                                    "inbox",
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
                    model_name="inboxitem",
                    name="added_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="added_inbox_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                migrations.AddField(
                    model_name="inboxitem",
                    name="assigned_to",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_inbox_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                migrations.AddField(
                    model_name="inboxitem",
                    name="decided_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decided_inbox_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                migrations.AddField(
                    model_name="inboxitem",
                    name="reader_report",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inbox_items",
                        to="recommendations.readerreport",
                        verbose_name="report of a reader",
                    ),
                ),
                migrations.AddField(
                    model_name="inboxitem",
                    name="source",
                    field=models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The source at this address that the record had when it came in.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="inbox_items",
                        to="recommendations.source",
                        verbose_name="source",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="knownhost",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["", "primary", "official", "independent", "press", "announcement"],
                            )
                        ),
                        name="recommendations_knownhost_kind_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="knownhost",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("host", ""), _negated=True),
                            models.Q(
                                models.Q(("publisher", ""), _negated=True),
                                models.Q(("kind", ""), _negated=True),
                                models.Q(("language", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="recommendations_knownhost_says_something",
                        violation_error_message="Name its publisher, its kind or its language.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="inboxitem",
                    index=models.Index(
                        fields=["state", "-added_at", "-id"], name="recommendations_inbox_newest"
                    ),
                ),
                migrations.AddIndex(
                    model_name="inboxitem",
                    index=models.Index(
                        fields=["state", "assigned_to", "-added_at", "-id"],
                        name="recommendations_inbox_whose",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("came_from__in", ["pasted", "reader", "watched", "bookmarklet"])
                        ),
                        name="recommendations_inboxitem_came_from_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "logged", "dismissed"])),
                        name="recommendations_inboxitem_state_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["", "primary", "official", "independent", "press", "announcement"],
                            )
                        ),
                        name="recommendations_inboxitem_kind_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("published_precision__in", ["day", "month", "year"])),
                        name="recommendations_inboxitem_precision_valid",
                        violation_error_message="A source is dated by day, month or year.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(
                                models.Q(("url", ""), _negated=True),
                                models.Q(("title", ""), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="recommendations_inboxitem_says_something",
                        violation_error_message="Give an address, a headline or both.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("came_from", "watched"), ("added_by__isnull", False), _connector="OR"
                        ),
                        name="recommendations_inboxitem_added_by_someone",
                        violation_error_message="What no feed brought in was added by somebody.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came_from", "reader"), _negated=True),
                            models.Q(
                                ("reader_report__isnull", False),
                                models.Q(("url", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="recommendations_inboxitem_of_reader",
                        violation_error_message="What a reader sent names its report and a source.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recommendations_inboxitem_decided_is_stamped",
                        violation_error_message="A decision has a person and a time.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "dismissed"), models.Q(("reason", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "dismissed"), _negated=True), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="recommendations_inboxitem_dismissal_says_why",
                        violation_error_message="Say why it is dismissed.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="inboxitem",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("key",),
                        name="recommendations_inboxitem_waits_once",
                        violation_error_message="The same waits in the inbox already.",
                    ),
                ),
            ]
        ),
        migrations.RunPython(learn_hosts, migrations.RunPython.noop, elidable=True),
    ]
