from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.management.base import TerminalCommand, unreadable
from recommendations.models.act import Event
from recommendations.translating.po_files import CatalogueError, load_catalogue


class Command(TerminalCommand):
    help = gettext_noop(
        "Load translations of the record from a PO file, as dump_translations writes it. What was "
        "translated or confirmed here is never overwritten."
    )
    act = Event.TRANSLATION

    def subject(self, options: Mapping[str, Any]) -> str:
        return options["file"].name

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options) -> None:
        path = options["file"]
        try:
            loaded = load_catalogue(path.read_bytes(), now=timezone.now())
        except OSError as error:
            raise unreadable(path, error) from error
        except (CatalogueError, ValidationError) as error:
            reasons = getattr(error, "messages", [error])
            raise CommandError(
                _("%(path)s was not loaded. %(reason)s")
                % {"path": path, "reason": " ".join(map(str, reasons))}
            ) from error
        for number, label in (
            (loaded.added, _("translations added")),
            (loaded.confirmed, _("translations confirmed")),
            (loaded.unchanged, _("translations as before")),
            (
                loaded.kept,
                _("translations kept as they are here, though the file says something else"),
            ),
            (loaded.empty, _("translations without a text in the file")),
        ):
            if number:
                self.stdout.write(f"{number:5d} {label}")
