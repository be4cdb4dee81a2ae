from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alliance.background.worker import Worker
from recommendations.management.base import TerminalCommand


class Command(TerminalCommand):
    help = gettext_noop(
        "Do the work that no request waits for, such as reading long files. One of these runs "
        "beside the server, on each machine or on one of them, and ends with a signal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-done", action="store_true", help=_("End as soon as nothing is due.")
        )
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help=_("End as soon as the process that started it is gone."),
        )

    def handle(self, *args: Any, until_done: bool, with_parent: bool, **options: Any) -> None:
        Worker(with_parent=with_parent).run(until_done=until_done)
