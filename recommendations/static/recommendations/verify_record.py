#!/usr/bin/env python3
"""Check downloaded editions of the tracker's record. Needs Python 3.9 or newer and nothing else.

    python3 verify_record.py record-1.json record-2.json ...
    python3 verify_record.py record-*.json --checkpoint checkpoint --key NAME+HASH+KEY
    python3 verify_record.py --self-test

Each file is what /editions/N/record.json of the tracker answers. For each one this recomputes the
digest of every item and of the edition, and looks whether it follows from the edition before. With
a checkpoint (what /checkpoint answers, or answered when you kept it) it verifies the signature and
looks whether the edition that it names has the digest that it names. The key is the line that
/checkpoint/keys answers; keep it as you keep checkpoints: from elsewhere than the files.

It exits with 0 if all of this holds, with 1 if something does not, and with 2 if a file cannot be
read. It shares no code with the tracker. The canonical form is RFC 8785, signatures are Ed25519
(RFC 8032), checkpoints are signed notes (https://c2sp.org/signed-note).
"""

import argparse
import base64
import hashlib
import json
import sys

FORMATS = (1, 2)


class Bad(Exception):
    """Something does not hold, or cannot be read; the text says what."""


# Canonical JSON (RFC 8785) -----------------------------------------------------------------------
# A record has neither fractions nor names of fields outside ASCII. Of what is left, the module of
# the standard library writes the canonical form.


def canonical(value):
    refuse_unknown(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def refuse_unknown(value):
    if isinstance(value, float):
        raise Bad("a number with a fraction is no part of a record")
    if isinstance(value, int) and abs(value) >= 2**53:
        raise Bad("a number is too large for a record")
    if isinstance(value, list):
        for one in value:
            refuse_unknown(one)
    if isinstance(value, dict):
        for name, one in value.items():
            if not name.isascii():
                raise Bad(f"the name {name!r} is not ASCII")
            refuse_unknown(one)


def sha256(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# Editions ----------------------------------------------------------------------------------------


def once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Bad("a field is given twice")
    return found


def read_edition(path):
    try:
        with open(path, encoding="utf-8") as file:
            said = json.load(file, object_pairs_hook=once)
        number = said["header"]["number"]
        fields = (said["format"], said["items"], said["previous"], said["digest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Bad(f"{path}: it is no record of an edition: {error}") from error
    if type(number) is not int or fields[0] not in FORMATS:
        raise Bad(f"{path}: format {fields[0]!r} is unknown to this check")
    return said


def faults_of(said):
    """Yield what does not hold inside one edition."""
    name = f"edition {said['header']['number']}"
    for item in said["items"]:
        own = {"key": item["key"], "content": item["content"]}
        if sha256(canonical(own)) != item["digest"]:
            yield f"{name}: {item['key']}: its content is not what was digested"
    whole = {
        "format": said["format"],
        "header": said["header"],
        "items": sorted(item["digest"] for item in said["items"]),
        "previous": said["previous"],
    }
    if sha256(canonical(whole)) != said["digest"]:
        yield f"{name}: its digest is not that of its header, its items and the digest before it"


def chain_of(editions, say):
    """Yield where an edition does not follow from the one before it."""
    for number, said in sorted(editions.items()):
        before = editions.get(number - 1)
        if before is not None and said["previous"] != before["digest"]:
            yield f"edition {number}: it does not follow from this edition {number - 1}"
        elif before is None and said["previous"]:
            say(f"edition {number - 1} is not among the files: what it says is not checked")


# Signed notes ------------------------------------------------------------------------------------


def read_key(line):
    """Return the name, the four bytes by which signatures name the key, and the key."""
    try:
        name, number, encoded = line.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise Bad(f"{line.strip()!r} is no key: {error}") from error
    if len(raw) != 33 or raw[0] != 1:
        raise Bad(f"{line.strip()!r} is no Ed25519 key of a signed note")
    hashed = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if hashed.hex() != number:
        raise Bad(f"{line.strip()!r} is damaged: its number does not fit")
    return name, hashed, raw[1:]


def read_checkpoint(text, keys):
    """Return the origin, the edition and the digest that a checkpoint signs."""
    body, blank, signatures = text.rpartition("\n\n")
    if not blank:
        raise Bad("the checkpoint has no signature")
    body += "\n"
    valid = 0
    for line in signatures.splitlines():
        dash, name, encoded = (line.split(" ") + ["", ""])[:3]
        raw = base64.b64decode(encoded)
        for key_name, number, key in keys:
            if dash == "\u2014" and name == key_name and raw[:4] == number:
                if not verify(key, body.encode(), raw[4:]):
                    raise Bad(f"the signature of {name} does not fit the checkpoint")
                valid += 1
    if not valid:
        raise Bad("no signature of the checkpoint is of a key that was given")
    try:
        origin, number, encoded = body.splitlines()[:3]
        return origin, int(number), base64.b64decode(encoded).hex()
    except ValueError as error:
        raise Bad(f"the checkpoint cannot be read: {error}") from error


# Ed25519 (RFC 8032, section 5.1) -----------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if (x & 1) != sign else x


def decompress(data):
    y = int.from_bytes(data, "little")
    x = recover_x(y & ((1 << 255) - 1), y >> 255)
    y &= (1 << 255) - 1
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e1, e2 = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    e3, e4 = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def is_same(a, b):
    return not ((a[0] * b[2] - b[0] * a[2]) % P or (a[1] * b[2] - b[1] * a[2]) % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def verify(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    h = int.from_bytes(digest, "little") % L
    return is_same(multiply(s, BASE), add(r, multiply(h, a)))


# RFC 8032, section 7.1: key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
)
# RFC 8785, section 3.2.2: what is escaped in a text, and how.
ESCAPED = ('\u20ac$\u000f\nA\'B"\\\\"/\u007f', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u007f"')


def self_test():
    """Return whether this machine computes as the standards say."""
    for key, message, signature in VECTORS:
        key, message, signature = map(bytes.fromhex, (key, message, signature))
        if not verify(key, message, signature):
            return False
        if verify(key, message + b"x", signature):
            return False
        for place in (0, 31, 32, 63):
            changed = bytearray(signature)
            changed[place] ^= 1
            if verify(key, message, bytes(changed)):
                return False
    return canonical(ESCAPED[0]) == ESCAPED[1] and canonical({"b": 1, "a": [None, True]}) == (
        '{"a":[null,true],"b":1}'
    )


# The command -------------------------------------------------------------------------------------


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--checkpoint", metavar="FILE")
    parser.add_argument("--key", action="append", default=[], metavar="NAME+HASH+KEY")
    parser.add_argument("--self-test", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.self_test:
        passed = self_test()
        print("self-test: " + ("passed" if passed else "FAILED"))
        return 0 if passed else 2
    if not asked.files:
        parser.error("give the files to check, or --self-test")
    try:
        return check(asked)
    except (Bad, OSError) as error:
        print(error)
        return 2


def check(asked):
    editions = {}
    for path in asked.files:
        said = read_edition(path)
        number = said["header"]["number"]
        if editions.setdefault(number, said) != said:
            print(f"edition {number}: two of the files say different things of it")
            return 1
    faults = []
    for _number, said in sorted(editions.items()):
        try:
            faults += faults_of(said)
        except (KeyError, TypeError) as error:
            raise Bad(f"edition {_number}: an item cannot be read: {error}") from error
    faults += chain_of(editions, print)
    if asked.checkpoint:
        faults += against(asked, editions)
    for fault in faults:
        print(fault)
    if not faults:
        last = editions[max(editions)]
        n_items = sum(len(said["items"]) for said in editions.values())
        print(f"{len(editions)} editions and {n_items} items are what was digested.")
        print(f"The newest of them is edition {last['header']['number']}: {last['digest']}")
    return 1 if faults else 0


def against(asked, editions):
    with open(asked.checkpoint, encoding="utf-8") as file:
        text = file.read()
    try:
        origin, number, digest = read_checkpoint(text, [read_key(line) for line in asked.key])
    except (Bad, ValueError) as error:
        return [str(error)]
    if number not in editions:
        return [f"edition {number}, which the checkpoint signs, is not among the files"]
    if editions[number]["digest"] != digest:
        return [f"edition {number}: the checkpoint of {origin} signs another digest: {digest}"]
    print(f"The checkpoint of {origin} signs edition {number} as it is here.")
    return []


if __name__ == "__main__":
    sys.exit(main())
