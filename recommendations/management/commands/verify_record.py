from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from recommendations.digests import comparison, keys, notes, verification
from recommendations.management.base import TerminalCommand, unreadable


class Command(TerminalCommand):
    help = gettext_noop(
        "Compare the whole record with what its editions were digested to, with downloaded "
        "record.json files and with a checkpoint that was kept. Names what differs, the first "
        "edition first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="*", type=Path, metavar="FILE", help=_("Downloaded record.json files.")
        )
        parser.add_argument(
            "--against", type=Path, metavar="CHECKPOINT", help=_("A checkpoint that was kept.")
        )
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            help=_("A public key that signed it; by default the keys of this installation."),
        )

    def handle(self, *args, files: list[Path], against: Path | None, key: list[str], **options):
        found = [str(one) for one in verification.everything()]
        for path in files:
            found += [str(one) for one in comparison.with_file(_read(path), str(path))]
        if against:
            found += self._against(against, key)
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(
                ngettext("%(n)d difference.", "%(n)d differences.", len(found)) % {"n": len(found)}
            )
        self._report()

    def _against(self, path: Path, texts: Sequence[str]) -> Iterator[str]:
        try:
            known = [notes.read_verifier(text) for text in texts]
            known = known or [signer.verifier for signer in keys.signers()]
            head = notes.open_note(path.read_text(encoding="utf-8"), known)
        except OSError as error:
            raise unreadable(path, error) from error
        except (notes.BadNote, keys.NoKey, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        yield from map(str, comparison.with_head(head))

    def _report(self) -> None:
        newest = verification.newest()
        if newest is None:
            self.stdout.write(_("There is no edition yet."))
            return
        told = _("The record is what was digested. Edition %(number)d: %(digest)s")
        self.stdout.write(told % {"number": newest.edition_id, "digest": newest.digest})
        if n := sum(len(ids) for ids in verification.waiting_edits().values()):
            self.stdout.write(
                ngettext(
                    "%(n)d text was saved since: the next edition digests it.",
                    "%(n)d texts were saved since: the next edition digests them.",
                    n,
                )
                % {"n": n}
            )


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error
