from django.db import migrations
from django.utils import timezone

REPORT = "us-japan-alliance-2024"
# The events that the record came with stood in the charts of every report.
EVENTS = ("ishiba-cabinet", "second-trump-administration", "takaichi-cabinet")
REASON = "Shown with the report that it came with, and not with every other"


def give_report(apps, schema_editor):
    """Say of which report the shipped events are, and write it into their histories."""
    Event = apps.get_model("recommendations", "ContextEvent")
    Line = apps.get_model("recommendations", "HistoricalContextEvent")
    report = apps.get_model("recommendations", "Report").objects.filter(slug=REPORT).first()
    if report is None:
        return
    # Editors may have given one to another report already.
    events = Event.objects.filter(slug__in=EVENTS, report__isnull=True)
    for event in events.order_by("pk"):
        event.report = report
        event.save(update_fields=["report"])
        columns = [field.attname for field in Event._meta.concrete_fields]
        Line.objects.create(
            history_date=timezone.now(),
            history_type="~",
            history_change_reason=REASON,
            **{name: getattr(event, name) for name in columns},
        )


class Migration(migrations.Migration):
    leaves_the_record = True

    dependencies = [
        ("recommendations", "0044_add_parties_of_events"),
    ]

    # Back again they keep their report: that column was there before.
    operations = [migrations.RunPython(give_report, migrations.RunPython.noop)]
