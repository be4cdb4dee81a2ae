import hashlib

from django.db import migrations
from django.utils import timezone

# The groups by which every record was counted so far, and their words. A record without these
# parties has none: it groups its own.
GROUPS = (
    ("united_states", "United States", "United States alone", ("united-states",)),
    ("japan", "Japan", "Japan alone", ("japan",)),
    ("both", "Both", "", ("united-states", "japan")),
    ("with_others", "With others", "", ()),
)
# Drafted, as the translations are that the record comes with.
IN_JAPANESE = (
    ("addresseegroup.name", "United States", "米国"),
    ("addresseegroup.name", "Japan", "日本"),
    ("addresseegroup.name", "Both", "日米双方"),
    ("addresseegroup.name", "With others", "日米以外の国などを含む"),
    ("addresseegroup.row_name", "United States alone", "米国のみ"),
    ("addresseegroup.row_name", "Japan alone", "日本のみ"),
)


def begin_groups(apps, schema_editor):
    parties = apps.get_model("recommendations", "Party").objects.in_bulk(
        ["united-states", "japan"], field_name="slug"
    )
    if not parties:
        return
    group = apps.get_model("recommendations", "AddresseeGroup")
    line = apps.get_model("recommendations", "HistoricalAddresseeGroup")
    link = apps.get_model("recommendations", "HistoricalAddresseeGroup_parties")
    for position, (slug, name, row_name, slugs) in enumerate(GROUPS, start=1):
        if not parties.keys() >= {*slugs}:
            continue
        words = {"slug": slug, "name": name, "row_name": row_name, "position": position}
        row = group.objects.create(**words)
        row.parties.set([parties[one] for one in slugs])
        version = line.objects.create(
            id=row.pk, **words, history_date=timezone.now(), history_type="+"
        )
        for kept in group.parties.through.objects.filter(addresseegroup=row):
            link.objects.create(
                id=kept.pk, history=version, addresseegroup=row, party_id=kept.party_id
            )
    _translate(apps)


def _translate(apps):
    translation = apps.get_model("recommendations", "Translation")
    for kind, original, text in IN_JAPANESE:
        digest = hashlib.sha256("\0".join([kind, "ja", original]).encode()).hexdigest()
        words = {"kind": kind, "original": original, "language": "ja", "text": text}
        translation.objects.get_or_create(digest=digest, defaults=words)


def end_groups(apps, schema_editor):
    """Take the translations along: nothing has these texts any more.

    The release before knows these four groups alone.
    """
    known = [group[0] for group in GROUPS]
    actions = apps.get_model("recommendations", "Action").objects.exclude(addressee__in=known)
    actions.update(addressee="with_others")
    apps.get_model("recommendations", "Translation").objects.filter(
        kind__startswith="addresseegroup."
    ).delete()


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [("recommendations", "0039_add_addressee_groups")]

    operations = [migrations.RunPython(begin_groups, end_groups)]
