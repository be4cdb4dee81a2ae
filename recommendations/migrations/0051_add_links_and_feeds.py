import django.core.validators
import django.db.models.deletion
import recommendations.models.choice_words
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0050_ask_for_copies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
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
                ("url", models.URLField(max_length=1000, unique=True, verbose_name="address")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("rss", "RSS"),
                            ("atom", "Atom"),
                            ("json", "JSON Feed"),
                            ("api", "API, by an adapter"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "adapter",
                    models.JSONField(
                        blank=True,
                        help_text='For an API alone: where in its answer things are, such as {"items": "results", "title": "title", "address": "html_url", "key": "id", "published": "date", "text": "abstract"}.',
                        null=True,
                        verbose_name="adapter",
                    ),
                ),
                (
                    "found_in",
                    models.URLField(
                        blank=True,
                        help_text="The document that names the address.",
                        max_length=1000,
                        verbose_name="found in",
                    ),
                ),
                ("found_on", models.DateField(blank=True, null=True, verbose_name="found on")),
                ("is_on", models.BooleanField(default=False, editable=False, verbose_name="on")),
                (
                    "next_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next fetch"),
                ),
                (
                    "fetched_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="fetched at"),
                ),
                (
                    "worked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="worked at"),
                ),
                ("etag", models.CharField(blank=True, editable=False, max_length=200)),
                (
                    "problem",
                    models.TextField(blank=True, editable=False, verbose_name="last problem"),
                ),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="failures in a row"
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
            ],
            options={
                "verbose_name": "watched feed",
                "verbose_name_plural": "watched feeds",
                "ordering": ["name", "pk"],
            },
            bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
        ),
        migrations.CreateModel(
            name="FeedItem",
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
                        max_length=64,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[0-9a-f]{64}\\Z", message="A SHA-256 has 64 digits from 0 to f."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "title",
                    recommendations.models.fields.PlainCharField(
                        max_length=500, verbose_name="title"
                    ),
                ),
                ("url", models.URLField(max_length=1000, verbose_name="address")),
                (
                    "published_on",
                    models.DateField(editable=False, null=True, verbose_name="published on"),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not compared yet"),
                            ("waiting", "In the inbox"),
                            ("folded", "Fits nothing"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen_items",
                        to="recommendations.feed",
                        verbose_name="feed",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a feed",
                "verbose_name_plural": "items of feeds",
                "ordering": ["-seen_at", "-pk"],
                "default_permissions": (),
            },
            bases=(recommendations.models.choice_words.ChoiceWords, models.Model),
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("there", "There"),
                            ("gone", "Gone"),
                            ("unknown", "Could not be checked"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="reason")),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="status of the answer"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link_checks",
                        to="recommendations.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of a link",
                "verbose_name_plural": "checks of links",
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LoweredHost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, verbose_name="host")),
                ("dismissals", models.PositiveIntegerField(default=0, verbose_name="dismissals")),
                ("last_at", models.DateTimeField(verbose_name="last dismissal")),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lowered_hosts",
                        to="recommendations.action",
                        verbose_name="action",
                    ),
                ),
            ],
            options={
                "verbose_name": "lowered host",
                "verbose_name_plural": "lowered hosts",
                "ordering": ["-last_at", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="CheckedLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Not checked yet"),
                            ("there", "There"),
                            ("unknown", "Could not be checked"),
                            ("gone", "Gone once or twice"),
                            ("dead", "Dead"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("next_at", models.DateTimeField(db_index=True, verbose_name="next check")),
                (
                    "checked_at",
                    models.DateTimeField(db_index=True, null=True, verbose_name="checked at"),
                ),
                ("reason", models.CharField(blank=True, max_length=30, verbose_name="reason")),
                ("gone_since", models.DateTimeField(null=True, verbose_name="gone since")),
                ("times_gone", models.PositiveIntegerField(default=0, verbose_name="times gone")),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="link",
                        to="recommendations.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "checked link",
                "verbose_name_plural": "checked links",
                "ordering": ["pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        fields=["state", "gone_since"], name="recommendations_link_by_state"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["new", "there", "unknown", "gone", "dead"])
                        ),
                        name="recommendations_checkedlink_state_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gone_since__isnull", True), ("times_gone", 0)),
                            models.Q(("gone_since__isnull", False), ("times_gone__gt", 0)),
                            _connector="OR",
                        ),
                        name="recommendations_checkedlink_gone_since_when",
                        violation_error_message="A page that is gone is so since a moment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "dead"), _negated=True),
                            ("times_gone__gte", 3),
                            _connector="OR",
                        ),
                        name="recommendations_checkedlink_dead_after_three",
                        violation_error_message="A link is dead once its page was gone three times.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["rss", "atom", "json", "api"])),
                name="recommendations_feed_kind_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("url", ""), _negated=True)
                ),
                name="recommendations_feed_is_named",
                violation_error_message="A feed has a name and an address.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_on", False),
                    models.Q(("next_at__isnull", False), ("worked_at__isnull", False)),
                    _connector="OR",
                ),
                name="recommendations_feed_on_once_it_worked",
                violation_error_message="Try the feed first: it can be on once that worked.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("found_in", ""), ("found_on__isnull", True)),
                    models.Q(
                        models.Q(("found_in", ""), _negated=True), ("found_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="recommendations_feed_found_where_and_when",
                violation_error_message="Say both where and when the address was found.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("adapter__isnull", False), ("kind", "api")),
                    models.Q(models.Q(("kind", "api"), _negated=True), ("adapter__isnull", True)),
                    _connector="OR",
                ),
                name="recommendations_feed_adapter_of_api",
                violation_error_message="An API has an adapter, and nothing else has one.",
            ),
        ),
        migrations.AddIndex(
            model_name="feeditem",
            index=models.Index(fields=["state", "id"], name="recommendations_feeditem_state"),
        ),
        migrations.AddIndex(
            model_name="feeditem",
            index=models.Index(
                fields=["feed", "state", "-id"], name="recommendations_feeditem_feed"
            ),
        ),
        migrations.AddConstraint(
            model_name="feeditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["new", "waiting", "folded"])),
                name="recommendations_feeditem_state_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feeditem",
            constraint=models.UniqueConstraint(
                fields=("feed", "key"),
                name="recommendations_feeditem_once",
                violation_error_message="This item was seen already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["there", "gone", "unknown"])),
                name="recommendations_linkcheck_outcome_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkcheck",
            constraint=models.UniqueConstraint(
                fields=("source", "at"),
                name="recommendations_linkcheck_once",
                violation_error_message="This check is noted already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="loweredhost",
            constraint=models.CheckConstraint(
                condition=models.Q(("host", ""), _negated=True),
                name="recommendations_loweredhost_names_host",
                violation_error_message="An entry names a host.",
            ),
        ),
        migrations.AddConstraint(
            model_name="loweredhost",
            constraint=models.UniqueConstraint(
                fields=("host", "action"),
                name="recommendations_loweredhost_once",
                violation_error_message="This host has an entry for this action.",
            ),
        ),
    ]
