"""Tables that live in a warehouse: reached by a connection, governed as files are, and told to nobody else."""
import io
import json
import time

import botocore.exceptions
import pyarrow
import pyarrow.parquet
import pytest

from conftest import Server, policy, trust
from postgres_shop import ACCOUNT, PARQUET, psql
from warehouse_postgres import PASSWORD, close_warehouse, open_warehouse

ANSWERS = "s3://lake/answers/"
COLUMNS = [("id", "bigint"), ("country", "string"), ("amount", "decimal(10,2)"), ("card", "string"), ("placed", "timestamp"),
           ("tags", "string")]
READER = ["glue:GetTable*", "glue:GetDatabase*", "glue:GetPartition*", "lakeformation:GetDataAccess", "athena:*", "s3:*"]


def role(admin, name: str, *actions: str, service: str = ""):
    document = trust(ACCOUNT) if not service else json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]})
    admin.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    admin.iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(*actions))
    return None if service else admin.assume(ACCOUNT, name)


def connection(name: str, **properties) -> dict:
    return {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": properties}


def table_input(warehouse_table: str, name: str = "orders", connection_name: str = "warehouse") -> dict:
    return {"Name": name, "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "postgresql", "connectionName": connection_name, "typeOfData": "table"},
            "StorageDescriptor": {"Location": warehouse_table, "Columns": [{"Name": n, "Type": t} for n, t in COLUMNS]}}


@pytest.fixture(scope="module")
def mesh(tmp_path_factory):
    warehouse = open_warehouse()
    server = Server(tmp_path_factory.mktemp("warehouse") / "data", "--warehouse", f"127.0.0.1:{warehouse.port}").start()
    server.warehouse, server.admin = warehouse, server.management()
    admin = server.admin
    admin.s3.create_bucket(Bucket="lake")
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"code": ["DE", "FR"], "name": ["Germany", "France"]}), file)
    admin.s3.put_object(Bucket="lake", Key="countries/1.parquet", Body=file.getvalue())
    me = admin.sts.get_caller_identity()["Arn"]
    admin.lakeformation.put_data_lake_settings(DataLakeSettings={
        "DataLakeAdmins": [{"DataLakePrincipalIdentifier": me}], "CreateDatabaseDefaultPermissions": [],
        "CreateTableDefaultPermissions": []})
    admin.glue.create_database(DatabaseInput={"Name": "shop"})
    admin.glue.create_table(DatabaseName="shop", TableInput={
        "Name": "countries", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": {
            "Columns": [{"Name": "code", "Type": "string"}, {"Name": "name", "Type": "string"}], "Location": "s3://lake/countries/",
            "SerdeInfo": {"SerializationLibrary": PARQUET}}})
    admin.glue.create_connection(ConnectionInput=connection(
        "warehouse", JDBC_CONNECTION_URL=warehouse.url, USERNAME="reader", PASSWORD=PASSWORD))
    admin.glue.create_table(DatabaseName="shop", TableInput=table_input("shop.sales.orders"))
    server.ana = role(admin, "ana", *READER)
    yield server
    assert server.stop() == 0
    close_warehouse(warehouse)


def ask(who, sql: str, answers: str = ANSWERS) -> tuple[str, object]:
    """(state, rows or reason)"""
    query = who.athena.start_query_execution(QueryString=sql, QueryExecutionContext={"Database": "shop"},
                                             ResultConfiguration={"OutputLocation": answers})["QueryExecutionId"]
    while True:
        execution = who.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    if execution["Status"]["State"] != "SUCCEEDED":
        return execution["Status"]["State"], execution["Status"]["StateChangeReason"]
    rows = who.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
    return "SUCCEEDED", [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]


def refused(call, **arguments) -> str:
    with pytest.raises(botocore.exceptions.ClientError) as error:
        call(**arguments)
    assert PASSWORD not in str(error.value)
    return error.value.response["Error"]["Code"]


def grant_ana(mesh, resource: dict, revoke: bool = False) -> None:
    change = mesh.admin.lakeformation.revoke_permissions if revoke else mesh.admin.lakeformation.grant_permissions
    change(Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/ana"}, Resource=resource, Permissions=["SELECT"])


def events(mesh, name: str) -> list[dict]:
    found = mesh.admin.cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}])["Events"]
    return [json.loads(event["CloudTrailEvent"]) for event in found]


def test_a_table_in_a_warehouse_is_governed_as_files_are(mesh):
    assert ask(mesh.admin, "SELECT id, country, amount, card, placed, tags FROM orders ORDER BY id") == ("SUCCEEDED", [
        ["1", "DE", "12.50", "4000-1", "2024-01-01 11:00:00.000", '{"a": 1}'], ["2", "FR", "20.00", "4000-2", None, None],
        ["3", "DE", "30.25", "4000-3", "2024-02-29 00:00:00.000", None], ["4", None, None, "4000-4", None, None]])
    assert ask(mesh.ana, "SELECT count(*) FROM orders")[0] == "FAILED"
    columns = {"TableWithColumns": {"DatabaseName": "shop", "Name": "orders", "ColumnNames": ["id", "country", "amount"]}}
    grant_ana(mesh, columns)
    before = len(events(mesh, "GetDataAccess"))
    assert ask(mesh.ana, "SELECT * FROM orders WHERE id < 3 ORDER BY id") == ("SUCCEEDED", [["1", "DE", "12.50"], ["2", "FR", "20.00"]])
    assert len(events(mesh, "GetDataAccess")) > before
    state, reason = ask(mesh.ana, "SELECT card FROM orders")
    assert state == "FAILED" and "COLUMN_NOT_FOUND" in reason
    grant_ana(mesh, columns, revoke=True)
    assert ask(mesh.ana, "SELECT id FROM orders")[0] == "FAILED"


def test_rows_and_cells_are_hidden_there_too_and_it_joins_files(mesh):
    mesh.admin.lakeformation.create_data_cells_filter(TableData={
        "TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "orders", "Name": "german",
        "RowFilter": {"FilterExpression": "country = 'DE' AND card <> '4000-3'"}, "ColumnNames": ["id", "country", "amount"]})
    cells = {"DataCellsFilter": {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "orders", "Name": "german"}}
    grant_ana(mesh, cells)
    assert ask(mesh.ana, "SELECT * FROM orders") == ("SUCCEEDED", [["1", "DE", "12.50"]])
    assert ask(mesh.ana, "SELECT count(*) FROM orders WHERE 1 / (id - 3) > -100") == ("SUCCEEDED", [["1"]])
    grant_ana(mesh, cells, revoke=True)
    join = "SELECT c.name, sum(o.amount) FROM orders o JOIN countries c ON c.code = o.country GROUP BY 1 ORDER BY 1"
    assert ask(mesh.admin, join) == ("SUCCEEDED", [["France", "20.00"], ["Germany", "42.75"]])
    shown = psql(mesh, "-At", "-c", "SELECT count(*) FROM orders", PGDATABASE="shop")
    assert shown.stdout.strip() == "4", shown.stderr


def test_nothing_is_written_there(mesh):
    state, reason = ask(mesh.admin, "INSERT INTO orders SELECT * FROM orders")
    assert state == "FAILED" and "Inserting into tables in a warehouse is not supported" in reason


def test_who_makes_such_a_table_could_have_the_connection(mesh):
    maker = role(mesh.admin, "maker", "glue:CreateTable", "glue:UpdateTable", "glue:GetTable", "glue:GetDatabase", *READER)
    principal = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/maker"}
    mesh.admin.lakeformation.grant_permissions(Principal=principal, Resource={"Database": {"Name": "shop"}}, Permissions=["CREATE_TABLE"])
    made = table_input("shop.sales.german", "mine")
    assert refused(maker.glue.create_table, DatabaseName="shop", TableInput=made) == "AccessDeniedException"
    mesh.admin.iam.put_role_policy(RoleName="maker", PolicyName="c", PolicyDocument=policy("glue:GetConnection"))
    maker.glue.create_table(DatabaseName="shop", TableInput=made)
    assert ask(maker, "SELECT count(*) FROM mine") == ("SUCCEEDED", [["2"]])
    mesh.admin.iam.delete_role_policy(RoleName="maker", PolicyName="c")
    assert ask(maker, "SELECT count(*) FROM mine") == ("SUCCEEDED", [["2"]])  # Lake Formation shows it to him.
    moved = table_input("shop.sales.orders", "mine")
    assert refused(maker.glue.update_table, DatabaseName="shop", TableInput=moved) == "AccessDeniedException"
    maker.glue.update_table(DatabaseName="shop", TableInput=made | {"Description": "Mine"})


def test_connection_is_tested_and_its_failures_say_why_and_no_more(mesh):
    glue = mesh.admin.glue
    glue.test_connection(ConnectionName="warehouse")
    wrong = connection("wrong", JDBC_CONNECTION_URL=mesh.warehouse.url, USERNAME="reader", PASSWORD="wr0ng-word")
    glue.create_connection(ConnectionInput=wrong)
    with pytest.raises(botocore.exceptions.ClientError, match="does not accept the user's name and password") as error:
        glue.test_connection(ConnectionName="wrong")
    assert "wr0ng-word" not in str(error.value)
    glue.create_connection(ConnectionInput=connection(
        "elsewhere", JDBC_CONNECTION_URL="jdbc:postgresql://169.254.169.254:80/shop", USERNAME="reader", PASSWORD=PASSWORD))
    with pytest.raises(botocore.exceptions.ClientError, match="--warehouse 169.254.169.254:80"):
        glue.test_connection(ConnectionName="elsewhere")
    with pytest.raises(botocore.exceptions.ClientError, match="--warehouse db.example.com:5432"):
        glue.test_connection(TestConnectionInput={"ConnectionType": "POSTGRESQL", "ConnectionProperties": {
            "HOST": "db.example.com", "PORT": "5432", "DATABASE": "shop", "USERNAME": "reader", "PASSWORD": PASSWORD}})
    assert refused(mesh.ana.glue.test_connection, ConnectionName="warehouse") == "AccessDeniedException"
    glue.create_table(DatabaseName="shop", TableInput=table_input("shop.sales.orders", "wrongly", "wrong"))
    state, reason = ask(mesh.admin, "SELECT count(*) FROM wrongly")
    assert state == "FAILED" and "does not accept the user's name and password" in reason
    assert ask(mesh.admin, "SELECT count(*) FROM orders") == ("SUCCEEDED", [["4"]])
    journal = "".join(path.read_text(errors="ignore") for path in (mesh.data / "journal").iterdir() if path.is_file())
    assert "wr0ng-word" not in journal and PASSWORD not in journal


def test_what_is_no_host_is_refused_at_the_start(hanse, tmp_path):
    started = hanse("serve", "--data", str(tmp_path / "data"), "--warehouse", "a/b")
    assert started.returncode == 2 and "--warehouse a/b: give HOST or HOST:PORT" in started.stderr


def test_login_may_lie_in_a_secret(mesh):
    secret = mesh.admin.secretsmanager.create_secret(
        Name="warehouse-login", SecretString=json.dumps({"username": "reader", "password": PASSWORD}))["ARN"]
    clerk = role(mesh.admin, "clerk", "glue:CreateConnection", "glue:UpdateConnection")
    by_secret = connection("by-secret", JDBC_CONNECTION_URL=mesh.warehouse.url, SECRET_ID="warehouse-login")
    assert refused(clerk.glue.create_connection, ConnectionInput=by_secret) == "AccessDeniedException"
    mesh.admin.glue.create_connection(ConnectionInput=by_secret)
    mesh.admin.glue.test_connection(ConnectionName="by-secret")
    reads = [event for event in events(mesh, "GetSecretValue") if event["userIdentity"].get("invokedBy") == "glue.amazonaws.com"]
    assert reads and reads[0]["userIdentity"]["type"] == "Root"
    mesh.admin.glue.create_connection(ConnectionInput={
        "Name": "by-arn", "ConnectionType": "POSTGRESQL", "ConnectionProperties": {
            "HOST": "127.0.0.1", "PORT": str(mesh.warehouse.port), "DATABASE": "shop"},
        "AuthenticationConfiguration": {"AuthenticationType": "BASIC", "SecretArn": secret}})
    mesh.admin.glue.create_table(DatabaseName="shop", TableInput=table_input("shop.sales.orders", "sealed", "by-arn"))
    assert ask(mesh.admin, "SELECT count(*) FROM sealed") == ("SUCCEEDED", [["4"]])
    mesh.admin.secretsmanager.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    state, reason = ask(mesh.admin, "SELECT count(*) FROM sealed")
    assert state == "FAILED" and "the secret of connection by-arn cannot be read" in reason


def test_crawler_makes_the_tables_that_its_role_may_reach(mesh):
    admin = mesh.admin
    role(admin, "crawler", "glue:*", "lakeformation:GetDataAccess", service="glue.amazonaws.com")
    admin.glue.create_database(DatabaseInput={"Name": "crawled"})
    admin.lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ACCOUNT}:role/crawler"},
        Resource={"Database": {"Name": "crawled"}}, Permissions=["CREATE_TABLE", "ALTER", "DESCRIBE", "DROP"])
    admin.lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]},
        Resource={"Table": {"DatabaseName": "crawled", "TableWildcard": {}}}, Permissions=["SELECT"])
    admin.glue.create_crawler(Name="warehouse", Role="crawler", DatabaseName="crawled", TablePrefix="wh_", Targets={"JdbcTargets": [
        {"ConnectionName": "warehouse", "Path": "shop/sales/%", "Exclusions": ["tmp_*"]}]},
        SchemaChangePolicy={"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"})

    def crawl() -> dict:
        admin.glue.start_crawler(Name="warehouse")
        while True:
            crawler = admin.glue.get_crawler(Name="warehouse")["Crawler"]
            if crawler["State"] == "READY":
                return crawler["LastCrawl"]
            time.sleep(0.1)

    assert crawl()["Status"] == "SUCCEEDED"
    tables = {t["Name"]: t for t in admin.glue.get_tables(DatabaseName="crawled")["TableList"]}
    assert set(tables) == {"wh_shop_sales_orders", "wh_shop_sales_german"}
    orders = tables["wh_shop_sales_orders"]
    assert {"classification": "postgresql", "connectionName": "warehouse", "typeOfData": "table",
            "compressionType": "none"}.items() <= orders["Parameters"].items()
    assert tables["wh_shop_sales_german"]["Parameters"]["typeOfData"] == "view"
    assert orders["StorageDescriptor"]["Location"] == "shop.sales.orders"
    assert [(c["Name"], c["Type"]) for c in orders["StorageDescriptor"]["Columns"]] == COLUMNS
    assert ask(admin, "SELECT sum(amount) FROM crawled.wh_shop_sales_orders") == ("SUCCEEDED", [["62.75"]])
    mesh.warehouse.sql("DROP VIEW sales.german; ALTER TABLE sales.orders ADD COLUMN later int", "shop")
    assert crawl()["Status"] == "SUCCEEDED"
    assert [t["Name"] for t in admin.glue.get_tables(DatabaseName="crawled")["TableList"]] == ["wh_shop_sales_orders"]
    assert ask(admin, "SELECT count(later) FROM crawled.wh_shop_sales_orders") == ("SUCCEEDED", [["0"]])
    admin.iam.put_role_policy(RoleName="crawler", PolicyName="d", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "glue:GetConnection", "Resource": "*"}]}))
    failed = crawl()
    assert failed["Status"] == "FAILED" and "glue:GetConnection" in failed["ErrorMessage"]


def test_iam_alone_takes_the_connection_too(mesh):
    mesh.admin.lakeformation.grant_permissions(Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
                                               Resource={"Database": {"Name": "shop"}}, Permissions=["ALL"])
    mesh.admin.glue.create_table(DatabaseName="shop", TableInput=table_input("shop.sales.orders", "by_iam"))
    mesh.admin.lakeformation.grant_permissions(Principal={"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
                                               Resource={"Table": {"DatabaseName": "shop", "Name": "by_iam"}}, Permissions=["ALL"])
    state, reason = ask(mesh.ana, "SELECT count(*) FROM by_iam")
    assert state == "FAILED" and "glue:GetConnection" in reason
    mesh.admin.iam.put_role_policy(RoleName="ana", PolicyName="c", PolicyDocument=policy("glue:GetConnection"))
    assert ask(mesh.ana, "SELECT count(*) FROM by_iam") == ("SUCCEEDED", [["4"]])
    mesh.admin.iam.delete_role_policy(RoleName="ana", PolicyName="c")
    assert ask(mesh.ana, "SELECT count(*) FROM by_iam")[0] == "FAILED"


def test_another_account_reads_it_through_a_link_and_knows_nothing_of_the_connection(mesh):
    admin = mesh.admin
    made = admin.organizations.create_account(Email="consumer@example.com", AccountName="consumer")["CreateAccountStatus"]
    while made["State"] == "IN_PROGRESS":
        made = admin.organizations.describe_create_account_status(CreateAccountRequestId=made["Id"])["CreateAccountStatus"]
    account = made["AccountId"]
    consumer = admin.assume(account, "OrganizationAccountAccessRole")
    consumer.lakeformation.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [
        {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}]})
    granted = {"Principal": {"DataLakePrincipalIdentifier": account}, "Permissions": ["SELECT"], "PermissionsWithGrantOption": ["SELECT"],
               "Resource": {"TableWithColumns": {"DatabaseName": "shop", "Name": "orders", "ColumnNames": ["id", "country"]}}}
    admin.ram.enable_sharing_with_aws_organization()
    admin.lakeformation.grant_permissions(**granted)
    consumer.s3.create_bucket(Bucket="consumer-answers")
    consumer.glue.create_database(DatabaseInput={"Name": "shop"})
    consumer.glue.create_table(DatabaseName="shop", TableInput={"Name": "theirs", "TargetTable": {
        "CatalogId": ACCOUNT, "DatabaseName": "shop", "Name": "orders"}})
    question = "SELECT * FROM theirs ORDER BY id"
    assert ask(consumer, question, "s3://consumer-answers/") == ("SUCCEEDED", [["1", "DE"], ["2", "FR"], ["3", "DE"], ["4", None]])
    assert any(event["userIdentity"].get("accountId") == account for event in events(mesh, "GetDataAccess"))
    assert refused(consumer.glue.get_connection, CatalogId=ACCOUNT, Name="warehouse") == "AccessDeniedException"
    admin.lakeformation.revoke_permissions(**granted)
    assert ask(consumer, question, "s3://consumer-answers/")[0] == "FAILED"


def test_a_warehouse_that_is_gone_fails_its_queries_and_no_others(mesh):
    mesh.warehouse.stop()
    try:
        begin = time.monotonic()
        state, reason = ask(mesh.admin, "SELECT count(*) FROM orders")
        assert state == "FAILED" and "cannot be reached: connection refused" in reason and time.monotonic() - begin < 10
        assert ask(mesh.admin, "SELECT count(*) FROM countries") == ("SUCCEEDED", [["2"]])
    finally:
        mesh.warehouse.start()
    assert ask(mesh.admin, "SELECT count(*) FROM orders") == ("SUCCEEDED", [["4"]])
