from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from recommendations import corpus
from recommendations.models import Report


class Command(BaseCommand):
    help = (
        "Fill an empty database with a made-up record, to measure and to try out. Never use it "
        "on a database that readers see: what is published stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=corpus.SIZES, default="S")
        parser.add_argument(
            "--seed", type=int, default=1, help="The same seed on the same day, the same record."
        )
        parser.add_argument(
            "--add", action="store_true", help="Add it to a database that has reports already."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        size, seed = corpus.SIZES[options["size"]], options["seed"]
        if Report.objects.exists() and not options["add"]:
            raise CommandError(
                "This database has reports already. Take an empty one, or say --add to publish "
                "made-up ones beside them, which cannot be undone."
            )
        self.stdout.write(
            f"Writing {size.reports} made-up reports with {size.n_recommendations} "
            f"recommendations, about {size.n_actions} actions and {size.n_updates} updates, to "
            f"{connection.settings_dict['NAME']} ({connection.vendor})."
        )
        began = monotonic()
        is_told = options["verbosity"] > 1
        say = self.stdout.write if is_told else quietly
        try:
            corpus.make(size, seed=seed, end_at=beginning_of_today(), say=say)
        except corpus.AlreadyThere as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Done in {monotonic() - began:.0f} seconds."))


def beginning_of_today() -> datetime:
    """The same on any hour of a day, so that the record is the same too."""
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)


def quietly(text: str) -> None:
    pass
