"""Data Catalog views: a right to the view alone shows its rows, as long as its definer has his; nothing else of the tables shows."""
import json
import time

import pytest
from botocore.exceptions import ClientError

from conftest import Keys, Server, policy

LAKE = "s3://definer-lake/"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": ["glue.amazonaws.com", "lakeformation.amazonaws.com"]}, "Action": "sts:AssumeRole"},
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "sts:AssumeRole"}]})
MAKE = """CREATE PROTECTED MULTI DIALECT VIEW shop.{} SECURITY DEFINER AS
          SELECT id, name, pay, code FROM shop.salaries WHERE pay < 100"""
SELECT = ["SELECT"]


class Shop:
    def __init__(self, admin: Keys):
        self.admin = admin
        identity = admin.sts.get_caller_identity()
        self.account = identity["Account"]
        nobody = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
        admin.lakeformation.put_data_lake_settings(
            DataLakeSettings={"DataLakeAdmins": [{"DataLakePrincipalIdentifier": identity["Arn"]}]} | nobody)
        admin.s3.create_bucket(Bucket="definer-lake")
        self.ask("CREATE DATABASE shop")
        self.ask("""CREATE TABLE shop.salaries AS SELECT * FROM (VALUES (1, 'ana', 10, '11'), (2, 'bob', 20, '22'),
                    (3, 'boss', 900, 'x9z')) AS t(id, name, pay, code)""")
        self.ask("CREATE TABLE shop.other AS SELECT 1 AS id")
        self.role = f"arn:aws:iam::{self.account}:role/definer"
        self.definer = self.define()
        admin.iam.create_user(UserName="eve")
        admin.iam.put_user_policy(UserName="eve", PolicyName="query",
                                  PolicyDocument=policy("athena:*", "glue:*", "s3:*", "lakeformation:GetDataAccess"))
        key = admin.iam.create_access_key(UserName="eve")["AccessKey"]
        self.eve = Keys(endpoint=admin["endpoint"], key=key["AccessKeyId"], secret=key["SecretAccessKey"], token=None)

    def define(self) -> Keys:
        """A session of the definer's role, which may read the salaries and give that on."""
        self.admin.iam.create_role(RoleName="definer", AssumeRolePolicyDocument=TRUST)
        self.admin.iam.put_role_policy(RoleName="definer", PolicyName="all", PolicyDocument=policy(
            "athena:*", "glue:*", "s3:*", "lakeformation:GetDataAccess", "iam:PassRole"))
        lake = self.admin.lakeformation
        lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": self.role}, Resource={"Database": {"Name": "shop"}},
                               Permissions=["CREATE_TABLE", "DESCRIBE"])
        for table in ("salaries", "other"):
            lake.grant_permissions(**self.definers(table))
        got = self.admin.sts.assume_role(RoleArn=self.role, RoleSessionName="dora")["Credentials"]
        return Keys(endpoint=self.admin["endpoint"], key=got["AccessKeyId"], secret=got["SecretAccessKey"], token=got["SessionToken"])

    def definers(self, table: str) -> dict:
        return {"Principal": {"DataLakePrincipalIdentifier": self.role}, "Permissions": SELECT, "PermissionsWithGrantOption": SELECT,
                "Resource": {"Table": {"DatabaseName": "shop", "Name": table}}}

    def eves(self, table: str, **columns) -> dict:
        resource = {"DatabaseName": "shop", "Name": table} | columns
        return {"Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{self.account}:user/eve"}, "Permissions": SELECT,
                "Resource": {"TableWithColumns" if columns else "Table": resource}}

    def run(self, who: Keys, sql: str) -> dict:
        query = who.athena.start_query_execution(QueryString=sql, QueryExecutionContext={"Database": "shop"},
                                                 ResultConfiguration={"OutputLocation": LAKE})["QueryExecutionId"]
        deadline = time.monotonic() + 30
        while (status := self.admin.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"])["State"] in (
                "QUEUED", "RUNNING"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return status | {"Id": query}

    def ask(self, sql: str, who: Keys | None = None) -> list[list[str | None]]:
        who = who or self.admin
        status = self.run(who, sql)
        assert status["State"] == "SUCCEEDED", status
        rows = who.athena.get_query_results(QueryExecutionId=status["Id"])["ResultSet"]["Rows"]
        return [[value.get("VarCharValue") for value in row["Data"]] for row in rows]

    def refused(self, sql: str, who: Keys | None = None) -> str:
        status = self.run(who or self.eve, sql)
        assert status["State"] == "FAILED", status
        return status["StateChangeReason"]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("definers") / "data").start()
    shop = Shop(server.management())
    shop.ask(MAKE.format("low"), shop.definer)
    yield shop
    server.kill()


def test_a_right_to_the_view_alone_is_enough(shop):
    assert "TABLE_NOT_FOUND" in shop.refused("SELECT * FROM low")
    shop.admin.lakeformation.grant_permissions(**shop.eves("low"))
    assert shop.ask("SELECT id, name FROM low ORDER BY id", shop.eve) == [["id", "name"], ["1", "ana"], ["2", "bob"]]
    assert "TABLE_NOT_FOUND" in shop.refused("SELECT * FROM salaries")
    assert "TABLE_NOT_FOUND" in shop.refused("SELECT * FROM low WHERE id IN (SELECT id FROM salaries)")
    shop.admin.lakeformation.revoke_permissions(**shop.eves("low"))
    assert "TABLE_NOT_FOUND" in shop.refused("SELECT * FROM low")


def test_columns_of_the_view_are_granted_one_by_one(shop):
    some = shop.eves("low", ColumnNames=["id"])
    shop.admin.lakeformation.grant_permissions(**some)
    assert shop.ask("SELECT * FROM low ORDER BY id", shop.eve) == [["id"], ["1"], ["2"]]
    assert "COLUMN_NOT_FOUND" in shop.refused("SELECT name FROM low")
    shop.admin.lakeformation.revoke_permissions(**some)


def test_nothing_meets_a_hidden_row(shop):
    shop.admin.lakeformation.grant_permissions(**shop.eves("low"))
    assert shop.ask("SELECT count(*) FROM low WHERE CAST(code AS integer) > 0", shop.eve)[1] == ["2"]
    assert shop.ask("SELECT count(*) FROM low WHERE 1 / (900 - pay) >= 0", shop.eve)[1] == ["2"]
    plan = json.dumps(shop.ask("EXPLAIN SELECT name FROM low WHERE pay > 5", shop.eve))
    assert "shop:low" in plan and "salaries" not in plan and "100" not in plan, plan
    shown = shop.eve.glue.get_table(DatabaseName="shop", Name="low")["Table"]
    assert shown["IsMultiDialectView"] and shown["ViewDefinition"]["IsProtected"]
    assert "salaries" not in json.dumps(shown, default=str)
    with pytest.raises(ClientError):
        shop.eve.glue.get_unfiltered_table_metadata(CatalogId=shop.account, DatabaseName="shop", Name="low",
                                                    SupportedPermissionTypes=["COLUMN_PERMISSION"])
    shop.admin.lakeformation.revoke_permissions(**shop.eves("low"))


def test_the_view_ends_with_its_definers_rights(shop):
    shop.admin.lakeformation.grant_permissions(**shop.eves("low"))
    shop.admin.lakeformation.revoke_permissions(**(shop.definers("salaries") | {"Permissions": [], "PermissionsWithGrantOption": SELECT}))
    assert "INVALID_VIEW: View 'awsdatacatalog.shop.low' cannot be read" in shop.refused("SELECT * FROM low")
    shop.admin.lakeformation.grant_permissions(**shop.definers("salaries"))
    assert len(shop.ask("SELECT * FROM low", shop.eve)) == 3
    shop.admin.iam.update_assume_role_policy(RoleName="definer", PolicyDocument=TRUST.replace("lakeformation.", "s3."))
    assert "INVALID_VIEW" in shop.refused("SELECT * FROM low")
    shop.admin.iam.update_assume_role_policy(RoleName="definer", PolicyDocument=TRUST)
    assert len(shop.ask("SELECT * FROM low", shop.eve)) == 3
    shop.admin.lakeformation.revoke_permissions(**shop.eves("low"))


ENDLESS = "SELECT count(*) FROM wide a, wide b, wide c, wide d WHERE a.id + b.id + c.id + d.id < 0"


@pytest.fixture(scope="module")
def wide(shop) -> str:
    """How the view is made anew, of fewer rows."""
    make = "CREATE OR REPLACE PROTECTED MULTI DIALECT VIEW wide SECURITY DEFINER AS SELECT id FROM numbers"
    shop.ask("CREATE TABLE shop.numbers AS SELECT x AS id FROM UNNEST(sequence(1, 5000)) AS t(x)")
    shop.admin.lakeformation.grant_permissions(**shop.definers("numbers"))
    shop.ask(make, shop.definer)
    return make + " WHERE id > 7"


@pytest.mark.parametrize("lost", ["reader", "definer", "text"])
def test_a_query_that_runs_is_stopped(shop, wide, lost):
    shop.admin.lakeformation.grant_permissions(**shop.definers("numbers"))
    shop.admin.lakeformation.grant_permissions(**shop.eves("wide"))
    query = shop.eve.athena.start_query_execution(QueryString=ENDLESS, QueryExecutionContext={"Database": "shop"},
                                                  ResultConfiguration={"OutputLocation": LAKE})["QueryExecutionId"]
    time.sleep(2.5)
    status = shop.admin.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
    assert status["State"] == "RUNNING", status
    if lost == "text":
        shop.ask(wide, shop.definer)
    else:
        shop.admin.lakeformation.revoke_permissions(**(shop.eves("wide") if lost == "reader" else shop.definers("numbers")))
    deadline = time.monotonic() + 3
    while (status := shop.admin.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"])["State"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert status["State"] == "FAILED" and "the rights to shop.wide changed" in status["StateChangeReason"], status
    assert "numbers" not in status["StateChangeReason"]


def test_who_cannot_pass_the_definer_makes_and_changes_no_view(shop):
    table = shop.definer.glue.get_table(DatabaseName="shop", Name="low")["Table"]
    definition = table["ViewDefinition"]
    assert definition["Definer"] == shop.role and len(definition["SubObjects"]) == 1
    given = {"Name": "mine", "TableType": "VIRTUAL_VIEW", "StorageDescriptor": {"Columns": [{"Name": "id", "Type": "int"}]},
             "ViewDefinition": {"Definer": shop.role, "SubObjects": definition["SubObjects"], "IsProtected": True,
                                "Representations": [{"Dialect": "ATHENA", "DialectVersion": "3",
                                                     "ViewOriginalText": "SELECT id FROM salaries",
                                                     "ViewExpandedText": "SELECT id FROM salaries"}]}}
    lake = shop.admin.lakeformation
    database = {"Principal": shop.eves("low")["Principal"], "Resource": {"Database": {"Name": "shop"}}, "Permissions": ["CREATE_TABLE"]}
    lake.grant_permissions(**database)
    with pytest.raises(ClientError, match="AccessDenied"):
        shop.eve.glue.create_table(DatabaseName="shop", TableInput=given)
    shop.definer.glue.create_table(DatabaseName="shop", TableInput=given)
    altering = shop.eves("mine") | {"Permissions": ["ALL"]}
    lake.grant_permissions(**altering)
    with pytest.raises(ClientError, match="AccessDenied"):
        shop.eve.glue.update_table(DatabaseName="shop", TableInput=given, ViewUpdateAction="REPLACE")
    shop.definer.glue.delete_table(DatabaseName="shop", Name="mine")
    lake.revoke_permissions(**database)
    # A definer who may not give the table on.
    given["ViewDefinition"]["SubObjects"] = [definition["SubObjects"][0].replace("salaries", "nothing")]
    with pytest.raises(ClientError, match="there is no such table for the definer"):
        shop.definer.glue.create_table(DatabaseName="shop", TableInput=given)


def test_athenas_statements(shop):
    shown = json.loads(shop.ask("""CREATE PROTECTED MULTI DIALECT VIEW tried SECURITY DEFINER SHOW VIEW JSON
                                   AS SELECT id FROM other""", shop.definer)[0][0])
    assert shown["ViewDefinition"]["SubObjects"] == [f"arn:aws:glue:us-east-1:{shop.account}:table/shop/other"]
    with pytest.raises(ClientError):
        shop.definer.glue.get_table(DatabaseName="shop", Name="tried")
    shop.ask("CREATE PROTECTED MULTI DIALECT VIEW tried SECURITY DEFINER AS SELECT id FROM other", shop.definer)
    assert "already" in shop.refused("ALTER VIEW tried ADD DIALECT AS SELECT id FROM other", shop.definer)
    shop.ask("ALTER VIEW tried UPDATE DIALECT AS SELECT id + 1 AS id FROM other", shop.definer)
    assert shop.ask("SELECT id FROM tried", shop.definer) == [["id"], ["2"]]
    shop.ask("""CREATE OR REPLACE PROTECTED MULTI DIALECT VIEW tried SECURITY DEFINER AS
                SELECT name FROM salaries WHERE id = 1""", shop.definer)
    assert shop.ask("SELECT * FROM tried", shop.definer) == [["name"], ["ana"]]
    assert shop.ask("DESCRIBE tried", shop.definer)[0][0].split() == ["name", "string"]
    assert "SECURITY DEFINER" in shop.ask("SHOW CREATE VIEW tried", shop.definer)[0][0]
    assert "view" in shop.refused("CREATE PROTECTED MULTI DIALECT VIEW over SECURITY DEFINER AS SELECT name FROM tried", shop.definer)
    assert "last dialect" in shop.refused("ALTER VIEW tried DROP DIALECT", shop.definer)
    shop.ask("DROP VIEW tried", shop.definer)
    assert "TABLE_NOT_FOUND" in shop.refused("SELECT * FROM tried", shop.definer)


def test_the_journal_names_reader_and_definer(shop):
    shop.admin.lakeformation.grant_permissions(**shop.eves("low"))
    status = shop.run(shop.eve, "SELECT * FROM low")
    time.sleep(0.5)
    events = shop.admin.cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "GetDataAccess"}],
                                                 MaxResults=50)["Events"]
    records = [json.loads(e["CloudTrailEvent"]) for e in events if status["Id"] in e["CloudTrailEvent"]]
    of_view = [r for r in records if r.get("additionalEventData", {}).get("viewDefiner") == shop.role]
    beneath = [r for r in records if r.get("additionalEventData", {}).get("viewReader", "").endswith("user/eve")]
    assert len(of_view) == 1 and of_view[0]["userIdentity"]["arn"].endswith("user/eve"), records
    assert len(beneath) == 1 and "assumed-role/definer/" in beneath[0]["userIdentity"]["arn"], records
    assert beneath[0]["additionalEventData"]["viewArn"].endswith("table/shop/low")


def test_a_reader_of_another_account_reads_it_through_a_link(shop):
    account = shop.admin.organizations.create_account(Email="c@example.com", AccountName="consumer")["CreateAccountStatus"]["AccountId"]
    consumer = shop.admin.assume(account, "OrganizationAccountAccessRole")
    consumer.lakeformation.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [
        {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}]})
    grant = shop.eves("low") | {"Principal": {"DataLakePrincipalIdentifier": account}, "PermissionsWithGrantOption": SELECT}
    shop.admin.lakeformation.grant_permissions(**grant)
    for invitation in consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
        if invitation["status"] == "PENDING":
            consumer.ram.accept_resource_share_invitation(resourceShareInvitationArn=invitation["resourceShareInvitationArn"])
    consumer.s3.create_bucket(Bucket="consumer-answers")
    consumer.glue.create_database(DatabaseInput={"Name": "mine"})
    consumer.glue.create_table(DatabaseName="mine", TableInput={"Name": "low", "TargetTable": {
        "CatalogId": shop.account, "DatabaseName": "shop", "Name": "low"}})

    def run() -> dict:
        query = consumer.athena.start_query_execution(QueryString="SELECT count(*) FROM mine.low WHERE CAST(code AS integer) > 0",
                                                      ResultConfiguration={"OutputLocation": "s3://consumer-answers/"})
        execution, deadline = query["QueryExecutionId"], time.monotonic() + 30
        while (status := consumer.athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"])["State"] in (
                "QUEUED", "RUNNING"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return status | {"Id": execution}

    done = run()
    assert done["State"] == "SUCCEEDED", done
    rows = consumer.athena.get_query_results(QueryExecutionId=done["Id"])["ResultSet"]["Rows"]
    assert rows[1]["Data"] == [{"VarCharValue": "2"}]
    shop.admin.lakeformation.revoke_permissions(**grant)
    assert run()["State"] == "FAILED"


def test_without_its_definer_there_is_no_view(shop):
    shop.admin.lakeformation.grant_permissions(**shop.eves("low"))
    assert len(shop.ask("SELECT * FROM low", shop.eve)) == 3
    shop.admin.iam.delete_role_policy(RoleName="definer", PolicyName="all")
    shop.admin.iam.delete_role(RoleName="definer")
    assert "INVALID_VIEW" in shop.refused("SELECT * FROM low")
