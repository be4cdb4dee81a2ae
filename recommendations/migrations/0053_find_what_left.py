from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0052_begin_feeds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("until_edition__isnull", False)),
                fields=["until_edition"],
                name="recommendations_action_left",
            ),
        ),
        migrations.AddIndex(
            model_name="recommendation",
            index=models.Index(
                condition=models.Q(("until_edition__isnull", False)),
                fields=["until_edition"],
                name="recommendation_left",
            ),
        ),
    ]
