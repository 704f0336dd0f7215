"""Crawlers that follow the store's changes, and those that find Iceberg tables: what they leave answers queries."""
import pytest
from botocore.exceptions import ClientError

from crawls import crawl, crawl_role
from iceberg_shop import LAKE, Shop, rows, sale

QUEUE = "arn:aws:sqs:us-east-1:111111111111:lake-events"


@pytest.fixture
def shop(new_server):
    return Shop(new_server())


def test_a_crawler_in_event_mode_follows_what_is_put_and_deleted(shop):
    s3, glue = shop.admin.s3, shop.glue
    for land in ("DE", "FR"):
        s3.put_object(Bucket=LAKE, Key=f"shop/visits/land={land}/a.csv", Body=b"id,name\n1,Ann\n2,Bob\n")
    wanted = {
        "Role": crawl_role(shop), "DatabaseName": "shop", "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVENT_MODE"},
        "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DELETE_FROM_DATABASE"}}
    target = {"Path": f"s3://{LAKE}/shop/visits/", "EventQueueArn": QUEUE}
    with pytest.raises(ClientError, match="must be the ARN of a queue"):
        glue.create_crawler(Name="visits", Targets={"S3Targets": [{**target, "EventQueueArn": "lake-events"}]}, **wanted)
    glue.create_crawler(Name="visits", Targets={"S3Targets": [target]}, **wanted)
    crawl(shop, "visits")
    shop.grant("visits")
    count = "SELECT land, count(*) FROM visits GROUP BY land ORDER BY land"
    assert shop.ask(count) == [["DE", "2"], ["FR", "2"]]
    s3.put_object(Bucket=LAKE, Key="shop/visits/land=ES/a.csv", Body=b"id,name\n3,Eve\n4,Joe\n5,Zoe\n")
    s3.delete_object(Bucket=LAKE, Key="shop/visits/land=FR/a.csv")
    assert shop.ask(count) == [["DE", "2"]], "the catalog does not know of the new folder yet"
    crawl(shop, "visits")
    assert shop.ask(count) == [["DE", "2"], ["ES", "3"]]
    lands = [one["Values"] for one in glue.get_partitions(DatabaseName="shop", TableName="visits")["Partitions"]]
    assert sorted(lands) == [["DE"], ["ES"]]
    listed = [one["State"] for one in glue.list_crawls(CrawlerName="visits")["Crawls"]]
    assert listed == ["COMPLETED", "COMPLETED"]


def test_an_iceberg_table_is_found_by_its_metadata_and_followed(shop):
    glue = shop.glue
    table = shop.table("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5)))
    first = table.metadata_location
    table.append(rows(sale(3, "DE", 3.5)))
    glue.delete_table(DatabaseName="shop", Name="sales")
    glue.create_crawler(Name="ice", Role=crawl_role(shop), DatabaseName="shop", Targets={
        "IcebergTargets": [{"Paths": [f"s3://{LAKE}/shop/"], "MaximumTraversalDepth": 3}]})
    crawl(shop, "ice")
    found = glue.get_table(DatabaseName="shop", Name="sales")["Table"]
    assert found["Parameters"]["table_type"] == "ICEBERG"
    assert found["Parameters"]["metadata_location"] == table.metadata_location != first
    assert found["StorageDescriptor"]["Columns"][0] | {"Parameters": {}} == {"Name": "id", "Type": "bigint", "Parameters": {}}
    shop.grant("sales")
    assert shop.ask("SELECT id, country, who.name FROM sales ORDER BY id") == [
        ["1", "DE", "n1"], ["2", "FR", "n2"], ["3", "DE", "n3"]]
    shop.revoke("sales")
    assert isinstance(shop.ask("SELECT id FROM sales"), str)
    shop.grant("sales")
    old = {key: found[key] for key in ("Name", "TableType", "StorageDescriptor", "Parameters")}
    old["Parameters"]["metadata_location"] = first
    me = shop.admin.sts.get_caller_identity()["Arn"]
    shop.admin.lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": me}, Resource={"Table": {"DatabaseName": "shop", "Name": "sales"}}, Permissions=["ALTER"])
    glue.update_table(DatabaseName="shop", TableInput=old)
    assert shop.ask("SELECT count(*) FROM sales") == [["2"]]
    glue.create_crawler(Name="named", Role="crawl", Targets={"CatalogTargets": [{"DatabaseName": "shop", "Tables": ["sales"]}]})
    crawl(shop, "named")
    assert shop.ask("SELECT count(*) FROM sales") == [["3"]]
