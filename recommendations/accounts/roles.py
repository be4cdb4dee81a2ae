"""The three roles and what each may do: the one table that groups are kept in step with."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions

ANALYST, REVIEWER, EDITOR = "Analyst", "Reviewer", "Editor"

VIEW_ALL = {
    model: ("view",)
    for model in (
        "report",
        "section",
        "recommendation",
        "recommendationrelation",
        "action",
        "deadline",
        "actionbody",
        "policyarea",
        "party",
        "body",
        "contextevent",
        "listedhost",
        "statusupdate",
        "evidence",
        "edition",
        "retractionrequest",
        "structurerequest",
        "coding",
        "statusperiod",
        "readerreport",
        "assignment",
        "translation",
    )
}
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    ANALYST: {
        **VIEW_ALL,
        "statusupdate": ("view", "add", "change", "delete"),
        "evidence": ("view", "add", "change", "delete"),
        "retractionrequest": ("view", "add"),
        "readerreport": ("view", "change"),
    },
    REVIEWER: {
        **VIEW_ALL,
        "statusupdate": ("view", "review"),
        "retractionrequest": ("view", "add", "review"),
        "structurerequest": ("view", "review"),
        "readerreport": ("view", "change"),
    },
    EDITOR: {
        **VIEW_ALL,
        "act": ("view",),
        **{
            model: ("view", "add", "change", "delete")
            for model in (
                "report",
                "section",
                "recommendation",
                "recommendationrelation",
                "action",
                "deadline",
                "actionbody",
                "policyarea",
                "party",
                "body",
                "contextevent",
                "listedhost",
            )
        },
        "recommendation": ("view", "add", "change", "delete", "structure"),
        "structurerequest": ("view", "review"),
        "assignment": ("view", "add", "change", "delete"),
        "translation": ("view", "add", "change"),
        "readerreport": ("view", "change"),
    },
}


def codenames(role: str) -> set[str]:
    return {f"{verb}_{model}" for model, verbs in ROLES[role].items() for verb in verbs}


def synchronise_roles(sender=None, **kwargs) -> None:
    """Make the groups what the table says. Runs after each migrate, since a flush deletes them."""
    # Their own receiver may come after this one.
    create_permissions(apps.get_app_config("recommendations"), verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    for role in ROLES:
        group, _created = group_model.objects.get_or_create(name=role)
        group.permissions.set(
            permission_model.objects.filter(
                content_type__app_label="recommendations", codename__in=codenames(role)
            )
        )
