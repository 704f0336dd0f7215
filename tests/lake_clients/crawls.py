"""A role for crawlers of a shop's lake, and a crawl waited for."""
import json
import time

import conftest
from iceberg_shop import LAKE, Shop

SERVICE = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def crawl_role(shop: Shop) -> str:
    """May make and change tables of the shop's database, and read its lake."""
    iam, lake = shop.admin.iam, shop.admin.lakeformation
    role = iam.create_role(RoleName="crawl", AssumeRolePolicyDocument=json.dumps(SERVICE))["Role"]["Arn"]
    iam.put_role_policy(RoleName="crawl", PolicyName="all", PolicyDocument=conftest.policy("s3:*", "kms:*", "glue:*", "lakeformation:*"))
    who = {"DataLakePrincipalIdentifier": role}
    lake.grant_permissions(Principal=who, Resource={"Database": {"Name": "shop"}}, Permissions=["CREATE_TABLE", "DESCRIBE"])
    place = {"ResourceArn": f"arn:aws:s3:::{LAKE}/shop"}
    lake.grant_permissions(Principal=who, Resource={"DataLocation": place}, Permissions=["DATA_LOCATION_ACCESS"])
    return role


def crawl(shop: Shop, name: str, expect: str = "SUCCEEDED") -> dict:
    shop.glue.start_crawler(Name=name)
    for _ in range(400):
        crawler = shop.glue.get_crawler(Name=name)["Crawler"]
        if crawler["State"] == "READY":
            break
        time.sleep(0.05)
    assert crawler["LastCrawl"]["Status"] == expect, crawler
    return crawler
