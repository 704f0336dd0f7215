"""A governed account with Iceberg tables that PyIceberg writes through the Glue API, and an analyst who asks Athena about them."""
import datetime
import json
import time

import pyarrow as pa
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.schema import Schema
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
        self.admin.lakeformation.grant_permissions(**self._right(table, columns))

    def revoke(self, table: str, columns: list[str] | None = None) -> None:
        self.admin.lakeformation.revoke_permissions(**self._right(table, columns))

    def _right(self, table: str, columns: list[str] | None) -> dict:
        resource = {"DatabaseName": "shop", "Name": table}
        return {"Principal": {"DataLakePrincipalIdentifier": self.role}, "Permissions": ["SELECT"],
                "Resource": {"TableWithColumns": {**resource, "ColumnNames": columns}} if columns else {"Table": resource}}

    def ask(self, sql: str, who=None) -> list[list[str | None]] | str:
        """The rows, or why there are none."""
        return self.measured(sql, who)[0]

    def measured(self, sql: str, who=None) -> tuple[list[list[str | None]] | str, int]:
        """The answer, and how many bytes were scanned for it."""
        athena = (who or self.analyst).athena
        started = athena.start_query_execution(
            QueryString=sql, ResultConfiguration={"OutputLocation": f"s3://{RESULTS}/"},
            QueryExecutionContext={"Database": "shop"})["QueryExecutionId"]
        for _ in range(400):
            execution = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
            status = execution["Status"]
            if status["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.05)
        scanned = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
        if status["State"] != "SUCCEEDED":
            return status["StateChangeReason"], scanned
        answer = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in answer[1:]], scanned
