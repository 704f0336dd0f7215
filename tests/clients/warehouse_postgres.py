"""A PostgreSQL of the tests' own for tables in a warehouse: on 127.0.0.1, with passwords."""
import os
import pathlib
import pwd
import shutil
import subprocess

import pytest

from conftest import free_ports

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
PASSWORD = "s3cret-word"
SHOP = f"""
CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}';
CREATE DATABASE shop;
\\connect shop
CREATE SCHEMA sales;
CREATE TABLE sales.orders ("Id" bigint, country text, amount numeric(10,2), card varchar(20), placed timestamptz, tags jsonb);
INSERT INTO sales.orders VALUES (1, 'DE', 12.50, '4000-1', '2024-01-01 12:00:00+01', '{{"a": 1}}'), (2, 'FR', 20.00, '4000-2', NULL, NULL),
  (3, 'DE', 30.25, '4000-3', '2024-02-29 00:00:00+00', NULL), (4, NULL, NULL, '4000-4', 'infinity', NULL);
CREATE VIEW sales.german AS SELECT * FROM sales.orders WHERE country = 'DE';
CREATE TABLE sales.secret_plans (plan text);
CREATE TABLE sales.tmp_load (n int);
GRANT USAGE ON SCHEMA sales TO reader;
GRANT SELECT ON sales.orders, sales.german, sales.tmp_load TO reader;
ANALYZE;
"""


class Warehouse:
    def __init__(self, folder: pathlib.Path):
        self.folder, self.port = folder, free_ports(1)[0]
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        folder.mkdir(mode=0o755)
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.run("initdb", "-D", folder / "data", "-U", "hanse", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        (folder / "data/pg_hba.conf").write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        self.start()
        self.sql(SHOP)

    def run(self, program: str, *arguments, **more) -> None:
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        subprocess.run([PROGRAMS / program, *map(str, arguments)], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=60,
                       **as_user, **more)

    def start(self) -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o",
                 f"-k {self.folder} -p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off", "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")

    def sql(self, text: str, database: str = "postgres") -> None:
        self.run("psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", self.port, "-U", "hanse", "-d", database,
                 input=text.encode())

    @property
    def url(self) -> str:
        return f"jdbc:postgresql://127.0.0.1:{self.port}/shop"


def open_warehouse() -> Warehouse:
    if not PROGRAMS.exists():
        pytest.skip("PostgreSQL 15 is not installed")
    # A short path, that the user postgres may enter: pytest's own are neither.
    folder = pathlib.Path(f"/tmp/hanse-warehouse-{os.getpid()}-{free_ports(1)[0]}")
    return Warehouse(folder)


def close_warehouse(warehouse: Warehouse) -> None:
    try:
        warehouse.stop()
    finally:
        shutil.rmtree(warehouse.folder, ignore_errors=True)
