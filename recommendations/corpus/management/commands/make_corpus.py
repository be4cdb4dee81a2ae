from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.corpus.plan import SIZES
from recommendations.corpus.store import AlreadyThere, make
from recommendations.management.base import TerminalCommand
from recommendations.models import Report


class Command(TerminalCommand):
    help = gettext_noop(
        "Fill an empty database with a made-up record, to measure and to try out. Never use it "
        "on a database that readers see: what is published stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=SIZES, default="S")
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help=_("The same seed on the same day, the same record."),
        )
        parser.add_argument(
            "--add", action="store_true", help=_("Add it to a database that has reports already.")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size, seed = SIZES[options["size"]], options["seed"]
        if Report.objects.exists() and not options["add"]:
            raise CommandError(
                _(
                    "This database has reports already. Take an empty one, or say --add to publish "
                    "made-up ones beside them, which cannot be undone."
                )
            )
        self.stdout.write(
            _(
                "Writing %(reports)d made-up reports with %(recommendations)d recommendations, "
                "about %(actions)d actions and %(updates)d updates, to %(database)s (%(vendor)s)."
            )
            % {
                "reports": size.reports,
                "recommendations": size.n_recommendations,
                "actions": size.n_actions,
                "updates": size.n_updates,
                "database": connection.settings_dict["NAME"],
                "vendor": connection.vendor,
            }
        )
        began = monotonic()
        is_told = options["verbosity"] > 1
        say = self.stdout.write if is_told else quietly
        try:
            make(size, seed=seed, end_at=beginning_of_today(), say=say)
        except AlreadyThere as error:
            raise CommandError(str(error)) from error
        told = _("Done in %(n)d seconds.") % {"n": round(monotonic() - began)}
        self.stdout.write(self.style.SUCCESS(told))


def beginning_of_today() -> datetime:
    """The same on any hour of a day, so that the record is the same too."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def quietly(text: str) -> None:
    pass
