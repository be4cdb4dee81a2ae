"""A tracker that begins without the report that comes with the project."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations import triggers
from recommendations.models import (
    AddresseeGroup,
    Edition,
    Feed,
    FiscalYear,
    Report,
    SearchAlias,
    Site,
    Translation,
)
from recommendations.publishing import touch

# It belongs to nobody (RFC 2606), so that nobody else has it.
FEED_NAME = "recommendation-tracker.example"


@transaction.atomic
def begin_empty() -> None:
    """Take away what a new database has for that report: names, what they mean to search,
    and the feeds of its two countries.

    Raises ValidationError where there is a report or an edition. Nobody has read anything by then,
    so that the history of these texts begins anew too.
    """
    if Report.objects.exists() or Edition.objects.exists():
        raise ValidationError(_("There is a report already. Begin with an empty database."))
    for model in (AddresseeGroup, Feed, FiscalYear, SearchAlias):
        model.objects.all().delete()
    Translation.objects.filter(kind__startswith="site.").delete()
    Translation.objects.filter(kind__startswith="addresseegroup.").delete()
    for texts in (AddresseeGroup.history.model, SearchAlias.history.model, Site.history.model):
        _forget(texts)
    Site.objects.update(name=settings.EMPTY_SITE_NAME, feed_name=FEED_NAME)
    Site.history.bulk_history_create(Site.objects.all(), default_date=timezone.now())
    touch(())


def _forget(history: type[models.Model]) -> None:
    """Delete the lines of a history, which the database refuses but to its owner."""
    table = history._meta.db_table
    [guard] = [
        one.name
        for one in triggers.guards(connection)
        if one.table == table and one.event == "DELETE"
    ]
    with triggers.lifted(connection, guard):
        history._default_manager.all().delete()
