"""Small real projects of the tools that people bring to a lake: awswrangler, PyAthena, dbt-athena."""
import datetime
import decimal
import os
import pathlib
import shutil
import subprocess
import sys

import awswrangler as wr
import boto3
import pandas
import pyathena
import pyathena.pandas.cursor
import pytest
import sqlalchemy

from conftest import trust

BUCKET = "lake-clients"
SHOP = pathlib.Path(__file__).with_name("shop")


@pytest.fixture(scope="module")
def mesh(server):
    """The shared server, its bucket, and the environment that points every tool at it as its management account."""
    server.management().s3.create_bucket(Bucket=BUCKET)
    keys = server.management()
    told = {"AWS_ACCESS_KEY_ID": keys["key"], "AWS_SECRET_ACCESS_KEY": keys["secret"], "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": server.endpoint}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        for name, value in told.items():
            patch.setenv(name, value)
        boto3.setup_default_session()
        yield server


@pytest.fixture(scope="module")
def sales(mesh):
    wr.catalog.create_database("wrangled", exist_ok=True)
    frame = pandas.DataFrame({"id": [1, 2, 3], "day": ["2026-01-01", "2026-01-01", "2026-01-02"], "amount": [1.5, 2.5, None],
                              "name": ["a", None, "c"], "at": pandas.to_datetime(["2026-01-01 10:00", "2026-01-02 11:00", None])})
    where = {"path": f"s3://{BUCKET}/sales/", "dataset": True, "database": "wrangled", "table": "sales", "partition_cols": ["day"]}
    wr.s3.to_parquet(frame, mode="overwrite", **where)
    wr.s3.to_parquet(frame, mode="append", **where)
    wr.s3.to_parquet(frame[frame.day == "2026-01-02"], mode="overwrite_partitions", **where)
    return frame


def ask(sql, **more):
    return wr.athena.read_sql_query(sql, database="wrangled", s3_output=f"s3://{BUCKET}/answers/", **more)


def test_awswrangler_writes_partitions_and_reads_them_by_every_road(sales):
    assert wr.catalog.get_partitions("wrangled", "sales") == {
        f"s3://{BUCKET}/sales/day=2026-01-01/": ["2026-01-01"], f"s3://{BUCKET}/sales/day=2026-01-02/": ["2026-01-02"]}
    roads = {"csv": {"ctas_approach": False}, "ctas": {"ctas_approach": True},
             "unload": {"ctas_approach": False, "unload_approach": True, "s3_output": f"s3://{BUCKET}/unloaded/"}}
    for road, options in roads.items():
        options = {"s3_output": f"s3://{BUCKET}/answers/"} | options
        answer = wr.athena.read_sql_query("SELECT * FROM sales", database="wrangled", **options)
        assert sorted(answer.id.tolist()) == [1, 1, 2, 2, 3], road
        assert answer.amount.sum() == 8.0 and answer["at"].notna().sum() == 4, road
    one = ask("SELECT * FROM sales WHERE name = :name", params={"name": "c"}, ctas_approach=False)
    assert one.id.tolist() == [3] and one.day.tolist() == ["2026-01-02"]
    chunks = ask("SELECT * FROM sales", ctas_approach=False, chunksize=2)
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]


def test_awswrangler_describes_repairs_and_drops(sales):
    place = {"database": "wrangled", "s3_output": f"s3://{BUCKET}/answers/"}
    described = wr.athena.describe_table("sales", **place)
    assert described["Column Name"].tolist() == ["id", "amount", "name", "at", "day"]
    assert "PARTITIONED BY" in wr.athena.show_create_table("sales", **place)
    assert wr.athena.repair_table("sales", **place) == "SUCCEEDED"
    wr.athena.create_ctas_table("SELECT id, amount FROM sales", ctas_table="short", ctas_database="wrangled", wait=True, **place)
    assert ask("SELECT count(*) AS n FROM short", ctas_approach=False).n[0] == 5
    assert wr.catalog.delete_table_if_exists("wrangled", "short")
    with pytest.raises(wr.exceptions.QueryFailed, match="short"):
        ask("SELECT * FROM short", ctas_approach=False)


def connect(**more):
    return pyathena.connect(s3_staging_dir=f"s3://{BUCKET}/pyathena/", region_name="us-east-1", schema_name="wrangled", **more)


def test_pyathena_reads_types_parameters_and_pages(sales):
    cursor = connect().cursor()
    row = cursor.execute("""SELECT 1.5e0, DECIMAL '12.30', DATE '2026-01-02', TIMESTAMP '2026-01-02 03:04:05.678', true, NULL,
                                   X'616263', CAST('01:02:03' AS time), ARRAY[1, 2]""").fetchone()
    assert row[:7] == (1.5, decimal.Decimal("12.30"), datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4, 5, 678000), True,
                       None, b"abc")
    assert row[7] == datetime.time(1, 2, 3) and row[8] in ("[1, 2]", [1, 2])
    assert cursor.execute("SELECT id FROM sales WHERE name = %(name)s", {"name": "c"}).fetchall() == [(3,)]
    assert cursor.execute("SELECT id FROM sales WHERE name = ?", ["'c'"], paramstyle="qmark").fetchall() == [(3,)]
    assert len(cursor.execute("SELECT * FROM UNNEST(sequence(1, 2500)) AS t(x)").fetchall()) == 2500
    assert [column[:2] for column in cursor.execute("SELECT id, name FROM sales").description] == [("id", "bigint"), ("name", "varchar")]
    with pytest.raises(pyathena.error.OperationalError, match="COLUMN_NOT_FOUND"):
        cursor.execute("SELECT nothing FROM sales")


def test_pyathena_reads_into_pandas_and_sqlalchemy(sales):
    sql = "SELECT id, amount FROM sales ORDER BY id"
    for unload in (False, True):
        frame = connect(cursor_class=pyathena.pandas.cursor.PandasCursor).cursor(unload=unload).execute(sql).as_pandas()
        assert sorted(frame.id.tolist()) == [1, 1, 2, 2, 3]
    engine = sqlalchemy.create_engine(f"awsathena+rest://@athena.us-east-1.amazonaws.com:443/wrangled?s3_staging_dir=s3://{BUCKET}/alchemy/")
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM sales")).scalar() == 5
    inspector = sqlalchemy.inspect(engine)
    assert "sales" in inspector.get_table_names("wrangled")
    assert [column["name"] for column in inspector.get_columns("sales", "wrangled")] == ["id", "amount", "name", "at", "day"]


def dbt(project, *arguments):
    program = pathlib.Path(sys.executable).with_name("dbt")
    done = subprocess.run([program, *arguments, "--project-dir", project, "--profiles-dir", project], text=True, capture_output=True,
                          timeout=200, cwd=project, env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"})
    assert done.returncode == 0, done.stdout[-3000:]


def test_dbt_builds_a_project_and_builds_it_again(mesh, tmp_path):
    project = tmp_path / "shop"
    shutil.copytree(SHOP, project)
    for _ in range(2):  # The second time the incremental model writes one partition over.
        dbt(project, "build")
    cursor = connect().cursor()
    assert sorted(cursor.execute("SELECT * FROM shop.by_customer").fetchall()) == [("ann", 17.75, 2), ("bob", 20.0, 1)]
    assert cursor.execute("SELECT id FROM shop.recent").fetchall() == [(3,)]
    assert sorted(cursor.execute("SELECT * FROM shop.daily").fetchall()) == [(7.25, "2026-01-02"), (30.5, "2026-01-01")]


def test_who_is_granted_nothing_reads_nothing_by_these_tools(sales, mesh):
    """The same tool as another: refused, then granted by tag or table, then revoked and refused again."""
    management = mesh.management()
    account = management.sts.get_caller_identity()["Account"]
    management.iam.create_role(RoleName="lake-reader", AssumeRolePolicyDocument=trust(account))
    management.iam.put_role_policy(RoleName="lake-reader", PolicyName="query", PolicyDocument=(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["athena:*","glue:Get*","lakeformation:GetDataAccess"],'
        '"Resource":"*"},{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/pyathena/*"]}]}' % (BUCKET, BUCKET)))
    management.iam.create_role(RoleName="lake-place", AssumeRolePolicyDocument=(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lakeformation.amazonaws.com"},'
        '"Action":"sts:AssumeRole"}]}'))
    management.iam.put_role_policy(RoleName="lake-place", PolicyName="read", PolicyDocument=(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'))
    lake = management.lakeformation
    lake.register_resource(ResourceArn=f"arn:aws:s3:::{BUCKET}/sales", RoleArn=f"arn:aws:iam::{account}:role/lake-place")
    table = {"Table": {"DatabaseName": "wrangled", "Name": "sales"}}
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    lake.revoke_permissions(Principal=everybody, Resource=table, Permissions=["ALL"])
    reader = management.assume(account, "lake-reader")
    cursor = connect(aws_access_key_id=reader["key"], aws_secret_access_key=reader["secret"], aws_session_token=reader["token"]).cursor()
    ids = "SELECT id FROM sales"
    with pytest.raises(pyathena.error.OperationalError):
        cursor.execute(ids)
    grant = {"Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/lake-reader"}, "Permissions": ["SELECT"],
             "Resource": {"TableWithColumns": {"DatabaseName": "wrangled", "Name": "sales", "ColumnNames": ["id"]}}}
    lake.grant_permissions(**grant)
    assert sorted(cursor.execute(ids).fetchall()) == [(1,), (1,), (2,), (2,), (3,)]
    with pytest.raises(pyathena.error.OperationalError, match="amount"):
        cursor.execute("SELECT amount FROM sales")
    lake.revoke_permissions(**grant)
    with pytest.raises(pyathena.error.OperationalError):
        cursor.execute(ids)
    lake.grant_permissions(Principal=everybody, Resource=table, Permissions=["ALL"])
    lake.deregister_resource(ResourceArn=f"arn:aws:s3:::{BUCKET}/sales")
