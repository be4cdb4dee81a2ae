import recommendations.models.fields
from django.db import migrations


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0042_begin_fiscal_years"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicaltopic",
            name="query",
            field=recommendations.models.fields.PlainCharField(
                help_text="The address of the list with the filters that find it, or what stands behind its question mark: area=housing",
                max_length=500,
                verbose_name="filters of the list",
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="query",
            field=recommendations.models.fields.PlainCharField(
                help_text="The address of the list with the filters that find it, or what stands behind its question mark: area=housing",
                max_length=500,
                verbose_name="filters of the list",
            ),
        ),
    ]
