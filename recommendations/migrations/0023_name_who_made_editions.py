import django.db.models.deletion
import recommendations.models.fields
from django.conf import settings
from django.db import migrations, models

from recommendations import triggers


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0022_code_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = triggers.around(
        [
            migrations.CreateModel(
                name="ReturnedVersion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "note",
                        recommendations.models.fields.PlainTextField(
                            verbose_name="note to the authors"
                        ),
                    ),
                    ("returned_at", models.DateTimeField(verbose_name="returned at")),
                    ("content", models.JSONField(verbose_name="the version that was returned")),
                ],
                options={
                    "verbose_name": "returned version",
                    "verbose_name_plural": "returned versions",
                    "ordering": ["-returned_at", "-pk"],
                },
            ),
            migrations.CreateModel(
                name="StructureRequest",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    (
                        "step",
                        models.CharField(
                            choices=[
                                ("include", "Add to the public record"),
                                ("withdraw", "Withdraw from every count"),
                                ("split", "Split an action"),
                                ("merge", "Merge actions"),
                                ("verifiable", "Count as verifiable"),
                                ("not_verifiable", "Leave out as not verifiable"),
                            ],
                            max_length=20,
                            verbose_name="step",
                        ),
                    ),
                    (
                        "reason",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="public reason"
                        ),
                    ),
                    (
                        "state_when_asked",
                        models.CharField(
                            editable=False,
                            help_text="Changes with everything that the step is about.",
                            max_length=64,
                        ),
                    ),
                    ("requested_at", models.DateTimeField(verbose_name="requested at")),
                    (
                        "outcome",
                        models.CharField(
                            choices=[
                                ("pending", "Waiting"),
                                ("confirmed", "Confirmed"),
                                ("declined", "Declined"),
                                ("recalled", "Taken back"),
                            ],
                            default="pending",
                            max_length=20,
                            verbose_name="outcome",
                        ),
                    ),
                    (
                        "note",
                        recommendations.models.fields.PlainTextField(
                            blank=True, verbose_name="why it was declined"
                        ),
                    ),
                    ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ],
                options={
                    "verbose_name": "request for a step in what is counted",
                    "verbose_name_plural": "requests for steps in what is counted",
                    "ordering": ["-requested_at"],
                    "permissions": [
                        ("review_structurerequest", "Can decide on steps in what is counted")
                    ],
                },
            ),
            migrations.AddField(
                model_name="edition",
                name="made_by",
                field=models.ForeignKey(
                    blank=True,
                    help_text="Who published it, or confirmed what another person had asked for. Never public.",
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="made_editions",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="made by",
                ),
            ),
            migrations.AddConstraint(
                model_name="edition",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("made_by__isnull", True),
                        models.Q(("kind__in", ["updates", "structure"]), ("slug", "")),
                        _connector="OR",
                    ),
                    name="recommendations_edition_of_a_person_or_a_file",
                    violation_error_message="A person made an edition, or a file did.",
                ),
            ),
            migrations.AddField(
                model_name="returnedversion",
                name="returned_by",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="returned by",
                ),
            ),
            migrations.AddField(
                model_name="returnedversion",
                name="update",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="returned_versions",
                    to="recommendations.statusupdate",
                    verbose_name="status update",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="actions",
                field=models.ManyToManyField(
                    blank=True,
                    related_name="+",
                    to="recommendations.action",
                    verbose_name="actions",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="decided_by",
                field=models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="decided_steps",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="decided by",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="edition",
                field=models.OneToOneField(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="structure_request",
                    to="recommendations.edition",
                    verbose_name="edition",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="into",
                field=models.ManyToManyField(
                    blank=True,
                    related_name="+",
                    to="recommendations.action",
                    verbose_name="succeeded by",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="recommendations",
                field=models.ManyToManyField(
                    blank=True,
                    related_name="+",
                    to="recommendations.recommendation",
                    verbose_name="recommendations",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="reports",
                field=models.ManyToManyField(
                    blank=True,
                    related_name="+",
                    to="recommendations.report",
                    verbose_name="reports",
                ),
            ),
            migrations.AddField(
                model_name="structurerequest",
                name="requested_by",
                field=models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="requested_steps",
                    to=settings.AUTH_USER_MODEL,
                    verbose_name="requested by",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        (
                            "step__in",
                            [
                                "include",
                                "withdraw",
                                "split",
                                "merge",
                                "verifiable",
                                "not_verifiable",
                            ],
                        )
                    ),
                    name="recommendations_structurerequest_step_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("outcome__in", ["pending", "confirmed", "declined", "recalled"])
                    ),
                    name="recommendations_structurerequest_outcome_valid",
                    violation_error_message="Choose one of the listed values.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("reason", ""), _negated=True),
                        ("step", "include"),
                        _connector="OR",
                    ),
                    name="recommendations_structurerequest_says_why",
                    violation_error_message="Say why. The reason is public.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        ("decided_by__isnull", True),
                        models.Q(("decided_by", models.F("requested_by")), _negated=True),
                        _connector="OR",
                    ),
                    name="recommendations_structurerequest_four_eyes",
                    violation_error_message="Another person has to confirm this step.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(
                            ("decided_at__isnull", True),
                            ("decided_by__isnull", True),
                            ("outcome", "pending"),
                        ),
                        models.Q(
                            ("decided_at__isnull", False),
                            ("decided_by__isnull", True),
                            ("outcome", "recalled"),
                        ),
                        models.Q(
                            ("decided_at__isnull", False),
                            ("decided_by__isnull", False),
                            ("outcome__in", ["confirmed", "declined"]),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_structurerequest_decided_is_stamped",
                    violation_error_message="A decision has a person and a time.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("edition__isnull", False), ("outcome", "confirmed")),
                        models.Q(
                            models.Q(("outcome", "confirmed"), _negated=True),
                            ("edition__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="recommendations_structurerequest_confirmed_has_edition",
                    violation_error_message="A confirmed step has opened an edition.",
                ),
            ),
            migrations.AddConstraint(
                model_name="structurerequest",
                constraint=models.CheckConstraint(
                    condition=models.Q(("note", ""), ("outcome", "declined"), _negated=True),
                    name="recommendations_structurerequest_declined_says_why",
                    violation_error_message="Say why it is declined.",
                ),
            ),
        ]
    )
