from django.db import migrations


def carry_over(apps, schema_editor):
    """What lapsed fell from implemented. `manage.py rebuild` finds the other falls."""
    for name in ("Action", "StatusPeriod"):
        model = apps.get_model("recommendations", name)
        model.objects.filter(is_lapsed=True).update(fell_from="implemented")


def carry_back(apps, schema_editor):
    for name in ("Action", "StatusPeriod"):
        model = apps.get_model("recommendations", name)
        model.objects.filter(fell_from="implemented").update(is_lapsed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0005_add_falls"),
    ]

    operations = [migrations.RunPython(carry_over, carry_back)]
