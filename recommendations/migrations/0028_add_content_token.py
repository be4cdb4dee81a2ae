from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0027_reset_second_factors_by_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="trackerstate",
            name="content_token",
            field=models.CharField(
                blank=True, default="", max_length=32, verbose_name="content token"
            ),
        ),
    ]
