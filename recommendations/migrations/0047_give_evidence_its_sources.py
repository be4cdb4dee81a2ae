from django.db import migrations
from django.db.models import OuterRef, Subquery

from recommendations import triggers
from recommendations.text.listed_hosts import host_of
from recommendations.text.source_keys import source_key, source_slug

BATCH = 2_000
WORDS = (
    "title",
    "publisher",
    "language",
    "kind",
    "is_state_media",
    "published_on",
    "published_precision",
    "archived_url",
)


def fill(apps, schema_editor):
    """Give published items the source at their address, in the words of the first of them.

    The guards are away meanwhile (`around`): nothing but this column of published evidence is
    written, and by nobody else.
    """
    evidence = apps.get_model("recommendations", "Evidence")
    published = evidence.objects.filter(update__review_state="published").order_by("pk")
    last = 0
    while rows := list(published.filter(pk__gt=last).values("pk", "url", *WORDS)[:BATCH]):
        _give(apps, schema_editor.connection, rows)
        last = rows[-1]["pk"]
    _complete_titles(apps)
    if schema_editor.connection.vendor == "postgresql":
        # A table with rows whose keys are yet to be looked up takes no trigger.
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _give(apps, connection, rows):
    source = apps.get_model("recommendations", "Source")
    keys = {row["pk"]: source_key(row["url"]) for row in rows}
    known = set(source.objects.filter(key__in=set(keys.values())).values_list("key", flat=True))
    new = {}
    for row in rows:
        key = keys[row["pk"]]
        if key not in known and key not in new:
            new[key] = source(
                key=key,
                slug=source_slug(key),
                host=host_of(row["url"])[:253],
                url=row["url"],
                **{name: row[name] for name in WORDS},
            )
    source.objects.bulk_create(new.values(), batch_size=500)
    ids = dict(source.objects.filter(key__in=set(keys.values())).values_list("key", "pk"))
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE recommendations_evidence SET source_id = %s WHERE id = %s",
            [(ids[key], pk) for pk, key in keys.items()],
        )


def _complete_titles(apps):
    """Give sources whose first item has no title the newest one that an item has."""
    evidence = apps.get_model("recommendations", "Evidence")
    titled = evidence.objects.filter(source=OuterRef("pk")).exclude(title="").order_by("-pk")
    bare = apps.get_model("recommendations", "Source").objects.filter(title="")
    found = bare.annotate(newest=Subquery(titled.values("title")[:1])).exclude(newest=None)
    for pk, title in list(found.values_list("pk", "newest")):
        bare.filter(pk=pk).update(title=title)


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0046_add_sources"),
    ]

    # Back again the reference goes with its column.
    operations = triggers.around([migrations.RunPython(fill, migrations.RunPython.noop)])
