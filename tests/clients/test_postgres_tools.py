"""What database tools ask of pg_catalog and information_schema: each statement has an answer, of what the caller's grants reach."""
import psycopg
import pytest
import sqlalchemy

import conftest
from postgres_shop import ACCOUNT, connect, open_shop, psql
from postgres_tools import TOOLS


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    server = open_shop(tmp_path_factory.mktemp("tools") / "data")
    yield server
    assert server.stop() == 0


@pytest.fixture(scope="module")
def half(shop):
    """Somebody who may see two columns of one table."""
    admin = shop.admin
    admin.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]}],
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []})
    table = {"DatabaseName": "shop", "Name": "numbers"}
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    for resource in ({"Table": table}, {"Table": table | {"Name": "orders"}}, {"Database": {"Name": "shop"}}):
        admin.lakeformation.revoke_permissions(Principal=everybody, Resource=resource, Permissions=["ALL"])
    iam = admin.iam
    iam.create_role(RoleName="half", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))
    iam.put_role_policy(RoleName="half", PolicyName="all", PolicyDocument=conftest.policy(
        "athena:*", "glue:Get*", "s3:Get*", "s3:List*", "lakeformation:GetDataAccess"))
    admin.lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/half"}, Permissions=["SELECT"],
        Resource={"TableWithColumns": {"DatabaseName": "shop", "Name": "orders", "ColumnNames": ["id", "country"]}})
    return admin.assume(ACCOUNT, "half")


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("binary", [False, True])
def test_what_a_tool_asks_at_its_start_has_an_answer(shop, tool, binary):
    failed = []
    with connect(shop, shop.admin) as connection, connection.cursor(binary=binary) as cursor:
        for statement, parameters in TOOLS[tool]:
            text = statement if parameters else statement.replace("%%", "%")
            try:
                cursor.execute(text, parameters)
                if cursor.description:
                    cursor.fetchall()
            except psycopg.Error as error:
                failed.append(f"{text[:300]}\n  => {error.sqlstate} {error}")
    assert not failed, "\n".join(failed)


def test_what_tools_build_on_is_in_the_answers(shop):
    with connect(shop, shop.admin) as connection:
        def ask(tool: str, word: str) -> list:
            statement, parameters = next(s for s in TOOLS[tool] if word in s[0])
            return connection.execute(statement if parameters else statement.replace("%%", "%"), parameters).fetchall()

        assert ask("Grafana", "server_version_num") == [(1500,)]
        assert ask("Grafana", "AS \"table\"") == [("numbers",), ("orders",)]
        assert [row[0] for row in ask("Grafana", "parse_ident('shop.orders')")] == ["id", "country", "day", "price"]
        assert ("pg_catalog", "int8") in [row[:2] for row in ask("Power BI", "Load all supported types")]
        assert ("pg_catalog", "_text") in [row[:2] for row in ask("Power BI", "Load all supported types")]
        assert ask("Power BI", "TABLE_TYPE") == [("shop", "numbers", "BASE TABLE"), ("shop", "orders", "BASE TABLE")]
        rights = {row[2]: row[3:] for row in ask("Metabase", "table_privileges")}
        assert rights["orders"] == (False, True, False, False)  # update, select, insert, delete
        assert [row[0] for row in ask("Metabase", "database-type")] == ["n", "id", "country", "day", "price"]
        assert ask("Metabase", "TABLE_SCHEM") == [("information_schema", "shop"), ("pg_catalog", "shop"), ("shop", "shop")]
        assert set(ask("Superset", "relpersistence")) == {("numbers",), ("orders",)}
        assert ask("DBeaver", "db.*")[0][2] == "shop"


def test_psql_lists_what_is_there(shop):
    expected = {r"\dt": ["shop | numbers | table", "shop | orders | table"], r"\d": ["orders"], r"\dn": ["shop"], r"\l": ["shop"],
                r"\d orders": ["id | bigint", "country | character varying", "day | date", "price | numeric(10,2)"],
                r"\d+ orders": ["price | numeric(10,2)"], r"\dt shop.o*": ["orders"], r"\du": [], r"\dv": [], r"\df": [], r"\di": [],
                r"\dx": [], r"\dp": ["orders"], r"\dT": [], r"\conninfo": ["awsdatacatalog", "port"]}
    for command, lines in expected.items():
        asked = psql(shop, "-c", command)
        assert asked.returncode == 0 and not asked.stderr.replace("Did not find any relations.\n", ""), (command, asked.stderr)
        told = "\n".join(" ".join(line.split()) for line in asked.stdout.splitlines())
        for line in lines if command != r"\conninfo" else ["port"]:
            assert line in told, (command, told)
    missing = psql(shop, "-c", r"\d nothing")
    assert 'Did not find any relation named "nothing".' in missing.stderr


def test_sqlalchemy_inspects_and_reads(shop):
    url = sqlalchemy.URL.create("postgresql+psycopg", shop.admin["key"], shop.admin["secret"], "127.0.0.1", shop.ports[2], "shop")
    engine = sqlalchemy.create_engine(url)
    inspector = sqlalchemy.inspect(engine)
    assert inspector.default_schema_name == "shop"
    assert set(inspector.get_schema_names()) == {"information_schema", "shop"}
    assert set(inspector.get_table_names("shop")) == {"orders", "numbers"} == set(inspector.get_table_names())
    assert inspector.get_view_names("shop") == [] and inspector.has_table("orders", "shop") and not inspector.has_table("nothing")
    columns = {column["name"]: column["type"] for column in inspector.get_columns("orders", "shop")}
    assert list(columns) == ["id", "country", "day", "price"]
    assert isinstance(columns["id"], sqlalchemy.BigInteger) and isinstance(columns["day"], sqlalchemy.Date)
    assert (columns["price"].precision, columns["price"].scale) == (10, 2)
    assert inspector.get_pk_constraint("orders", "shop")["constrained_columns"] == []
    assert inspector.get_foreign_keys("orders", "shop") == [] == inspector.get_indexes("orders", "shop")
    assert inspector.get_table_comment("orders", "shop") == {"text": None}
    orders = sqlalchemy.Table("orders", sqlalchemy.MetaData(schema="shop"), autoload_with=engine)
    with engine.connect() as connection:
        query = sqlalchemy.select(orders.c.country, sqlalchemy.func.count()).where(orders.c.id > 1).group_by(orders.c.country)
        assert set(connection.execute(query).all()) == {("FR", 1), (None, 1)}
    engine.dispose()


def test_the_catalog_shows_what_the_grants_reach_and_nothing_else(shop, half):
    told = psql(shop, "-c", r"\d orders", keys=half)
    assert "country" in told.stdout and "price" not in told.stdout, told.stderr
    with connect(shop, half) as connection:
        assert connection.execute("SELECT relname FROM pg_class").fetchall() == [("orders",)]
        columns = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'shop' ORDER BY ordinal_position"
        assert connection.execute(columns).fetchall() == [("id",), ("country",)]
        assert connection.execute("SELECT to_regclass('shop.numbers') IS NULL, to_regclass('shop.nothing') IS NULL").fetchone() == (
            True, True)
        for hidden in ("duckdb_settings()", "read_csv('/etc/passwd')", "glob('/*')"):
            with pytest.raises(psycopg.errors.UndefinedFunction):
                connection.execute(f"SELECT * FROM pg_class, {hidden}")
    with connect(shop, shop.admin) as connection:  # The one before left nothing behind, nor is he shown less.
        assert {name for name, in connection.execute("SELECT relname FROM pg_class")} == {"orders", "numbers"}
