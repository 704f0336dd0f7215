"""The ODBC driver, as Excel, Power BI and Tableau use it (Debian's odbc-postgresql; pyodbc in the tests' Python)."""
import datetime
import decimal
import pathlib

import pytest

from postgres_shop import open_shop

pyodbc = pytest.importorskip("pyodbc")
DRIVER = pathlib.Path("/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = open_shop(tmp_path_factory.mktemp("odbc") / "data")
    yield server
    assert server.stop() == 0


def connect(server, **more: str):
    words = {"Driver": str(DRIVER), "Server": "127.0.0.1", "Port": str(server.ports[2]), "Database": "shop", "UID": server.admin["key"],
             "PWD": f"{{{server.admin['secret']}}}", "SSLMode": "disable"} | more
    return pyodbc.connect(";".join(f"{name}={value}" for name, value in words.items()), autocommit=True)


@pytest.mark.skipif(not DRIVER.exists(), reason="no ODBC driver here")
@pytest.mark.parametrize("more", [{}, {"UseServerSidePrepare": "0"}, {"UseDeclareFetch": "1", "Fetch": "2"}],
                         ids=["prepared", "simple", "cursors"])
def test_a_program_reads_and_lists(server, more):
    connection = connect(server, **more)
    rows = connection.execute("SELECT id, country, day, price FROM orders WHERE id > ? ORDER BY id", 1).fetchall()
    assert [tuple(row) for row in rows] == [(2, "FR", datetime.date(1970, 1, 2), decimal.Decimal("2.00")),
                                            (3, None, datetime.date(1970, 1, 3), decimal.Decimal("3.00"))]
    cursor = connection.cursor()
    assert [t.table_name for t in cursor.tables(schema="shop", tableType="TABLE")] == ["numbers", "orders"]
    columns = [(c.column_name, c.type_name) for c in cursor.columns(table="orders", schema="shop")]
    assert columns == [("id", "int8"), ("country", "varchar"), ("day", "date"), ("price", "numeric")]
    assert cursor.primaryKeys(table="orders").fetchall() == []
    assert connection.getinfo(pyodbc.SQL_DBMS_NAME) == "PostgreSQL"
    with pytest.raises(pyodbc.Error, match="42703"):
        connection.execute("SELECT nothing FROM orders")
    assert connection.execute("SELECT sum(n) FROM numbers").fetchval() == 4999950000
    connection.close()


@pytest.mark.skipif(not DRIVER.exists(), reason="no ODBC driver here")
def test_a_wrong_secret_is_refused(server):
    with pytest.raises(pyodbc.Error, match="password authentication failed"):
        connect(server, PWD="wrong")
