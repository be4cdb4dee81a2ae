"""The four roles and what each may do: the one table that groups are kept in step with."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.management import create_permissions

ANALYST, REVIEWER, EDITOR = "Analyst", "Reviewer", "Editor"
ADMINISTRATOR = "Administrator"

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
        "addresseegroup",
        "fiscalyear",
        "body",
        "contextevent",
        "listedhost",
        "feed",
        "inboxitem",
        "knownhost",
        "source",
        "capture",
        "captureremoval",
        "searchalias",
        "site",
        "topic",
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
        "delivery",
        "addresseealias",
    )
}
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    ANALYST: {
        **VIEW_ALL,
        "statusupdate": ("view", "add", "change", "delete"),
        "evidence": ("view", "add", "change", "delete"),
        "inboxitem": ("view", "add", "change"),
        "source": ("view", "add", "change"),
        "capture": ("view", "add"),
        "captureremoval": ("view", "add"),
        "retractionrequest": ("view", "add"),
        "readerreport": ("view", "change"),
    },
    REVIEWER: {
        **VIEW_ALL,
        "statusupdate": ("view", "review"),
        "captureremoval": ("view", "add", "review"),
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
                "addresseegroup",
                "fiscalyear",
                "body",
                "contextevent",
                "listedhost",
                "feed",
                "knownhost",
                "source",
                "searchalias",
                "topic",
                "addresseealias",
                "tablemapping",
            )
        },
        "inboxitem": ("view", "add", "change"),
        "capture": ("view", "add"),
        "captureremoval": ("view", "add", "review"),
        "recommendation": ("view", "add", "change", "delete", "structure"),
        "structurerequest": ("view", "review"),
        "assignment": ("view", "add", "change", "delete"),
        # Its one row is there from the beginning, and is never deleted.
        "site": ("view", "add", "change"),
        "translation": ("view", "add", "change"),
        "readerreport": ("view", "change"),
    },
    # Nothing of the record. Which accounts they may change, and what of them, is in admin/people.
    ADMINISTRATOR: {
        "auth.user": ("view", "add", "change"),
        "act": ("view",),
        "factorreset": ("view", "add", "review"),
        "alliance.job": ("view", "change"),
    },
}


def permissions(role: str) -> set[tuple[str, str]]:
    """Return app and code of each permission. A model without its app is one of the tracker."""
    found = set()
    for model, verbs in ROLES[role].items():
        app, _dot, name = model.rpartition(".")
        found |= {(app or "recommendations", f"{verb}_{name}") for verb in verbs}
    return found


def synchronise_roles(sender=None, **kwargs) -> None:
    """Make the groups what the table says. Runs after each migrate, since a flush deletes them."""
    # Their own receiver may come after this one.
    for app in ("auth", "alliance", "recommendations"):
        create_permissions(apps.get_app_config(app), verbosity=0)
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    there_are = {
        (app, code): pk
        for app, code, pk in permission_model.objects.values_list(
            "content_type__app_label", "codename", "pk"
        )
    }
    for role in ROLES:
        group, _created = group_model.objects.get_or_create(name=role)
        group.permissions.set(there_are[key] for key in permissions(role) if key in there_are)
