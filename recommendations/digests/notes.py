"""The newest digest as a signed note: a checkpoint that readers keep (https://c2sp.org/signed-note).

The text has the lines of a checkpoint (https://c2sp.org/tlog-checkpoint): the origin, the number
of the edition, its digest in base64. The digest is that of a chain, not of a Merkle tree.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ALGORITHM = b"\x01"
PRIVATE = "PRIVATE+KEY"
DASH = "\N{EM DASH}"


class BadNote(ValueError):
    """A key, or a note, that is damaged or not signed by whom it should be."""


@dataclass(frozen=True)
class Verifier:
    """A public key. `text` is how it is published: name, four bytes of a hash, key."""

    name: str
    key: bytes

    @property
    def number(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ALGORITHM + self.key).digest()[:4]

    @property
    def text(self) -> str:
        return f"{self.name}+{self.number.hex()}+{_encoded(ALGORITHM + self.key)}"

    def refuse(self, body: str, signature: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, body.encode())
        except InvalidSignature:
            raise BadNote(f"the signature of {self.name} does not fit") from None


@dataclass(frozen=True)
class Signer:
    name: str
    seed: bytes

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """The key as its file keeps it."""
        number = self.verifier.number.hex()
        return f"{PRIVATE}+{self.name}+{number}+{_encoded(ALGORITHM + self.seed)}"

    def line(self, body: str) -> str:
        signature = self.verifier.number + self._private.sign(body.encode())
        return f"{DASH} {self.name} {_encoded(signature)}\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: whose record, up to which edition, with which digest."""

    origin: str
    edition: int
    digest: str

    @property
    def body(self) -> str:
        return f"{self.origin}\n{self.edition}\n{_encoded(bytes.fromhex(self.digest))}\n"


def new_signer(name: str) -> Signer:
    if not name or any(character.isspace() or character == "+" for character in name):
        raise BadNote("the name of a key has neither spaces nor a plus sign")
    return Signer(name, Ed25519PrivateKey.generate().private_bytes_raw())


def read_signer(text: str) -> Signer:
    name, number, key = _parts(text.strip().removeprefix(f"{PRIVATE}+"), text)
    signer = Signer(name, key)
    if not text.startswith(PRIVATE) or signer.verifier.number.hex() != number:
        raise BadNote("this is no private key of a signed note")
    return signer


def read_verifier(text: str) -> Verifier:
    name, number, key = _parts(text.strip(), text)
    verifier = Verifier(name, key)
    if verifier.number.hex() != number:
        raise BadNote("this is no public key of a signed note")
    return verifier


def _parts(text: str, whole: str) -> tuple[str, str, bytes]:
    try:
        name, number, encoded = text.split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        raise BadNote("this is no key of a signed note") from None
    if len(raw) != 33 or raw[:1] != ALGORITHM:
        raise BadNote("this is no Ed25519 key of a signed note")
    return name, number, raw[1:]


def sign(head: Head, signers: Iterable[Signer]) -> str:
    return head.body + "\n" + "".join(signer.line(head.body) for signer in signers)


def open_note(text: str, verifiers: Sequence[Verifier]) -> Head:
    """Return what a checkpoint says if one of these keys signed it, and none of them wrongly."""
    body, blank, lines = text.rpartition("\n\n")
    body += "\n"
    known = {(one.name, one.number): one for one in verifiers}
    n_valid = 0
    try:
        for line in lines.splitlines() if blank else []:
            dash, name, encoded = line.split(" ")
            raw = base64.b64decode(encoded, validate=True)
            if dash == DASH and (verifier := known.get((name, raw[:4]))):
                verifier.refuse(body, raw[4:])
                n_valid += 1
        origin, number, digest = body.splitlines()[:3]
        head = Head(origin, int(number), base64.b64decode(digest, validate=True).hex())
    except BadNote:
        raise
    except (ValueError, binascii.Error):
        raise BadNote("this is no checkpoint") from None
    if not n_valid:
        raise BadNote("none of the keys has signed it")
    return head


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
