"""Data catalogs: an account's tables, read by their own names from another account."""
import json
import time

import pytest

from conftest import Server, policy


class Company:
    """`owner` has shop.orders (a row each for a and b, a column `secret`); `reader`'s account calls its catalog `partner`."""

    def __init__(self, server: Server):
        root = server.management()
        self.server, self.management = server, root
        self.owner, self.owner_id = self.account(root, "owner")
        self.reader, self.reader_id = self.account(root, "reader")
        root.ram.enable_sharing_with_aws_organization()
        for keys, account in ((self.owner, self.owner_id), (self.reader, self.reader_id)):
            admin = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"}
            keys.lakeformation.put_data_lake_settings(DataLakeSettings={
                "DataLakeAdmins": [admin], "CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": [],
                "Parameters": {"CROSS_ACCOUNT_VERSION": "4"}})
        self.publish()
        self.reader.s3.create_bucket(Bucket="catalog-results")
        self.reader.athena.create_data_catalog(Name="Partner", Type="GLUE", Parameters={"catalog-id": self.owner_id})
        self.ana = self.user("ana", "athena:*", "glue:Get*", "s3:*", "lakeformation:GetDataAccess")
        self.me = f"arn:aws:iam::{self.reader_id}:user/ana"

    def account(self, root, name: str):
        status = root.organizations.create_account(AccountName=name, Email=f"{name}@nimbus.example")["CreateAccountStatus"]
        return root.assume(status["AccountId"], "OrganizationAccountAccessRole"), status["AccountId"]

    def publish(self) -> None:
        owner = self.owner
        owner.s3.create_bucket(Bucket="catalog-lake")
        owner.s3.put_object(Bucket="catalog-lake", Key="orders/1.csv", Body=b"a,1,hush\nb,2,hush\n")
        owner.iam.create_role(RoleName="lake", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
        owner.iam.put_role_policy(RoleName="lake", PolicyName="lake", PolicyDocument=policy("s3:GetObject", "s3:ListBucket"))
        owner.lakeformation.register_resource(ResourceArn="arn:aws:s3:::catalog-lake", RoleArn=f"arn:aws:iam::{self.owner_id}:role/lake")
        owner.glue.create_database(DatabaseInput={"Name": "shop"})
        storage = {"Columns": [{"Name": "k", "Type": "string"}, {"Name": "v", "Type": "bigint"}, {"Name": "secret", "Type": "string"}],
                   "Location": "s3://catalog-lake/orders/", "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                   "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                                 "Parameters": {"field.delim": ","}}}
        owner.glue.create_table(DatabaseName="shop", TableInput={"Name": "orders", "StorageDescriptor": storage})

    def user(self, name: str, *actions: str):
        self.reader.iam.create_user(UserName=name)
        self.reader.iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=policy(*actions))
        made = self.reader.iam.create_access_key(UserName=name)["AccessKey"]
        return type(self.reader)(endpoint=self.server.endpoint, key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=None)

    def share(self, change: str) -> None:
        """`change`: grant or revoke; k and v for ana, through her account's share."""
        call = getattr(self.owner.lakeformation, f"{change}_permissions")
        call(Principal={"DataLakePrincipalIdentifier": self.me}, Permissions=["SELECT"], Resource={"TableWithColumns": {
            "CatalogId": self.owner_id, "DatabaseName": "shop", "Name": "orders", "ColumnNames": ["k", "v"]}})

    def ask(self, sql: str, by=None, **context):
        by = by or self.ana
        started = by.athena.start_query_execution(QueryString=sql, QueryExecutionContext=context, ResultConfiguration={
            "OutputLocation": "s3://catalog-results/"})["QueryExecutionId"]
        while (status := by.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"])["State"] in (
                "QUEUED", "RUNNING"):
            time.sleep(0.02)
        if status["State"] != "SUCCEEDED":
            return status["StateChangeReason"]
        rows = by.athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("catalogs") / "data").start()
    yield Company(server)
    server.kill()


ROWS = [["k", "v"], ["a", "1"], ["b", "2"]]


def test_anothers_table_is_read_by_its_own_name_while_it_is_granted(company):
    everything = "SELECT * FROM partner.shop.orders ORDER BY k"
    assert "does not exist" in company.ask(everything)
    company.share("grant")
    assert company.ask(everything) == ROWS
    assert company.ask('SELECT "partner"."shop"."orders".v FROM Partner.shop.orders WHERE k = \'b\'') == [["v"], ["2"]]
    assert company.ask("SELECT * FROM shop.orders ORDER BY k", Catalog="partner") == ROWS
    assert company.ask("SELECT * FROM orders ORDER BY k", Catalog="PARTNER", Database="shop") == ROWS
    assert "secret" in company.ask("SELECT secret FROM partner.shop.orders")
    plan = company.ask("EXPLAIN SELECT k FROM partner.shop.orders")
    assert any("table = partner:shop:orders" in row[0] for row in plan)
    company.share("revoke")
    assert "Table 'partner.shop.orders' does not exist" in company.ask(everything)


def test_the_catalogs_name_is_looked_up_as_the_caller(company):
    company.share("grant")
    blind = company.user("blind", "athena:StartQueryExecution", "athena:GetQuery*", "glue:Get*", "s3:*", "lakeformation:GetDataAccess")
    refused = company.ask("SELECT * FROM partner.shop.orders", by=blind)
    assert refused == "CATALOG_NOT_FOUND: Catalog 'partner' not found"
    with pytest.raises(blind.athena.exceptions.ClientError, match="GetDataCatalog"):
        company.ask("SELECT 1", by=blind, Catalog="partner")
    assert "CATALOG_NOT_FOUND" in company.ask("SELECT * FROM elsewhere.shop.orders")
    # A name that only the engine gives is none of a client's.
    assert "CATALOG_NOT_FOUND" in company.ask(f'SELECT * FROM "partner\x1f{company.owner_id}\x1fshop"."orders"', by=blind)


def test_a_view_may_stand_on_it(company):
    company.share("grant")
    reader = company.reader
    reader.glue.create_database(DatabaseInput={"Name": "views", "LocationUri": "s3://catalog-results/views/"})
    table = {"TableWildcard": {}, "DatabaseName": "views"}
    for resource, rights in (({"Database": {"Name": "views"}}, ["CREATE_TABLE", "DESCRIBE"]), ({"Table": table}, ["SELECT"])):
        reader.lakeformation.grant_permissions(Principal={"DataLakePrincipalIdentifier": company.me}, Permissions=rights, Resource=resource)
    reader.iam.put_user_policy(UserName="ana", PolicyName="more", PolicyDocument=policy("glue:CreateTable"))
    assert company.ask("CREATE VIEW views.big AS SELECT k, v FROM partner.shop.orders WHERE v > 1") == []
    assert company.ask("SELECT * FROM views.big") == [["k", "v"], ["b", "2"]]
    company.share("revoke")
    assert "does not exist" in company.ask("SELECT * FROM views.big")


def test_it_is_described_and_listed_and_never_changed(company):
    company.share("grant")
    assert company.ask("SHOW TABLES IN shop", Catalog="partner") == [["orders"]]
    assert company.ask("SHOW DATABASES", Catalog="partner") == [["shop"]]
    assert company.ask("SHOW TABLES IN partner.shop") == [["orders"]]
    assert [row[0].split()[0] for row in company.ask("DESCRIBE partner.shop.orders")] == ["k", "v"]
    athena = company.ana.athena
    names = [table["Name"] for table in athena.list_table_metadata(CatalogName="partner", DatabaseName="shop")["TableMetadataList"]]
    columns = athena.get_table_metadata(CatalogName="partner", DatabaseName="shop", TableName="orders")["TableMetadata"]["Columns"]
    assert names == ["orders"] and [column["Name"] for column in columns] == ["k", "v"]
    for statement in ("DROP TABLE shop.orders", "CREATE TABLE shop.copy AS SELECT 1 AS a", "CREATE DATABASE more"):
        assert "AwsDataCatalog alone" in company.ask(statement, Catalog="partner")


def test_a_catalog_in_a_name_is_never_passed_over(company):
    """DROP TABLE elsewhere.shop.t dropped the caller's own shop.t."""
    admin = company.reader
    admin.glue.create_database(DatabaseInput={"Name": "shop"})
    admin.glue.create_table(DatabaseName="shop", TableInput={"Name": "orders", "StorageDescriptor": {
        "Columns": [{"Name": "k", "Type": "string"}], "Location": "s3://catalog-results/own/"}})
    for catalog, why in (("partner", "AwsDataCatalog alone"), ("elsewhere", "CATALOG_NOT_FOUND")):
        assert why in company.ask(f"DROP TABLE {catalog}.shop.orders", by=admin)
    assert "AwsDataCatalog alone" in company.ask("INSERT INTO partner.shop.orders VALUES ('x')", by=admin)
    assert company.ask("SHOW TABLES IN awsdatacatalog.shop", by=admin) == [["orders"]]
    assert company.ask("DROP TABLE awsdatacatalog.shop.orders", by=admin) == []


def test_catalogs_are_made_changed_tagged_and_deleted(company):
    athena = company.reader.athena
    invalid = athena.exceptions.InvalidRequestException
    for wrong in ({"Name": "AwsDataCatalog"}, {"Name": "with space"}, {"Name": "partner"}, {"Parameters": {"catalog-id": "12"}}):
        with pytest.raises(invalid):
            athena.create_data_catalog(**({"Name": "other", "Type": "GLUE", "Parameters": {"catalog-id": company.owner_id}} | wrong))
    with pytest.raises(athena.exceptions.ClientError, match="LAMBDA"):
        athena.create_data_catalog(Name="other", Type="LAMBDA", Parameters={"function": "arn:aws:lambda:us-east-1:1:function:f"})
    made = athena.create_data_catalog(Name="other", Type="GLUE", Description="d", Parameters={"catalog-id": company.owner_id},
                                      Tags=[{"Key": "team", "Value": "a"}])["DataCatalog"]
    assert made["Status"] == "CREATE_COMPLETE"
    arn = f"arn:aws:athena:us-east-1:{company.reader_id}:datacatalog/other"
    athena.tag_resource(ResourceARN=arn, Tags=[{"Key": "cost", "Value": "7"}])
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "cost", "Value": "7"}, {"Key": "team", "Value": "a"}]
    athena.update_data_catalog(Name="other", Type="GLUE", Parameters={"catalog-id": company.reader_id})
    got = athena.get_data_catalog(Name="OTHER")["DataCatalog"]
    assert got["Parameters"] == {"catalog-id": company.reader_id} and got["Description"] == "d"
    assert [one["CatalogName"] for one in athena.list_data_catalogs()["DataCatalogsSummary"]] == ["AwsDataCatalog", "other", "Partner"]
    assert athena.delete_data_catalog(Name="other")["DataCatalog"]["Status"] == "DELETE_COMPLETE"
    with pytest.raises(invalid, match="not found"):
        athena.get_data_catalog(Name="other")
    with pytest.raises(athena.exceptions.ResourceNotFoundException):
        athena.list_tags_for_resource(ResourceARN=arn)
