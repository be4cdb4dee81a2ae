"""The roles of docs/deploy.md: the service publishes, and cannot lift the guard of the record."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from recommendations import triggers

pytestmark = [
    pytest.mark.about_databases,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite knows no roles: its file has one owner"
    ),
]
BASELINE = "fixtures/us_japan_alliance_2024.yaml"
EVIDENCE = "recommendations_evidence"
GUARD = f"{triggers.PREFIX}evidence_insert"


def sql_of_the_page() -> tuple[list[str], list[str]]:
    """Statements of docs/deploy.md that make the roles and the database, and those within it."""
    page = (settings.BASE_DIR / "docs" / "deploy.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)
    before, within = block.split("\\connect tracker\n")
    return [part.split(";")[:-1] for part in (before, within)]  # type: ignore[return-value]


@dataclass
class Service:
    """A database with the roles of the page, under names of this run."""

    name: str
    place: str
    superuser: str

    def url(self, role: str, database: str | None = None) -> str:
        password = {"owner": "OWNER-PASSWORD", "app": "APP-PASSWORD"}[role]
        return f"postgres://{self.name}_{role}:{password}@{self.place}/{database or self.name}"

    def as_superuser(self, statements: list[str], database: str = "postgres") -> None:
        with psycopg.connect(f"{self.superuser}/{database}", autocommit=True) as session:
            for statement in statements:
                session.execute(statement)  # type: ignore[arg-type]

    def named(self, statements: list[str], database: str) -> list[str]:
        """Put the names of this run in the place of those of the page."""
        renamed = [re.sub(r"\btracker(?=_owner|_app)", self.name, one) for one in statements]
        return [re.sub(r"\btracker\b", database, one) for one in renamed]

    def make(self, database: str, *, with_roles: bool = True) -> None:
        before, within = sql_of_the_page()
        if not with_roles:
            before = [statement for statement in before if "CREATE ROLE" not in statement]
        self.as_superuser(self.named(before, database))
        self.as_superuser(self.named(within, database), database)

    def manage(self, role: str, *arguments: str, database: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "alliance.settings",
                "DATABASE_URL": self.url(role, database),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def drop(self, *databases: str) -> None:
        self.as_superuser([f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in databases])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    place = connection.settings_dict
    password = f":{place['PASSWORD']}" if place["PASSWORD"] else ""
    address = f"{place['HOST'] or '127.0.0.1'}:{place['PORT'] or 5432}"
    service = Service(
        name=f"tracker_{os.getpid()}",
        place=address,
        superuser=f"postgres://{place['USER']}{password}@{address}",
    )
    with psycopg.connect(f"{service.superuser}/postgres") as session:
        [is_superuser] = session.execute("SHOW is_superuser").fetchone() or ["off"]
    if is_superuser != "on":
        pytest.skip("the suite's own role may not make roles")
    try:
        service.make(service.name)
        service.manage("owner", "migrate", "--verbosity", "0")
        service.manage("app", "load_report", BASELINE)
        yield service
    finally:
        service.drop(service.name)
        roles = [f"{service.name}_{role}" for role in ("app", "owner")]
        service.as_superuser([f"DROP ROLE IF EXISTS {role}" for role in roles])


def test_service_publishes_and_checks_what_it_may_not_rewrite(service: Service) -> None:
    with psycopg.connect(service.url("app")) as session:
        published = "SELECT COUNT(*) FROM recommendations_statusupdate WHERE edition_id = 1"
        [number] = session.execute(published).fetchone() or [0]
    assert number > 0
    assert service.manage("app", "check_integrity") == ""
    assert "Rebuilt" in service.manage("app", "rebuild")


REWRITES = [
    ("UPDATE recommendations_statusupdate SET note = 'Something else.'", triggers.NEVER),
    ("DELETE FROM recommendations_statusupdate", triggers.NEVER),
    ("DELETE FROM recommendations_evidence", triggers.PARTS[0].message),
    ("UPDATE recommendations_edition SET note = 'Something else.'", triggers.NO_EDITION),
]


@pytest.mark.parametrize(("statement", "message"), REWRITES)
def test_service_is_refused_to_rewrite_the_record(
    service: Service, statement: str, message: str
) -> None:
    with (
        psycopg.connect(service.url("app")) as session,
        pytest.raises(psycopg.IntegrityError, match=re.escape(message)),
    ):
        session.execute(statement)  # type: ignore[arg-type]


WAYS_AROUND = [
    f"ALTER TABLE {EVIDENCE} DISABLE TRIGGER {GUARD}",
    f"ALTER TABLE {EVIDENCE} DISABLE TRIGGER ALL",
    f"DROP TRIGGER {GUARD} ON {EVIDENCE}",
    f"DROP FUNCTION {GUARD}() CASCADE",
    f"CREATE OR REPLACE FUNCTION {GUARD}() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NEW; END'",
    f"ALTER FUNCTION {GUARD}() RENAME TO gone",
    *(f"TRUNCATE {table} CASCADE" for table in triggers.GUARDED_TABLES),
    f"DROP TABLE {EVIDENCE}",
    f"ALTER TABLE {EVIDENCE} OWNER TO CURRENT_USER",
    f"CREATE TRIGGER mine BEFORE INSERT ON {EVIDENCE} EXECUTE FUNCTION {GUARD}()",
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE recommendations_statusupdate (id bigint, review_state text)",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
]


@pytest.mark.parametrize("statement", WAYS_AROUND)
def test_service_has_no_right_to_any_way_around(service: Service, statement: str) -> None:
    statement = statement.replace("{owner}", f"{service.name}_owner")
    with (
        psycopg.connect(service.url("app")) as session,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        session.execute(statement)  # type: ignore[arg-type]


def test_restored_dump_is_guarded_and_served(service: Service, tmp_path: Path) -> None:
    dump, restore = shutil.which("pg_dump"), shutil.which("pg_restore")
    if not dump or not restore:
        pytest.skip("there is no pg_dump")
    restored, file = f"{service.name}_restored", str(tmp_path / "tracker.dump")
    try:
        service.make(restored, with_roles=False)
        subprocess.run(
            [dump, "--format=custom", f"--file={file}", service.url("owner")], check=True
        )
        target = f"--dbname={service.url('owner', restored)}"
        subprocess.run([restore, "--no-owner", "--exit-on-error", target, file], check=True)
        assert service.manage("app", "check_integrity", database=restored) == ""
        with (
            psycopg.connect(service.url("app", restored)) as session,
            pytest.raises(psycopg.IntegrityError, match=re.escape(triggers.NEVER)),
        ):
            session.execute("UPDATE recommendations_statusupdate SET note = 'Something else.'")
    finally:
        service.drop(restored)
