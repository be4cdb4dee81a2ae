"""A primary and its streaming replica, with the roles of deploy/postgresql/roles.sql."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg

from alliance.environment import BASE_DIR

from .processes import free_port, listens, program, wait_for

ROLES = BASE_DIR / "deploy/postgresql/roles.sql"
PASSWORDS = ("owner_password", "app_password", "replication_password")


class Cluster:
    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.port = name, free_port()
        self.data, self.log = folder / name, folder / f"{name}.log"
        self.folder = folder

    def as_postgres(self, *command: str) -> None:
        """Run it, as the user `postgres` where this is root, as whom PostgreSQL refuses to run."""
        prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        done = subprocess.run(
            [*prefix, program(command[0]), *command[1:]],
            capture_output=True,
            text=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise AssertionError(f"{command[0]}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.pg_ctl("start", "--log", str(self.log), "--options", options)
        wait_for(f"{self.name} listens", lambda: listens(self.port))

    def stop(self, *, mode: str = "immediate") -> None:
        if (self.data / "postmaster.pid").exists():
            self.pg_ctl("stop", "--mode", mode)

    def pg_ctl(self, action: str, *arguments: str) -> None:
        self.as_postgres("pg_ctl", action, "--pgdata", str(self.data), "--wait", *arguments)

    def ask(self, sql: str) -> Any:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(sql)
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def url(self, user: str) -> str:
        return f"postgres://{user}@127.0.0.1:{self.port}/tracker"


def make_primary(folder: Path) -> Cluster:
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    primary = Cluster(folder, "primary")
    trust = ("--username", "postgres", "--auth", "trust", "--encoding", "UTF8")
    primary.as_postgres("initdb", "--pgdata", str(primary.data), *trust, "--locale", "C.UTF-8")
    primary.start()
    sets = [part for name in PASSWORDS for part in ("--set", f"{name}=of-the-script")]
    server = ("--host", "127.0.0.1", "--port", str(primary.port), "--username", "postgres")
    copy = folder / "roles.sql"
    shutil.copy(ROLES, copy)
    primary.as_postgres("psql", *server, "--quiet", *sets, "--file", str(copy))
    return primary


def make_replica(folder: Path, primary: Cluster) -> Cluster:
    """Copy the primary and follow it, as deploy/postgresql/replica.sh does."""
    replica = Cluster(folder, "replica")
    server = ("--host", "127.0.0.1", "--port", str(primary.port), "--username", "tracker_replica")
    options = ("--wal-method", "stream", "--write-recovery-conf", "--checkpoint", "fast")
    slot = ("--create-slot", "--slot", "replica_1")
    replica.as_postgres("pg_basebackup", *server, "--pgdata", str(replica.data), *options, *slot)
    replica.start()
    return replica


def is_caught_up(primary: Cluster, replica: Cluster) -> bool:
    position = primary.ask("SELECT pg_current_wal_lsn()::text")
    return replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn")
