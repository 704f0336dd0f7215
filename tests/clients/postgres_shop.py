"""A database of two tables for the tests of PostgreSQL's clients, and connections to it."""
import io
import subprocess

import psycopg
import pyarrow
import pyarrow.parquet

import conftest

ACCOUNT = "111111111111"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
COLUMNS = [("id", "bigint"), ("country", "string"), ("day", "date"), ("price", "decimal(10,2)")]


def put_table(admin, name: str, columns: list[tuple[str, str]], rows: pyarrow.Table) -> None:
    file = io.BytesIO()
    pyarrow.parquet.write_table(rows, file)
    admin.s3.put_object(Bucket="lake", Key=f"{name}/1.parquet", Body=file.getvalue())
    admin.glue.create_table(DatabaseName="shop", TableInput={
        "Name": name, "TableType": "EXTERNAL_TABLE", "StorageDescriptor": {
            "Columns": [{"Name": column, "Type": kind} for column, kind in columns], "Location": f"s3://lake/{name}/",
            "SerdeInfo": {"SerializationLibrary": PARQUET}}})


def open_shop(data, *options: str) -> conftest.Server:
    server = conftest.Server(data, *options).start()
    server.admin = admin = server.management()
    admin.s3.create_bucket(Bucket="lake")
    admin.glue.create_database(DatabaseInput={"Name": "shop"})
    put_table(admin, "orders", COLUMNS, pyarrow.table({
        "id": pyarrow.array([1, 2, 3], pyarrow.int64()), "country": ["DE", "FR", None],
        "day": pyarrow.array([0, 1, 2], pyarrow.date32()),
        "price": pyarrow.array([1, 2, 3], pyarrow.int64()).cast(pyarrow.decimal128(19, 0)).cast(pyarrow.decimal128(10, 2))}))
    put_table(admin, "numbers", [("n", "bigint")], pyarrow.table({"n": pyarrow.array(range(100_000), pyarrow.int64())}))
    return server


def connect(server, keys, **more) -> psycopg.Connection:
    options = f"-c hanse.session_token={keys['token']}" if keys["token"] else ""
    return psycopg.connect(**{"host": "127.0.0.1", "port": server.ports[2], "user": keys["key"], "password": keys["secret"],
                              "dbname": "shop", "options": options, "autocommit": True} | more)


def psql(server, *arguments: str, keys=None, **environment: str) -> subprocess.CompletedProcess:
    keys = keys or server.admin
    env = server.environment() | {"PGHOST": "127.0.0.1", "PGPORT": str(server.ports[2]), "PGUSER": keys["key"], "PGDATABASE": "shop",
                                  "PGPASSWORD": keys["secret"]} | environment
    if keys["token"]:
        env["PGOPTIONS"] = f"-c hanse.session_token={keys['token']}"
    return subprocess.run(["psql", "-X", *arguments], env=env, text=True, capture_output=True, timeout=60)
