from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.digests.notes import BadNote, new_signer
from recommendations.management.base import TerminalCommand


class Command(TerminalCommand):
    help = gettext_noop(
        "Make a key that signs the newest digest of the record, in a file that only its owner "
        "may read, and print the public key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("Where the private key goes."))
        parser.add_argument(
            "--name",
            default=urlsplit(settings.SITE_URL).netloc,
            help=_("Whose record it signs, as checkpoints say it: by default the host."),
        )

    def handle(self, *args, file: Path, name: str, **options) -> None:
        try:
            signer = new_signer(name)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except BadNote as error:
            raise CommandError(str(error)) from error
        except FileExistsError:
            raise CommandError(
                _("%(path)s is there already. A key is never written over.") % {"path": file}
            ) from None
        except OSError as error:
            raise CommandError(
                _("%(path)s cannot be written: %(reason)s.")
                % {"path": file, "reason": error.strerror}
            ) from error
        with os.fdopen(handle, "w", encoding="ascii") as written:
            written.write(f"{signer.text}\n")
        self.stdout.write(signer.verifier.text)
