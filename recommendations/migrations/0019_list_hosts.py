from datetime import date

import recommendations.models.fields
import recommendations.models.listed_host
from django.db import migrations, models

SINCE = date(2026, 11, 29)
COPIES = (
    "It publishes copies of what others issued. The issuer’s address is cited, and this one as "
    "the archived copy; where the issuer’s is not known, it counts as press of this site."
)
STATE_MEDIA = "Marked as state media by the research on the report of 2024."
# What the list begins with: what the first report's data were found to cite. Editors keep it.
HOSTS = (
    (
        "news-pravda.com",
        "never_evidence",
        "Of the Pravda network, which France’s Viginum and the DFRLab describe as a Russian "
        "disinformation operation.",
    ),
    (
        "mil-osi.com",
        "never_evidence",
        "It publishes machine translations of others’ reports, and these are no evidence.",
    ),
    ("einpresswire.com", "copies", COPIES),
    ("miragenews.com", "copies", COPIES),
    ("pubt.io", "copies", COPIES),
    ("people.cn", "state_media", STATE_MEDIA),
    ("people.com.cn", "state_media", STATE_MEDIA),
    ("shine.cn", "state_media", STATE_MEDIA),
    ("trtworld.com", "state_media", STATE_MEDIA),
)


def begin_list(apps, schema_editor):
    model = apps.get_model("recommendations", "ListedHost")
    for host, mark, reason in HOSTS:
        model.objects.create(host=host, mark=mark, reason=reason, since_on=SINCE)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0018_add_codings"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListedHost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "host",
                    recommendations.models.fields.PlainCharField(
                        help_text="It covers its subdomains: example.org is also news.example.org.",
                        max_length=253,
                        unique=True,
                        validators=[recommendations.models.listed_host.refuse_no_host],
                        verbose_name="host",
                    ),
                ),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("never_evidence", "Never evidence"),
                            ("copies", "Copies of others’ texts"),
                            ("state_media", "State media"),
                        ],
                        max_length=20,
                        verbose_name="listed as",
                    ),
                ),
                (
                    "reason",
                    recommendations.models.fields.PlainTextField(
                        help_text="Who says so, and where. For the staff: pages for the public say the mark.",
                        verbose_name="reason",
                    ),
                ),
                ("since_on", models.DateField(verbose_name="on the list since")),
            ],
            options={
                "verbose_name": "listed host",
                "verbose_name_plural": "listed hosts",
                "ordering": ["mark", "host"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mark__in", ["never_evidence", "copies", "state_media"])
                        ),
                        name="recommendations_listedhost_mark_valid",
                        violation_error_message="Choose one of the listed values.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("host", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="recommendations_listedhost_has_reason",
                        violation_error_message="An entry names a host and the reason.",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin_list, migrations.RunPython.noop),
    ]
