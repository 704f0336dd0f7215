"""Tasks that measure the columns of a table: computed by queries as the task's role, read back where statistics are read."""
import decimal
import json
import time

import botocore.exceptions
import pytest

import conftest

ACCOUNT, LAKE = "111111111111", "measured-lake"
SERVICE = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
TABLE = {"DatabaseName": "shop", "TableName": "orders"}
COLUMNS = [("id", "bigint"), ("price", "decimal(10,2)"), ("day", "date"), ("name", "string"), ("ok", "boolean"), ("rate", "double"),
           ("tags", "array<string>")]
ROWS = {"2024": "1,1.50,2024-02-29,Ann,true,0.5,\n2,-3.25,2024-03-01,Bob,false,2.5,\n", "2025": "3,\\N,2025-01-01,Cleo,true,\\N,\n"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    server = conftest.Server(tmp_path_factory.mktemp("measured") / "data").start()
    admin = server.management()
    admin.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]}],
        "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []})
    admin.s3.create_bucket(Bucket=LAKE)
    serde = {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": {"field.delim": ","}}
    storage = {"Columns": [{"Name": n, "Type": t} for n, t in COLUMNS], "Location": f"s3://{LAKE}/orders/", "SerdeInfo": serde,
               "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
               "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"}
    admin.glue.create_database(DatabaseInput={"Name": "shop"})
    admin.glue.create_table(DatabaseName="shop", TableInput={
        "Name": "orders", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage,
        "PartitionKeys": [{"Name": "year", "Type": "int"}]})
    for year, text in ROWS.items():
        admin.s3.put_object(Bucket=LAKE, Key=f"orders/year={year}/part-0", Body=text.encode())
        admin.glue.create_partition(**TABLE, PartitionInput={
            "Values": [year], "StorageDescriptor": storage | {"Location": f"s3://{LAKE}/orders/year={year}/"}})
    role = admin.iam.create_role(RoleName="measurer", AssumeRolePolicyDocument=json.dumps(SERVICE))["Role"]["Arn"]
    admin.iam.put_role_policy(RoleName="measurer", PolicyName="all", PolicyDocument=conftest.policy(
        "glue:*", "s3:*", "kms:*", "lakeformation:*"))
    admin.role = role
    yield admin
    assert server.stop() == 0


def grant(admin, resource: dict, *permissions: str, take: bool = False) -> None:
    act = admin.lakeformation.revoke_permissions if take else admin.lakeformation.grant_permissions
    act(Principal={"DataLakePrincipalIdentifier": admin.role}, Resource=resource, Permissions=list(permissions))


def measure(admin, **options) -> dict:
    run = admin.glue.start_column_statistics_task_run(**TABLE, Role="measurer", **options)["ColumnStatisticsTaskRunId"]
    for _ in range(600):
        task = admin.glue.get_column_statistics_task_run(ColumnStatisticsTaskRunId=run)["ColumnStatisticsTaskRun"]
        if task["Status"] not in ("STARTING", "RUNNING"):
            return task
        time.sleep(0.1)
    raise AssertionError("the task does not end")


def data(statistics: dict) -> dict:
    return {s["ColumnName"]: next(v for k, v in s["StatisticsData"].items() if k != "Type") for s in statistics["ColumnStatisticsList"]}


WHOLE = {"Table": {"DatabaseName": "shop", "Name": "orders"}}


def test_a_role_measures_what_it_reads_whole_and_may_alter(shop):
    names = [n for n, _ in COLUMNS] + ["year"]
    task = measure(shop)
    assert task["Status"] == "FAILED", task
    some = {"TableWithColumns": {"DatabaseName": "shop", "Name": "orders", "ColumnNames": ["id", "year"]}}
    grant(shop, some, "SELECT")
    task = measure(shop, ColumnNameList=["name"])
    assert task["Status"] == "FAILED" and "Column name not found" in task["ErrorMessage"], task
    grant(shop, some, "SELECT", take=True)
    grant(shop, WHOLE, "SELECT")
    task = measure(shop)
    assert task["Status"] == "FAILED" and "Required Alter" in task["ErrorMessage"], task
    assert shop.glue.get_column_statistics_for_table(**TABLE, ColumnNames=names)["ColumnStatisticsList"] == []
    grant(shop, WHOLE, "ALTER")
    task = measure(shop)
    assert task["Status"] == "SUCCEEDED", task
    found = data(shop.glue.get_column_statistics_for_table(**TABLE, ColumnNames=names))
    assert found["id"] == {"MinimumValue": 1, "MaximumValue": 3, "NumberOfNulls": 0, "NumberOfDistinctValues": 3}
    price = found["price"]
    exact = [decimal.Decimal(int.from_bytes(price[m]["UnscaledValue"], "big", signed=True)).scaleb(-price[m]["Scale"])
             for m in ("MinimumValue", "MaximumValue")]
    assert exact == [decimal.Decimal("-3.25"), decimal.Decimal("1.50")] and price["NumberOfNulls"] == 1
    assert [found["day"][m].date().isoformat() for m in ("MinimumValue", "MaximumValue")] == ["2024-02-29", "2025-01-01"]
    assert found["name"]["MaximumLength"] == 4 and abs(found["name"]["AverageLength"] - 10 / 3) < 1e-9
    assert found["ok"] == {"NumberOfTrues": 2, "NumberOfFalses": 1, "NumberOfNulls": 0}
    assert (found["rate"]["MinimumValue"], found["rate"]["MaximumValue"], found["rate"]["NumberOfNulls"]) == (0.5, 2.5, 1)
    assert found["year"]["NumberOfDistinctValues"] == 2 and "tags" not in found
    part = data(shop.glue.get_column_statistics_for_partition(**TABLE, PartitionValues=["2024"], ColumnNames=["id", "name"]))
    assert (part["id"]["MaximumValue"], part["name"]["NumberOfDistinctValues"]) == (2, 2)
    runs = shop.glue.get_column_statistics_task_runs(**TABLE)["ColumnStatisticsTaskRuns"]
    assert [r["Status"] for r in runs][0] == "SUCCEEDED" and len(runs) == 4
    assert runs[0]["ColumnStatisticsTaskRunId"] == shop.glue.list_column_statistics_task_runs()["ColumnStatisticsTaskRunIds"][0]


def test_a_role_under_a_row_filter_measures_nothing(shop):
    name = {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "orders", "Name": "early"}
    shop.lakeformation.create_data_cells_filter(TableData=name | {"RowFilter": {"FilterExpression": "year = 2024"}, "ColumnWildcard": {}})
    grant(shop, WHOLE, "SELECT", "ALTER", take=True)
    grant(shop, {"DataCellsFilter": name}, "SELECT")
    task = measure(shop)
    assert task["Status"] == "FAILED" and "under a filter" in task["ErrorMessage"], task


def test_settings_are_kept_and_refused_without_a_schedule_that_parses(shop):
    glue = shop.glue
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.create_column_statistics_task_settings(**TABLE, Role="measurer", Schedule="every day")
    glue.create_column_statistics_task_settings(**TABLE, Role="measurer", Schedule="cron(0 3 * * ? *)", ColumnNameList=["id"])
    kept = glue.get_column_statistics_task_settings(**TABLE)["ColumnStatisticsTaskSettings"]
    assert kept["Schedule"] == {"ScheduleExpression": "cron(0 3 * * ? *)", "State": "SCHEDULED"} and kept["ColumnNameList"] == ["id"]
    glue.stop_column_statistics_task_run_schedule(**TABLE)
    glue.update_column_statistics_task_settings(**TABLE, SampleSize=50)
    kept = glue.get_column_statistics_task_settings(**TABLE)["ColumnStatisticsTaskSettings"]
    assert kept["Schedule"]["State"] == "NOT_SCHEDULED" and kept["SampleSize"] == 50
    glue.delete_column_statistics_task_settings(**TABLE)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_column_statistics_task_settings(**TABLE)


def test_passing_the_role_takes_the_right_to(shop):
    shop.iam.create_role(RoleName="clerk", AssumeRolePolicyDocument=conftest.trust(ACCOUNT))
    shop.iam.put_role_policy(RoleName="clerk", PolicyName="glue", PolicyDocument=conftest.policy("glue:*"))
    clerk = shop.assume(ACCOUNT, "clerk")
    shop.lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/clerk"}, Resource=WHOLE, Permissions=["DESCRIBE"])
    with pytest.raises(botocore.exceptions.ClientError, match="iam:PassRole"):
        clerk.glue.start_column_statistics_task_run(**TABLE, Role="measurer")
