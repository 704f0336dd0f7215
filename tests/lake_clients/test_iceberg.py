"""Iceberg tables that PyIceberg wrote through the Glue API, asked through Athena: rows, schema evolution, rules."""
import datetime
import json
import time

import pyarrow as pa
import pytest
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.expressions import EqualTo
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import DoubleType, ListType, LongType, NestedField, StringType, StructType, TimestampType

import conftest

ACCOUNT, LAKE, RESULTS = "111111111111", "ice-lake", "ice-results"
SERVICE = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
SALES = Schema(
    NestedField(1, "id", LongType()), NestedField(2, "country", StringType()), NestedField(3, "amount", DoubleType()),
    NestedField(4, "sold", TimestampType()), NestedField(5, "tags", ListType(7, StringType(), element_required=False)),
    NestedField(6, "who", StructType(NestedField(8, "name", StringType()), NestedField(9, "age", LongType()))))


def rows(*found: tuple, schema: Schema = SALES) -> pa.Table:
    names = [field.name for field in schema.fields]
    return pa.Table.from_pylist([dict(zip(names, row)) for row in found], schema=schema.as_arrow())


def sale(number: int, country: str, amount: float | None) -> tuple:
    at = datetime.datetime(2024, 2, 29, 12, 0, number)
    return number, country, amount, at, [country, "x"], {"name": f"n{number}", "age": number}


class Shop:
    """A governed account, its lake registered, and an analyst who may do nothing but ask."""

    def __init__(self, server):
        self.admin = server.management()
        iam, lake, self.glue = self.admin.iam, self.admin.lakeformation, self.admin.glue
        who = self.admin.sts.get_caller_identity()["Arn"]
        lake.put_data_lake_settings(DataLakeSettings={
            "DataLakeAdmins": [{"DataLakePrincipalIdentifier": who}], "CreateDatabaseDefaultPermissions": [],
            "CreateTableDefaultPermissions": []})
        for bucket in (LAKE, RESULTS):
            self.admin.s3.create_bucket(Bucket=bucket)
        place = iam.create_role(RoleName="place", AssumeRolePolicyDocument=json.dumps(SERVICE))["Role"]["Arn"]
        iam.put_role_policy(RoleName="place", PolicyName="s3", PolicyDocument=conftest.policy("s3:*", "kms:*"))
        lake.register_resource(ResourceArn=f"arn:aws:s3:::{LAKE}/shop", RoleArn=place)
        self.glue.create_database(DatabaseInput={"Name": "shop", "LocationUri": f"s3://{LAKE}/shop/"})
        self.role = iam.create_role(RoleName="analyst", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))["Role"]["Arn"]
        iam.put_role_policy(RoleName="analyst", PolicyName="ask", PolicyDocument=conftest.policy(
            "athena:*", "glue:Get*", "lakeformation:GetDataAccess"))
        iam.put_role_policy(RoleName="analyst", PolicyName="results", PolicyDocument=conftest.policy(
            "s3:*", resource=f"arn:aws:s3:::{RESULTS}*"))
        self.analyst = self.admin.assume(ACCOUNT, "analyst")
        keys = {"access-key-id": self.admin["key"], "secret-access-key": self.admin["secret"], "region": conftest.REGION}
        self.catalog = GlueCatalog("hanse", **{
            **{f"{service}.{key}": value for service in ("glue", "s3") for key, value in keys.items()},
            "glue.endpoint": server.endpoint, "s3.endpoint": server.endpoint, "s3.force-virtual-addressing": "false"})

    def table(self, name: str, schema: Schema = SALES, version: int = 2, spec: PartitionSpec | None = None):
        return self.catalog.create_table(f"shop.{name}", schema, location=f"s3://{LAKE}/shop/{name}",
                                         properties={"format-version": str(version)}, **({"partition_spec": spec} if spec else {}))

    def grant(self, table: str, columns: list[str] | None = None) -> None:
        resource = {"DatabaseName": "shop", "Name": table}
        self.admin.lakeformation.grant_permissions(
            Principal={"DataLakePrincipalIdentifier": self.role}, Permissions=["SELECT"],
            Resource={"TableWithColumns": {**resource, "ColumnNames": columns}} if columns else {"Table": resource})

    def ask(self, sql: str, who=None) -> list[list[str | None]] | str:
        athena = (who or self.analyst).athena
        started = athena.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{RESULTS}/"},
            QueryExecutionContext={"Database": "shop"})["QueryExecutionId"]
        for _ in range(400):
            status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
            if status["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.05)
        if status["State"] != "SUCCEEDED":
            return status["StateChangeReason"]
        answer = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer[1:]]


@pytest.fixture
def shop(new_server):
    return Shop(new_server())


@pytest.mark.parametrize("version", [1, 2])
def test_rows_of_both_versions_and_of_an_empty_table(shop, version):
    table = shop.table("sales", version=version)
    shop.grant("sales")
    assert shop.ask("SELECT count(*) FROM sales") == [["0"]]
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", None)))
    table.append(rows(sale(3, "DE", 3.0)))
    assert shop.ask("SELECT id, country, amount, sold, tags[1], who.name FROM sales ORDER BY id") == [
        ["1", "DE", "1.5", "2024-02-29 12:00:01.000", "DE", "n1"], ["2", "FR", None, "2024-02-29 12:00:02.000", "FR", "n2"],
        ["3", "DE", "3.0", "2024-02-29 12:00:03.000", "DE", "n3"]]
    assert shop.ask("SELECT count(*), sum(amount) FROM sales WHERE id >= 2 AND country = 'DE'") == [["1", "3.0"]]
    assert shop.ask("SELECT id FROM sales WHERE id > 3") == []


def test_columns_are_followed_through_every_change(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5)))
    with table.update_schema() as change:
        change.rename_column("country", "land")
        change.delete_column("amount")
        change.add_column("amount", StringType())
        change.rename_column(("who", "name"), "called")
    with table.update_schema() as change:
        change.add_column(("who", "name"), LongType())
    assert shop.ask("SELECT id, land, amount, who.called, who.name FROM sales") == [["1", "DE", None, "n1", None]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT country FROM sales")


def test_rules_hold_and_end_with_the_grant(shop):
    spec = PartitionSpec(PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="country"))
    table = shop.table("sales", spec=spec)
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5), sale(3, "DE", 3.5)))
    assert "does not exist" in shop.ask("SELECT * FROM sales") or "nsufficient" in shop.ask("SELECT * FROM sales")
    lake = shop.admin.lakeformation
    lake.create_data_cells_filter(TableData={
        "TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "german",
        "RowFilter": {"FilterExpression": "country = 'DE' AND amount > 2"}, "ColumnNames": ["id", "country"]})
    cells = {"DataCellsFilter": {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "german"}}
    principal = {"DataLakePrincipalIdentifier": shop.role}
    lake.grant_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert shop.ask("SELECT * FROM sales") == [["3", "DE"]]
    assert shop.ask("SELECT count(*) FROM sales") == [["1"]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT amount FROM sales")
    table.append(rows(sale(4, "DE", 4.5), sale(5, "DE", 0.5)))
    assert shop.ask("SELECT id FROM sales ORDER BY id") == [["3"], ["4"]]
    lake.revoke_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert isinstance(shop.ask("SELECT id FROM sales"), str)


def test_what_is_not_built_is_refused_by_name(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5)))
    table.delete(EqualTo("id", 1))
    assert shop.ask("SELECT id FROM sales") == [["2"]]
    for kind in ("snapshots", "files", "history"):
        assert "NOT_SUPPORTED" in shop.ask(f'SELECT * FROM "sales${kind}"')
    assert "NOT_SUPPORTED" in shop.ask("INSERT INTO sales VALUES (1)", shop.admin)


def test_metadata_reaches_no_further_than_the_table(shop):
    """A table's metadata that names files elsewhere is read with the caller's own rights, not with the location's role."""
    secret = shop.table("secret")
    secret.append(rows(sale(7, "DE", 7.5)))
    shop.table("sales")
    shop.grant("sales")
    definition = shop.glue.get_table(DatabaseName="shop", Name="sales")["Table"]
    theirs = shop.glue.get_table(DatabaseName="shop", Name="secret")["Table"]["Parameters"]["metadata_location"]
    keep = ("Name", "StorageDescriptor", "TableType", "Parameters", "PartitionKeys")
    made = {key: definition[key] for key in keep if key in definition}
    made["Parameters"]["metadata_location"] = theirs
    shop.glue.update_table(DatabaseName="shop", TableInput=made)
    said = shop.ask("SELECT id FROM sales")
    assert isinstance(said, str) and "7" not in said.replace("line 1:7", "")
