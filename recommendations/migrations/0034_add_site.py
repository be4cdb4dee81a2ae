import django.db.models.deletion
import recommendations.models.fields
import recommendations.models.site
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from recommendations.triggers import around


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0033_begin_search_aliases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = around(
        [
            migrations.CreateModel(
                name="HistoricalSite",
                fields=[
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True, blank=True, db_index=True, verbose_name="ID"
                        ),
                    ),
                    (
                        "name",
                        recommendations.models.fields.PlainCharField(
                            max_length=80, verbose_name="name of the site"
                        ),
                    ),
                    (
                        "strapline",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="What the site is, in half a sentence: it stands in the foot of every page.",
                            max_length=200,
                            verbose_name="strapline",
                        ),
                    ),
                    (
                        "operator",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="A person or an organisation.",
                            max_length=200,
                            verbose_name="who runs it",
                        ),
                    ),
                    (
                        "operator_address",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="postal address"
                        ),
                    ),
                    (
                        "operator_url",
                        models.URLField(
                            blank=True, max_length=500, verbose_name="page of whoever runs it"
                        ),
                    ),
                    (
                        "contact_mail",
                        models.EmailField(
                            blank=True, max_length=254, verbose_name="mail address for readers"
                        ),
                    ),
                    (
                        "contact_url",
                        models.URLField(blank=True, max_length=500, verbose_name="contact page"),
                    ),
                    (
                        "analysts",
                        recommendations.models.fields.PlainTextField(
                            blank=True,
                            help_text="Names or roles, and what they do besides.",
                            verbose_name="who analyses",
                        ),
                    ),
                    (
                        "funding",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="funding"
                        ),
                    ),
                    (
                        "disputes",
                        recommendations.models.fields.PlainTextField(
                            blank=True,
                            help_text="By whom, how fast, and where the answer can be read.",
                            verbose_name="how disputes are answered",
                        ),
                    ),
                    (
                        "feed_name",
                        recommendations.models.fields.PlainCharField(
                            help_text="Ids of entries in feeds and of events in calendars begin with it. It need not be an address of this site. Whoever changes it sends everything once more to every subscriber, so it is fixed with the first edition.",
                            max_length=253,
                            validators=[recommendations.models.site.refuse_no_feed_name],
                            verbose_name="fixed name for feeds",
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
                    (
                        "history_user",
                        models.ForeignKey(
                            null=True,
                            on_delete=django.db.models.deletion.SET_NULL,
                            related_name="+",
                            to=settings.AUTH_USER_MODEL,
                        ),
                    ),
                ],
                options={
                    "verbose_name": "historical site",
                    "verbose_name_plural": "historical site",
                    "ordering": ("-history_date", "-history_id"),
                    "get_latest_by": ("history_date", "history_id"),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
            migrations.CreateModel(
                name="Site",
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
                            max_length=80, verbose_name="name of the site"
                        ),
                    ),
                    (
                        "strapline",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="What the site is, in half a sentence: it stands in the foot of every page.",
                            max_length=200,
                            verbose_name="strapline",
                        ),
                    ),
                    (
                        "operator",
                        recommendations.models.fields.PlainCharField(
                            blank=True,
                            help_text="A person or an organisation.",
                            max_length=200,
                            verbose_name="who runs it",
                        ),
                    ),
                    (
                        "operator_address",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="postal address"
                        ),
                    ),
                    (
                        "operator_url",
                        models.URLField(
                            blank=True, max_length=500, verbose_name="page of whoever runs it"
                        ),
                    ),
                    (
                        "contact_mail",
                        models.EmailField(
                            blank=True, max_length=254, verbose_name="mail address for readers"
                        ),
                    ),
                    (
                        "contact_url",
                        models.URLField(blank=True, max_length=500, verbose_name="contact page"),
                    ),
                    (
                        "analysts",
                        recommendations.models.fields.PlainTextField(
                            blank=True,
                            help_text="Names or roles, and what they do besides.",
                            verbose_name="who analyses",
                        ),
                    ),
                    (
                        "funding",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="funding"
                        ),
                    ),
                    (
                        "disputes",
                        recommendations.models.fields.PlainTextField(
                            blank=True,
                            help_text="By whom, how fast, and where the answer can be read.",
                            verbose_name="how disputes are answered",
                        ),
                    ),
                    (
                        "feed_name",
                        recommendations.models.fields.PlainCharField(
                            help_text="Ids of entries in feeds and of events in calendars begin with it. It need not be an address of this site. Whoever changes it sends everything once more to every subscriber, so it is fixed with the first edition.",
                            max_length=253,
                            validators=[recommendations.models.site.refuse_no_feed_name],
                            verbose_name="fixed name for feeds",
                        ),
                    ),
                    ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                ],
                options={
                    "verbose_name": "site",
                    "verbose_name_plural": "site",
                    "constraints": [
                        models.CheckConstraint(
                            condition=models.Q(("id", 1)),
                            name="recommendations_site_single",
                            violation_error_message="There is one site.",
                        ),
                        models.CheckConstraint(
                            condition=models.Q(
                                models.Q(("name", ""), _negated=True),
                                models.Q(("feed_name", ""), _negated=True),
                            ),
                            name="recommendations_site_has_names",
                            violation_error_message="A site has a name, and a fixed name for feeds.",
                        ),
                    ],
                },
            ),
        ]
    )
