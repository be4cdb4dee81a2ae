"""The files of deploy/ and compose.yaml say what the code and docs/deploy.md say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from recommendations.web.conditional import HEADERS

from .test_deploy_checks import documented, template
from .test_settings import PRODUCTION, value

ROOT = Path(settings.BASE_DIR)
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
NGINX = (ROOT / "deploy/nginx/tracker.conf").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)([^}]*)\}")


def test_no_secret_of_compose_has_a_default() -> None:
    used = VARIABLE.findall(COMPOSE)
    assert {rest[:2] for _name, rest in used} <= {"", ":?"}
    asked_for = {name for name, rest in used if rest}
    assert asked_for == {name for name, _rest in used}
    heading = COMPOSE.partition("\n\n")[0]
    assert asked_for - {"CERTIFICATES"} <= set(re.findall(r"[A-Z_]+", heading))


def test_compose_sets_what_a_service_needs() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    assert services["node-1"] == services["node-2"]
    given = services["node-1"]["environment"]
    assert set(documented()) - {"MFA_REQUIRED"} <= set(given)
    known = set(re.findall(r"^\| `(\w+)`", PAGE, re.M)) | set(template())
    assert set(given) <= known


def test_the_worker_of_compose_is_a_node_that_does_background_work() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    worker, node = services["worker"], services["node-1"]
    assert worker["environment"] == node["environment"]
    assert worker["command"][-1] == "run_worker"
    assert worker["command"][-1] in get_commands()
    assert worker["read_only"] and worker["cap_drop"] == ["ALL"]


def test_the_unit_of_the_worker_is_that_of_the_documentation() -> None:
    unit = (ROOT / "deploy/systemd/tracker-worker.service").read_text(encoding="utf-8")
    assert f"```ini\n{unit}```" in PAGE


def test_the_image_has_what_the_program_is_made_of() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    copied = {
        word for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.M) for word in line.split()
    }
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8")
    assert copied == set(re.findall(r"^!(\S+)$", ignored, re.M))
    assert all((ROOT / name).exists() for name in copied)


def test_the_proxy_tells_answers_apart_by_all_that_they_depend_on() -> None:
    key = re.search(r"proxy_cache_key (.+);", NGINX)
    assert key
    for name in HEADERS:
        variable = "theme" if name == "Cookie" else f"http_{name.lower().replace('-', '_')}"
        assert f"${variable}" in key[1].split()


@pytest.mark.parametrize("name", ["SESSION_COOKIE_NAME", "REVISION_COOKIE_NAME"])
def test_the_proxy_knows_who_is_answered_by_a_node(tmp_path: Path, name: str) -> None:
    found = re.search(r'"~(\S+)" 1;', NGINX)
    assert found
    cookie = value(name, var=tmp_path, **PRODUCTION)
    assert re.search(found[1], f"_ga=1; {cookie}=abc; theme=dark")
    assert not re.search(found[1], f"_ga=1; {cookie}=; my{cookie}=1")


@pytest.mark.parametrize(
    ("path", "has_form"),
    [
        ("/", False),
        ("/ja/reports/a/", False),
        ("/admin/", True),
        ("/ja/accounts/login/", True),
        ("/appearance/", True),
        ("/ja/reports/a/1.1/report-an-error/", True),
    ],
)
def test_the_proxy_passes_pages_with_forms_on(path: str, has_form: bool) -> None:
    block = re.search(r"map \$uri \$has_form \{(.+?)\n\}", NGINX, re.S)
    assert block
    patterns = re.findall(r'"~(\S+)" 1;', block[1])
    assert any(re.search(one, path) for one in patterns) is has_form


def test_roles_are_those_of_the_documentation() -> None:
    told = re.search(r"```sql\n(CREATE ROLE tracker_owner.+?)```", PAGE, re.S)
    assert told
    text = re.sub(r"'\w+-PASSWORD'", "''", told[1])
    made = (ROOT / "deploy/postgresql/roles.sql").read_text(encoding="utf-8")
    made = re.sub(r":'\w+_password'", "''", made)
    assert [line for line in text.splitlines() if line not in made.splitlines()] == []


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
@pytest.mark.parametrize("name", ["primary.sh", "replica.sh"])
def test_scripts_can_be_read_by_a_shell(name: str) -> None:
    subprocess.run(["sh", "-n", str(ROOT / "deploy/postgresql" / name)], check=True)


NGINX_PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin")


@pytest.mark.skipif(NGINX_PROGRAM is None, reason="there is no nginx on this machine")
def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    files = ["-keyout", f"{tmp_path}/privkey.pem", "-out", f"{tmp_path}/fullchain.pem"]
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *files]
    subprocess.run([*certificate, "-subj", "/CN=localhost"], check=True, capture_output=True)
    text = NGINX.replace("/etc/nginx/certificates", str(tmp_path))
    text = text.replace("/var/cache/nginx/tracker", f"{tmp_path}/kept")
    # Names of machines are looked up, and these are not there.
    text = re.sub(r"server node-(\d):", r"server 127.0.0.\1:", text)
    (tmp_path / "tracker.conf").write_text(text)
    main = tmp_path / "nginx.conf"
    http = f"access_log off; include {tmp_path}/tracker.conf;"
    main.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {http} }}")
    done = subprocess.run(
        [str(NGINX_PROGRAM), "-t", "-e", f"{tmp_path}/log", "-c", str(main)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
