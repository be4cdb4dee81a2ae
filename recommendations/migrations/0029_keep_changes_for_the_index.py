from django.db import migrations, models


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0028_add_content_token"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContentChange",
            fields=[
                (
                    "revision",
                    models.PositiveBigIntegerField(
                        primary_key=True, serialize=False, verbose_name="content revision"
                    ),
                ),
                ("token", models.CharField(max_length=32, verbose_name="content token")),
                ("recommendations", models.JSONField(null=True, verbose_name="recommendations")),
            ],
            options={
                "verbose_name": "change of content",
                "verbose_name_plural": "changes of content",
                "ordering": ["revision"],
            },
        ),
    ]
