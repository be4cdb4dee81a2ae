from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alliance import replica
from recommendations.index import keeping
from recommendations.index.store import opened, thrown_away
from recommendations.management.base import TerminalCommand


class Command(TerminalCommand):
    help = gettext_noop(
        "Bring the index of words and counts of this machine up to date with the database. Pages "
        "do so by themselves; of a large record it takes minutes, which is better done here, after "
        "an upgrade or a restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help=_("Make it anew, whatever there is.")
        )

        parser.add_argument(
            "--database",
            choices=list(settings.DATABASES),
            default=replica.PRIMARY,
            help=_("Which of the databases it is made from: a replica has an index of its own."),
        )

    def handle(self, *args: Any, anew: bool, database: str, **options: Any) -> None:
        replica.read_from(database)
        path = keeping.path_of_index()
        if anew:
            thrown_away(path)
        store = opened(path)
        keeping.bring_up(store, however_large=True)
        keeping.renew_frequent_words(store)
        self.stdout.write(
            self.style.SUCCESS(_("The index is up to date: %(path)s") % {"path": path})
        )
