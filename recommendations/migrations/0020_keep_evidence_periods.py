from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models

from recommendations.periods.bases import Source, SourcedClaim, basis_rows
from recommendations.text.web_addresses import comparable

BATCH = 200


def fill(apps, schema_editor):
    """Derive on what each status rests, as every publication does from now on."""
    model = apps.get_model("recommendations", "Action")
    ids = list(model.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _fill(apps, ids[start : start + BATCH])


def _fill(apps, action_ids):
    period = apps.get_model("recommendations", "EvidencePeriod")
    action = apps.get_model("recommendations", "Action")
    periods, actions = [], []
    for action_id, claims in _claims_of(apps, action_ids).items():
        for row in basis_rows(claims):
            said = {"kind": row.span.kind, "counts": dict(row.span.counts)}
            periods.append(
                period(
                    action_id=action_id,
                    starts_on=row.span.starts_on,
                    ends_on=row.span.ends_on,
                    from_edition_id=row.from_edition,
                    until_edition_id=row.until_edition,
                    **said,
                )
            )
            if row.until_edition is None and row.span.ends_on is None:
                actions.append(
                    action(pk=action_id, evidence_kind=said["kind"], evidence_counts=said["counts"])
                )
    period.objects.bulk_create(periods, batch_size=500)
    action.objects.bulk_update(actions, ["evidence_kind", "evidence_counts"], batch_size=200)


def _claims_of(apps, action_ids):
    update = apps.get_model("recommendations", "StatusUpdate")
    published = update.objects.filter(review_state="published", action__in=action_ids)
    items = apps.get_model("recommendations", "Evidence").objects.filter(update__in=published)
    sources = defaultdict(list)
    for update_id, address, kind in items.order_by("update", "position").values_list(
        "update_id", "url", "kind"
    ):
        sources[update_id].append(Source(comparable(address), kind))
    links = update.relies_on.through.objects.filter(from_statusupdate__in=published)
    relied_on = defaultdict(set)
    for relying, other in links.values_list("from_statusupdate_id", "to_statusupdate_id"):
        relied_on[relying].add(other)
    claims = defaultdict(list)
    for action_id, pk, *facts in published.values_list(
        "action_id", "pk", "status", "effective_day", "edition_id", "ended_in_edition_id"
    ):
        support = {"relies_on": frozenset(relied_on[pk]), "sources": tuple(sources[pk])}
        claims[action_id].append(SourcedClaim(pk, *facts, **support))
    return claims


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0019_list_hosts"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidencePeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("primary", "Primary source"),
                            ("official", "Official statement"),
                            ("independent", "Independent study"),
                            ("press", "Press report"),
                            ("announcement", "Announcement"),
                        ],
                        max_length=20,
                        verbose_name="strongest evidence",
                    ),
                ),
                ("counts", models.JSONField(verbose_name="sources by kind")),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(null=True, verbose_name="ends on")),
            ],
            options={
                "verbose_name": "evidence period",
                "verbose_name_plural": "evidence periods",
                "ordering": ["starts_on", "id"],
            },
        ),
        migrations.AddField(
            model_name="action",
            name="evidence_counts",
            field=models.JSONField(default=dict, editable=False, verbose_name="sources by kind"),
        ),
        migrations.AddField(
            model_name="action",
            name="evidence_kind",
            field=models.CharField(
                choices=[
                    ("primary", "Primary source"),
                    ("official", "Official statement"),
                    ("independent", "Independent study"),
                    ("press", "Press report"),
                    ("announcement", "Announcements alone"),
                    ("none", "No source"),
                ],
                default="none",
                editable=False,
                max_length=20,
                verbose_name="strongest evidence",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["evidence_kind"], name="recommendations_action_evid"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "evidence_kind__in",
                        ["primary", "official", "independent", "press", "announcement", "none"],
                    )
                ),
                name="recommendations_action_evidence_kind_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddField(
            model_name="evidenceperiod",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence_periods",
                to="recommendations.action",
            ),
        ),
        migrations.AddField(
            model_name="evidenceperiod",
            name="from_edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recommendations.edition",
            ),
        ),
        migrations.AddField(
            model_name="evidenceperiod",
            name="until_edition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="recommendations.edition",
            ),
        ),
        migrations.AddIndex(
            model_name="evidenceperiod",
            index=models.Index(
                condition=models.Q(("until_edition__isnull", True)),
                fields=["action", "starts_on"],
                name="recommendations_period_evid",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["primary", "official", "independent", "press", "announcement"])
                ),
                name="recommendations_evidenceperiod_kind_valid",
                violation_error_message="Choose one of the listed values.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_edition__isnull", True),
                    models.Q(
                        ("from_edition__isnull", False),
                        ("until_edition__gt", models.F("from_edition")),
                    ),
                    _connector="OR",
                ),
                name="recommendations_evidenceperiod_editions_ordered",
                violation_error_message="It cannot leave the record before it came in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidenceperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("ends_on__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="recommendations_evidenceperiod_days_ordered",
                violation_error_message="A period ends after it starts.",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
