import hashlib

from django.db import migrations
from django.utils import timezone

# What the site was called before editors could name it. The Japanese name is drafted, as the
# translations are that the record comes with.
NAME, NAME_IN_JAPANESE = "Integrated Alliance Tracker", "統合同盟トラッカー"
FEED_NAME = "integrated-alliance-tracker.example"
KIND, LANGUAGE = "site.name", "ja"


def begin_site(apps, schema_editor):
    row = apps.get_model("recommendations", "Site").objects.create(
        id=1, name=NAME, feed_name=FEED_NAME
    )
    apps.get_model("recommendations", "HistoricalSite").objects.create(
        id=row.pk,
        name=row.name,
        feed_name=row.feed_name,
        history_date=timezone.now(),
        history_type="+",
    )
    digest = hashlib.sha256("\0".join([KIND, LANGUAGE, NAME]).encode()).hexdigest()
    words = {"kind": KIND, "original": NAME, "language": LANGUAGE, "text": NAME_IN_JAPANESE}
    apps.get_model("recommendations", "Translation").objects.get_or_create(
        digest=digest, defaults=words
    )


def end_site(apps, schema_editor):
    """Take the translations of its texts along: nothing has them any more."""
    apps.get_model("recommendations", "Translation").objects.filter(
        kind__startswith="site."
    ).delete()


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0034_add_site"),
    ]

    operations = [migrations.RunPython(begin_site, end_site)]
