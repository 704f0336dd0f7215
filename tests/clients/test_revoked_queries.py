"""Who loses his right to a table while his query runs loses the query; a change that takes nothing from it leaves it alone."""
import time

import pytest

from conftest import Keys, Server, policy

LAKE = "s3://revoked-lake/"
ENDLESS = "SELECT count(*) FROM shop.orders a, shop.orders b, shop.orders c, shop.orders d WHERE a.id + b.id + c.id + d.id < 0"
SECONDS_MAX = 2.0  # A second for the server to notice, one for a busy machine.


class Shop:
    def __init__(self, admin: Keys):
        self.admin = admin
        identity = admin.sts.get_caller_identity()
        self.account = identity["Account"]
        nobody = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
        admin.lakeformation.put_data_lake_settings(
            DataLakeSettings={"DataLakeAdmins": [{"DataLakePrincipalIdentifier": identity["Arn"]}]} | nobody)
        admin.s3.create_bucket(Bucket="revoked-lake")
        self.ask("CREATE DATABASE shop")
        for table in ("orders", "others"):
            self.ask(f"CREATE TABLE shop.{table} AS SELECT x AS id, 'a@b.example' AS email FROM UNNEST(sequence(1, 5000)) AS t(x)")
        admin.iam.create_user(UserName="ana")
        admin.iam.put_user_policy(UserName="ana", PolicyName="query", PolicyDocument=policy("athena:*", "glue:Get*", "s3:*"))
        key = admin.iam.create_access_key(UserName="ana")["AccessKey"]
        self.ana = Keys(endpoint=admin["endpoint"], key=key["AccessKeyId"], secret=key["SecretAccessKey"], token=None)

    def start(self, who: Keys, sql: str) -> str:
        return who.athena.start_query_execution(QueryString=sql, ResultConfiguration={"OutputLocation": LAKE})["QueryExecutionId"]

    def status(self, query: str) -> dict:
        return self.admin.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]

    def until(self, query: str, *states: str, seconds: float = 20) -> dict:
        deadline = time.monotonic() + seconds
        while (status := self.status(query))["State"] not in states:
            assert time.monotonic() < deadline, status
            time.sleep(0.02)
        return status

    def ask(self, sql: str) -> None:
        status = self.until(self.start(self.admin, sql), "SUCCEEDED", "FAILED")
        assert status["State"] == "SUCCEEDED", status

    def right(self, table: str) -> dict:
        return {"Principal": {"DataLakePrincipalIdentifier": f"arn:aws:iam::{self.account}:user/ana"},
                "Resource": {"Table": {"DatabaseName": "shop", "Name": table}}, "Permissions": ["SELECT"]}

    def grant(self, table: str) -> None:
        self.admin.lakeformation.grant_permissions(**self.right(table))

    def revoke(self, table: str) -> None:
        self.admin.lakeformation.revoke_permissions(**self.right(table))

    def running(self) -> str:
        """A query of ana's that would not end, once it reads."""
        query = self.start(self.ana, ENDLESS)
        self.until(query, "RUNNING")
        time.sleep(1.5)
        assert self.status(query)["State"] == "RUNNING"
        return query

    def records(self, query: str, name: str) -> list[str]:
        """The journal's records about the query, as JSON, once they are there."""
        time.sleep(0.5)
        events = self.admin.cloudtrail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
                                                     MaxResults=50)["Events"]
        return [e["CloudTrailEvent"] for e in events if query in e["CloudTrailEvent"]]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("revoked") / "data").start()
    yield Shop(server.management())
    server.kill()


def revoke_the_table(shop: Shop) -> None:
    shop.revoke("orders")


def deny_in_iam(shop: Shop) -> None:
    shop.admin.iam.put_user_policy(UserName="ana", PolicyName="query", PolicyDocument=policy("athena:*", "s3:*"))


def drop_the_table(shop: Shop) -> None:
    shop.admin.glue.delete_table(DatabaseName="shop", Name="orders")


def test_a_change_that_takes_nothing_leaves_the_query_alone(shop):
    shop.grant("orders")
    query = shop.running()
    before = len(shop.records(query, "GetDataAccess"))
    for _ in range(3):
        shop.grant("others")
        time.sleep(0.4)
        shop.revoke("others")
    time.sleep(1)
    assert shop.status(query)["State"] == "RUNNING"
    assert len(shop.records(query, "GetDataAccess")) == before, "what is asked again leaves no record"
    shop.ana.athena.stop_query_execution(QueryExecutionId=query)
    assert shop.until(query, "CANCELLED", "FAILED")["State"] == "CANCELLED"


@pytest.mark.parametrize("lose, why", [
    (revoke_the_table, "Database shop not found"),
    (deny_in_iam, "glue:GetTable"),
    (drop_the_table, "not found"),
])
def test_who_loses_his_right_loses_the_query(shop, lose, why):
    shop.admin.iam.put_user_policy(UserName="ana", PolicyName="query", PolicyDocument=policy("athena:*", "glue:Get*", "s3:*"))
    shop.grant("orders")
    query = shop.running()
    lose(shop)
    lost = time.monotonic()
    status = shop.until(query, "FAILED", "SUCCEEDED", "CANCELLED")
    seconds = time.monotonic() - lost
    assert status["State"] == "FAILED" and seconds < SECONDS_MAX, (status, seconds)
    assert "the rights to shop.orders changed while the query ran: it was stopped" in status["StateChangeReason"]
    stopped = [r for r in shop.records(query, "GetDataAccess") if "whileRunning" in r]
    assert len(stopped) == 1, stopped
    assert "AccessDenied" in stopped[0] and why in stopped[0], stopped
