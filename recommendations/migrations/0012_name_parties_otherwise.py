from django.db import migrations

# As the baseline has them, so that it can be loaded again after an upgrade.
ALIASES = {
    "united-states": ["Washington", "U.S. government", "United States government"],
    "japan": ["Tokyo", "Japanese government", "Government of Japan"],
    "south-korea": ["ROK", "Republic of Korea", "Seoul"],
    "australia": ["Canberra"],
    "philippines": ["Manila"],
    "taiwan": ["Taipei"],
}


def name_parties(apps, schema_editor):
    party = apps.get_model("recommendations", "Party")
    for slug, names in ALIASES.items():
        party.objects.filter(slug=slug, aliases="").update(aliases="\n".join(names))


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0011_add_other_names")]

    operations = [migrations.RunPython(name_parties, migrations.RunPython.noop)]
