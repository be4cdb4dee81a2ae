"""What `make run` calls: prepares everything under var/, serves it, and says where."""

import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from alliance import trial
from alliance.background.beside_server import WorkerBeside
from alliance.loopback_server import LoopbackServer, ServerError, refuse_unusable_port
from alliance.private_files import write_private
from recommendations.accounts.people import make_staff_user
from recommendations.accounts.roles import ROLES, synchronise_roles
from recommendations.loading import is_loaded
from recommendations.loading.empty import begin_empty
from recommendations.loading.series import series_of
from recommendations.management.base import TerminalCommand
from recommendations.management.commands.load_report import read_file

BASELINE = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
WITHOUT_REPORT = "without-report"
NO_REPORT = """\
`make run REPORT=none` began this trial. While this file is here, no report is loaded.
"""
CREATESTAFF = ".venv/bin/python manage.py createstaff NAME"


class Command(TerminalCommand):
    help = gettext_noop(
        "Serves the tracker on this machine alone, for trying it out: not for a service."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--report",
            choices=["", "none"],
            default="",
            help=_("“none” begins a tracker of your own, without the report that comes with it."),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRYOUT:
            raise CommandError(_("Start it with `make run`, which sets ALLIANCE_TRYOUT=1."))
        # Until there is a server to stop, these end this process the way Ctrl-C does.
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)
        try:
            code = self._serve(options["port"], is_empty=options["report"] == "none")
        except ServerError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            code = 130
        raise SystemExit(code)

    def _serve(self, port: int, *, is_empty: bool) -> int:
        refuse_unusable_port(port)
        self._prepare(is_empty=is_empty)
        with LoopbackServer(port) as server, WorkerBeside():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: server.stop())
            if server.is_answering():
                self._announce(port)
            return server.wait()

    def _prepare(self, *, is_empty: bool) -> None:
        self._say(_("Preparing the database ..."))
        call_command("migrate", verbosity=0, interactive=False)
        if is_empty:
            self._begin_empty()
        if not (settings.VAR_DIR / WITHOUT_REPORT).exists():
            self._load_report()
        self._say(_("Collecting static files ..."))
        call_command("collectstatic", verbosity=0, interactive=False)
        if _is_own_database():
            trial.leave_mark(settings.VAR_DIR)

    def _begin_empty(self) -> None:
        """Begin without the report, for good: a later `make run` loads it into no other record."""
        mark = settings.VAR_DIR / WITHOUT_REPORT
        if mark.exists():
            return
        try:
            begin_empty()
        except ValidationError as error:
            told = _("%(problem)s Another one: ALLIANCE_VAR=var/own make run REPORT=none")
            raise CommandError(told % {"problem": error.messages[0]}) from error
        mark.write_text(NO_REPORT, encoding="utf-8")

    def _load_report(self) -> None:
        """Load what is not in the record yet. The trial starts whatever is wrong with it."""
        try:
            if files := [path for path in series_of(BASELINE) if not is_loaded(read_file(path))]:
                self._say(_("Loading the report ..."))
                call_command("load_report", *map(str, files), keep_edits=True)
        except CommandError as error:
            self._say(str(error))

    def _announce(self, port: int) -> None:
        address = f"http://localhost:{port}/"
        self._say("")
        self._say(
            _("The tracker is at %(site)s and staff sign in at %(admin)s.")
            % {"site": address, "admin": f"{address}admin/"}
        )
        self._say(_("This is a trial: reviewers are not asked for a second factor."))
        if connection.vendor == "sqlite":
            self._announce_sign_ins(settings.VAR_DIR / "first-sign-in.txt", address=address)
        else:
            command = f"ALLIANCE_TRYOUT=1 {CREATESTAFF} --role editor"
            self._say(_("Accounts are made with: %(command)s") % {"command": command})
        self._say(_("Ctrl-C stops it."))

    def _announce_sign_ins(self, path: Path, *, address: str) -> None:
        if not User.objects.exists():
            self._say(make_first_sign_ins(path, address=address))
        if path.exists():
            self._say(_("The first sign-ins are in %(path)s.") % {"path": path})
        command = f"{CREATESTAFF} --reset"
        self._say(_("A new password for one: %(command)s") % {"command": command})

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _is_own_database() -> bool:
    """Whether it is the one that a command finds without being told of another."""
    return Path(connection.settings_dict["NAME"]) == settings.VAR_DIR / "db.sqlite3"


@transaction.atomic
def make_first_sign_ins(path: Path, *, address: str) -> str:
    """One account a role; all or none, so that no password is lost between the two places."""
    synchronise_roles()
    lines = [_("Sign in at %(address)s") % {"address": f"{address}admin/"}, ""]
    for role in ROLES:
        name = role.lower()
        lines.append(f"{name:<14} {make_staff_user(name, role=role)}")
    text = "\n".join(lines) + "\n"
    try:
        write_private(path, text)
    except FileExistsError:
        # Of an earlier database. It may be all that somebody has of it, so it stays.
        told = _("%(path)s is of an earlier database and stays as it is: note these down.")
        text += f"\n{told % {'path': path}}\n"
    return text
