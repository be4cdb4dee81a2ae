"""What the project's commands have in common: they speak the language of the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from recommendations.models.act import Event

# POSIX looks at them in this order, and takes an empty one for none.
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_of_terminal(environment: Mapping[str, str] = os.environ) -> str:
    """Return "ja" for ja_JP.UTF-8, and that of the site for a language that it does not have."""
    chosen = next(filter(None, map(environment.get, VARIABLES)), "")
    name = chosen.partition(".")[0].partition("@")[0]
    try:
        return translation.get_supported_language_variant(translation.to_language(name))
    except LookupError:
        return settings.LANGUAGE_CODE


class TerminalCommand(BaseCommand):
    """Called by a program (`call_command`) it keeps the language that is active there.

    A command marks its `help` with `gettext_noop`. `act` names what it does, where that is to
    stand in the log of acts; steps that it takes may have left their lines already.
    """

    act: Event | None = None

    def execute(self, *args: Any, **options: Any) -> str | None:
        # manage.py asks for the language of the terminal before there are models.
        from recommendations import acts

        name = type(self).__module__.rpartition(".")[2]
        with acts.occasion(command=f"manage.py {name}") as occasion:
            said = super().execute(*args, **options)
            if self.act and self.is_act(options) and not occasion.n:
                acts.note(self.act, subject=self.subject(options), detail=getuser())
        return said

    def is_act(self, options: Mapping[str, Any]) -> bool:
        """Whether it writes something with these options."""
        return True

    def subject(self, options: Mapping[str, Any]) -> str:
        """Return what the command was about, for the log of acts."""
        return ""

    def run_from_argv(self, argv: Sequence[str]) -> None:
        with translation.override(language_of_terminal()):
            super().run_from_argv(list(argv))

    def print_help(self, prog_name: str, subcommand: str) -> None:
        with translation.override(language_of_terminal()):
            super().print_help(prog_name, subcommand)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.description = _(self.help)
        return parser


def unreadable(path: Path, error: OSError) -> CommandError:
    reasons = {
        FileNotFoundError: _("No such file or directory"),
        IsADirectoryError: _("Is a directory"),
        PermissionError: _("Permission denied"),
    }
    reason = reasons.get(type(error), error.strerror)
    return CommandError(
        _("%(path)s cannot be read: %(reason)s.") % {"path": path, "reason": reason}
    )
