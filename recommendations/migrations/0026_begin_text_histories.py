from django.db import migrations
from django.utils import timezone

REASON = "As it stood when check_integrity began to compare texts with their history"


def begin_histories(apps, schema_editor):
    """Give each text a last line in its history that says what it says.

    Earlier migrations wrote some names past the history, and made-up records had none.
    """
    models_of = apps.all_models["recommendations"]
    for name in [name for name in models_of if f"historical{name}" in models_of]:
        line_model = models_of[f"historical{name}"]
        links = [one for key, one in models_of.items() if key.startswith(f"historical{name}_")]
        begin_lines(models_of[name], line_model, links)


def begin_lines(model, line_model, links):
    own = {field.name for field in model._meta.concrete_fields}
    columns = [field.attname for field in line_model._meta.concrete_fields if field.name in own]
    last = {line.id: line for line in line_model.objects.order_by("history_id").iterator()}
    for row in model.objects.order_by("pk").iterator():
        line = last.get(row.pk)
        if line is None and model._meta.model_name == "translation":
            continue
        if line and all(getattr(line, name) == getattr(row, name) for name in columns):
            continue
        begun = line_model.objects.create(
            history_date=timezone.now(),
            history_type="~" if line else "+",
            history_change_reason=REASON,
            **{name: getattr(row, name) for name in columns},
        )
        for link_model in links:
            copy_links(row, begun, link_model)


def copy_links(row, line, link_model):
    name = link_model._meta.model_name.removeprefix(f"historical{row._meta.model_name}_")
    through = getattr(type(row), name).through
    columns = [field.attname for field in through._meta.concrete_fields]
    [owner] = [
        field.name
        for field in through._meta.concrete_fields
        if field.name in (row._meta.model_name, f"from_{row._meta.model_name}")
    ]
    for link in through.objects.filter(**{owner: row}).order_by("pk"):
        values = {name: getattr(link, name) for name in columns}
        link_model.objects.create(history=line, **values)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0025_add_log_of_acts")]

    operations = [migrations.RunPython(begin_histories, migrations.RunPython.noop)]
