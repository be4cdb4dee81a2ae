from django.db import migrations

# As “FY2026” and “2026年度” were read so far: month of the first day, and whether a year has the
# number of the one in which it ends.
YEARS = {"united-states": (10, True), "japan": (4, False)}


def begin_years(apps, schema_editor):
    parties = apps.get_model("recommendations", "Party").objects.filter(slug__in=YEARS)
    for party in parties:
        month, is_named_by_end = YEARS[party.slug]
        apps.get_model("recommendations", "FiscalYear").objects.get_or_create(
            party=party, defaults={"begins_month": month, "is_named_by_end": is_named_by_end}
        )


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [("recommendations", "0041_add_fiscal_years_and_looks")]

    operations = [migrations.RunPython(begin_years, migrations.RunPython.noop)]
