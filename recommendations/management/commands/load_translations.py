from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.catalogues import CatalogueError, load_catalogue


class Command(BaseCommand):
    help = (
        "Load translations of the record from a PO file, as dump_translations writes it. What was "
        "translated or confirmed here is never overwritten."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options) -> None:
        path = options["file"]
        try:
            loaded = load_catalogue(path.read_bytes(), now=timezone.now())
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except ValidationError as error:
            raise CommandError(f"{path} was not loaded. {' '.join(error.messages)}") from error
        except CatalogueError as error:
            raise CommandError(f"{path} was not loaded. {error}") from error
        for number, label in (
            (loaded.added, "added"),
            (loaded.confirmed, "confirmed"),
            (loaded.unchanged, "as before"),
            (loaded.kept, "kept as they are here, though the file says something else"),
            (loaded.empty, "without a translation in the file"),
        ):
            if number:
                self.stdout.write(f"{number:5d} translations {label}")
