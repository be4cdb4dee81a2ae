"""From here on the database refuses to rewrite the record."""

from django.db import migrations

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_add_staff_work_and_text_history")]

    operations = [triggers.installation()]
