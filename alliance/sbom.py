"""Print what the program is made of, as CycloneDX 1.5: `make sbom`.

The packages, versions and digests are those of requirements.lock, licences those that the
installed packages state.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "name": project["name"],
                "version": project["version"],
            }
        },
        "components": list(components(lock)),
    }


def components(lock: str) -> Iterator[dict[str, Any]]:
    for entry in re.split(r"\n(?=\S)", lock):
        if found := PINNED.match(entry):
            name, version = found.groups()
            yield {
                "type": "library",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name.lower().replace('_', '-')}@{version}",
                "hashes": [
                    {"alg": "SHA-256", "content": digest} for digest in DIGEST.findall(entry)
                ],
                "licenses": licences(name),
            }


def licences(name: str) -> list[dict[str, Any]]:
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    classifiers = [one for one in said.get_all("Classifier") or [] if one.startswith("License ::")]
    names = [one.rpartition(":: ")[2] for one in classifiers]
    expressions = said.get_all("License-Expression") or []
    return [{"license": {"name": one}} for one in expressions or names]


if __name__ == "__main__":
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    json.dump(bill(lock, pyproject["project"]), sys.stdout, indent=1, sort_keys=True)
    print()
