from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.loading.empty import begin_empty
from recommendations.management.base import TerminalCommand
from recommendations.models.act import Event


class Command(TerminalCommand):
    help = gettext_noop(
        "Begin a tracker of your own: takes the names that a new database has away. It is refused "
        "as soon as there is a report."
    )
    act = Event.UPKEEP

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take none."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            begin_empty()
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(
            _("The tracker is empty. Staff find the first steps at /admin/first-steps/.")
        )
