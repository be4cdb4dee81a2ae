from secrets import token_hex

from django.db import migrations


def begin(apps, schema_editor):
    """Give the present state a token, from which an index can follow what changes."""
    database = schema_editor.connection.alias
    states = apps.get_model("recommendations", "TrackerState").objects.using(database)
    changes = apps.get_model("recommendations", "ContentChange").objects.using(database)
    for state in states.all():
        state.content_token = state.content_token or token_hex(8)
        state.save(update_fields=["content_token"])
        changes.create(
            revision=state.content_revision, token=state.content_token, recommendations=[]
        )


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0029_keep_changes_for_the_index"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
