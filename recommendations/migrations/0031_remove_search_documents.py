"""The words of the record are searched in an index beside the database.

Backwards the table is there again, empty: `manage.py rebuild` of the release before fills it.
"""

from importlib import import_module

from django.db import migrations

first = import_module("recommendations.migrations.0002_create_search_index")


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0030_begin_with_a_token"),
    ]

    operations = [
        # Backwards in this order the other way round: the table, then what searches it.
        migrations.RunPython(first.drop_index, first.create_index),
        migrations.DeleteModel(name="SearchDocument"),
    ]
