from datetime import date

from django.db import migrations

# Addresses that were found in these documents, and fetched by nobody yet: they are off.
LIST_OF_JAPAN = (
    "https://github.com/passaglia/japanfeed/blob/1b9c2fd70e6427121634b8c17c0be3127006b5a2/README.md"
)
ON_GAO = "https://josh-docs-9p7.pages.dev/sources/gao-reports/"
FOUND_ON = date(2026, 12, 1)
FEEDS = (
    ("Cabinet Office of Japan", "rss", "https://www.cao.go.jp/rss/news.rdf", LIST_OF_JAPAN),
    (
        "Prime Minister’s Office of Japan",
        "rss",
        "https://www.kantei.go.jp/index-jnews.rdf",
        LIST_OF_JAPAN,
    ),
    (
        "Ministry of Economy, Trade and Industry of Japan",
        "atom",
        "https://www.meti.go.jp/ml_index_release_atom.xml",
        LIST_OF_JAPAN,
    ),
    (
        "U.S. Government Accountability Office: reports",
        "rss",
        "https://www.gao.gov/rss/reports.xml",
        ON_GAO,
    ),
)


def begin_feeds(apps, schema_editor):
    model = apps.get_model("recommendations", "Feed")
    for name, kind, url, found_in in FEEDS:
        facts = {"name": name, "kind": kind, "found_in": found_in, "found_on": FOUND_ON}
        model.objects.get_or_create(url=url, defaults=facts)


def end_feeds(apps, schema_editor):
    """Remove those that nobody has tried or changed."""
    model = apps.get_model("recommendations", "Feed")
    shipped = model.objects.filter(added_by__isnull=True, fetched_at__isnull=True)
    shipped.filter(url__in=[url for _name, _kind, url, _found_in in FEEDS]).delete()


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0051_add_links_and_feeds"),
    ]

    operations = [migrations.RunPython(begin_feeds, end_feeds)]
