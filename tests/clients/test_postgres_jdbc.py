"""The JDBC driver, as Java programs and most BI tools use it (tools/deps.sh fetches it where there is a JDK and Maven)."""
import pathlib
import shutil
import subprocess

import pytest

from conftest import ROOT
from postgres_shop import open_shop

DRIVER = ROOT / ".deps/jdbc/postgresql.jar"
PROGRAM = pathlib.Path(__file__).parent / "jdbc/Shop.java"

EXPECTED = """
product PostgreSQL 15
catalogs shop
schemas information_schema,pg_catalog,shop
tables numbers,orders
column id -5 int8 19 0
column country 12 varchar 2147483647 0
column day 91 date 13 0
column price 2 numeric 10 2
keys
kinds true
types true
functions
row 2 FR 1970-01-02 2.00
row 3 null 1970-01-03 3.00
row 2 FR 1970-01-02 2.00
row 3 null 1970-01-03 3.00
sum 4999950000
error 42703
valid true shop
"""


@pytest.mark.skipif(not shutil.which("java") or not DRIVER.exists(), reason="no JDK here, or no driver in .deps/jdbc")
def test_a_java_program_reads_and_lists(tmp_path):
    server = open_shop(tmp_path / "data")
    url = f"jdbc:postgresql://127.0.0.1:{server.ports[2]}/shop"
    done = subprocess.run(["java", "-cp", str(DRIVER), str(PROGRAM), url, server.admin["key"], server.admin["secret"]],
                          text=True, capture_output=True, timeout=240)
    assert [line.strip() for line in done.stdout.splitlines()] == EXPECTED.split("\n")[1:-1], done.stderr[-3000:]
    assert server.stop() == 0
