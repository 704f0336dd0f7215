"""The places of a table's partitions are listed together and judged each by itself: who may not read one reads none of the table."""
import json

import pytest

from conftest import Keys, Server, policy

ANSWERS = {"OutputLocation": "s3://places/answers/"}
LIST_ALL = {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "*"}
READ = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:GetBucketLocation"], "Resource": "*"}


class Shop:
    def __init__(self, admin: Keys):
        self.admin = admin
        self.account = admin.sts.get_caller_identity()["Account"]
        for bucket in ("places", "other-places"):
            admin.s3.create_bucket(Bucket=bucket)
        self.ask(admin, "CREATE DATABASE shop")
        # Rows 1 to 8: row x in partition x modulo 4.
        self.ask(admin, "CREATE TABLE shop.parts WITH (partitioned_by = ARRAY['p'], external_location = 's3://places/parts/') AS "
                        "SELECT x AS id, x % 4 AS p FROM UNNEST(sequence(1, 8)) AS t(x)")
        admin.iam.create_user(UserName="ana")
        self.ana_may(LIST_ALL)
        key = admin.iam.create_access_key(UserName="ana")["AccessKey"]
        self.ana = Keys(endpoint=admin["endpoint"], key=key["AccessKeyId"], secret=key["SecretAccessKey"], token=None)

    def ana_may(self, *statements: dict) -> None:
        catalog = json.loads(policy("athena:*", "glue:Get*", "lakeformation:GetDataAccess"))["Statement"]
        document = {"Version": "2012-10-17", "Statement": [*catalog, READ, *statements]}
        self.admin.iam.put_user_policy(UserName="ana", PolicyName="query", PolicyDocument=json.dumps(document))

    def ask(self, who: Keys, sql: str) -> list[str]:
        """The first column of the answer; the reason where there is none."""
        query = who.athena.start_query_execution(QueryString=sql, ResultConfiguration=ANSWERS)["QueryExecutionId"]
        while (status := self.admin.athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"])["State"] in (
                "QUEUED", "RUNNING"):
            pass
        if status["State"] != "SUCCEEDED":
            return [status["StateChangeReason"]]
        rows = who.athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"][1:]
        return [r["Data"][0].get("VarCharValue") for r in rows]

    def ids(self, where: str = "") -> list[str]:
        return self.ask(self.ana, f"SELECT id FROM shop.parts {where} ORDER BY id")

    def lists(self) -> list[dict]:
        """What was listed for ana's last queries, newest first."""
        events = self.admin.cloudtrail.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "ListObjectsV2"}], MaxResults=50)["Events"]
        records = [json.loads(e["CloudTrailEvent"]) for e in events]
        return [r["requestParameters"] for r in records if "user/ana" in r["userIdentity"]["arn"]]


@pytest.fixture()
def shop(tmp_path):
    server = Server(tmp_path / "data").start()
    yield Shop(server.management())
    server.kill()


def condition(effect: str, *prefixes: str) -> dict:
    return {"Effect": effect, "Action": "s3:ListBucket", "Resource": "*", "Condition": {"StringEquals": {"s3:prefix": list(prefixes)}}}


def test_one_listing_is_one_record(shop):
    assert shop.ids() == [str(x) for x in range(1, 9)]
    assert [r["prefix"] for r in shop.lists()] == ["4 prefixes from parts/p=0/ to parts/p=3/"]


def test_places_that_the_query_cannot_need_are_not_listed(shop):
    assert shop.ids("WHERE p = 2 AND id > 0") == ["2", "6"]
    assert [r["prefix"] for r in shop.lists()] == ["parts/p=2/"]
    shop.ana_may(LIST_ALL, condition("Deny", "parts/p=3/"))
    assert shop.ids("WHERE p IN (1, 2)") == ["1", "2", "5", "6"]
    assert "explicit deny" in shop.ids("WHERE p >= 2")[0]
    assert shop.ids("WHERE p = 9") == []
    assert "explicit deny" in shop.ids("WHERE p = 2 OR id = 1")[0], "nothing is known of the places"


def test_who_may_not_read_one_place_reads_no_part_of_the_table(shop):
    places = [f"parts/p={p}/" for p in range(4)]
    shop.ana_may(condition("Allow", *places))
    assert shop.ids() == [str(x) for x in range(1, 9)], "each place is allowed, the table's own is not"
    shop.ana_may(condition("Allow", *places[:3], "parts/"))
    assert "AccessDenied" in shop.ids()[0] or "not authorized" in shop.ids()[0], "what stands above a place is not the place"
    shop.ana_may(LIST_ALL, condition("Deny", "parts/p=2/"))
    assert "explicit deny" in shop.ids()[0]
    shop.ana_may(LIST_ALL)
    assert len(shop.ids()) == 8


def test_a_place_that_is_registered_by_itself_is_read_as_its_own_role(shop):
    admin = shop.admin
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                     "Principal": {"Service": "lakeformation.amazonaws.com"}}]}
    role = admin.iam.create_role(RoleName="place", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    admin.iam.put_role_policy(RoleName="place", PolicyName="read", PolicyDocument=policy("s3:GetObject", "s3:ListBucket"))
    admin.lakeformation.register_resource(ResourceArn="arn:aws:s3:::places/parts/p=2", RoleArn=role)
    shop.ana_may(LIST_ALL, condition("Deny", "parts/p=2/"))
    assert len(shop.ids()) == 8, "the role reads what she may not list"
    admin.iam.put_role_policy(RoleName="place", PolicyName="read", PolicyDocument=policy("s3:GetObject"))
    assert "s3:ListBucket" in shop.ids()[0]
    admin.lakeformation.deregister_resource(ResourceArn="arn:aws:s3:::places/parts/p=2")
    assert "explicit deny" in shop.ids()[0], "hers again"


def test_places_elsewhere_within_one_another_and_of_two_partitions(shop):
    glue = shop.admin.glue
    shop.admin.s3.copy_object(Bucket="other-places", Key="far/a", CopySource={"Bucket": "places", "Key": shop.admin.s3.list_objects_v2(
        Bucket="places", Prefix="parts/p=1/")["Contents"][0]["Key"]})
    shop.admin.s3.copy_object(Bucket="places", Key="parts/p=3/within/a", CopySource={"Bucket": "other-places", "Key": "far/a"})
    for value, place in (("10", "s3://other-places/far"), ("11", "s3://other-places/far/"), ("12", "s3://places/parts/p=3/within/")):
        glue.create_partition(DatabaseName="shop", TableName="parts",
                              PartitionInput={"Values": [value], "StorageDescriptor": {"Location": place}})
    counts = shop.ask(shop.ana, "SELECT CAST(count(*) AS varchar) || ' of ' || CAST(p AS varchar) FROM shop.parts GROUP BY p ORDER BY p")
    assert counts == ["2 of 0", "2 of 1", "2 of 2", "4 of 3", "2 of 10", "2 of 11", "2 of 12"]
    shop.ana_may(LIST_ALL, {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::other-places"})
    assert "explicit deny" in shop.ids()[0]
