from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.exports import kept_files
from recommendations.exports.tables import archive
from recommendations.management.base import TerminalCommand
from recommendations.models import Edition
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint
from recommendations.web import made_aside


class Command(TerminalCommand):
    help = gettext_noop(
        "Make the ZIP of each edition that has none on this machine yet. The first reader has it "
        "made; of a large record that takes minutes, which are better spent here, after publishing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", type=int, help=_("Of this edition alone."))
        parser.add_argument(
            "--root",
            default=settings.SITE_URL,
            help=_("Address of the site in the files, unless SITE_URL says it."),
        )

        parser.add_argument(
            "--address",
            help=_(
                "Make the one large file of this address instead, as its readers are to get it."
            ),
        )

    def handle(
        self, *args: Any, edition: int | None, root: str, address: str, **options: Any
    ) -> None:
        if address:
            self._make_file_of(address)
            return
        if not root:
            raise CommandError(_("Say the address of the site: SITE_URL or --root."))
        editions = Record(Viewpoint.present()).editions().order_by("number")
        if edition is not None:
            editions = editions.filter(number=edition)
        found = list(editions)
        if edition is not None and not found:
            raise CommandError(_("There is no edition %(number)d.") % {"number": edition})
        for one in found:
            self._make(one, root.rstrip("/"))

    def _make_file_of(self, address: str) -> None:
        try:
            made_aside.make(address)
        except kept_files.FileBeingMade:
            self.stdout.write(_("Another process makes such a file."))

    def _make(self, edition: Edition, root: str) -> None:
        name = archive.name_of(edition, root=root)
        if kept_files.known(name):
            return
        try:
            path = kept_files.made(
                name,
                lambda part: archive.write_archive(part, archive.begun(edition, root=root)),
            )
        except kept_files.FileBeingMade:
            self.stdout.write(_("%(edition)s: another process makes it.") % {"edition": edition})
            return
        self.stdout.write(f"{edition}: {path}")
