"""Avro files that a crawler finds are a table that answers."""
import json

import pytest

from crawls import crawl, crawl_role
from iceberg_shop import LAKE, Shop

SCHEMA = {"type": "record", "name": "visit", "fields": [
    {"name": "Id", "type": "long"}, {"name": "land", "type": ["null", "string"]},
    {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}


def number(value: int) -> bytes:
    """Zigzag, seven bits a byte."""
    value, out = (value << 1) ^ (value >> 63), b""
    while value > 0x7f:
        out, value = out + bytes([value & 0x7f | 0x80]), value >> 7
    return out + bytes([value])


def text(value: str) -> bytes:
    return number(len(value.encode())) + value.encode()


def container(*visits: tuple[int, str | None, int]) -> bytes:
    rows = b"".join(number(at) + (number(1) + text(land) if land else number(0)) + number(day) for at, land, day in visits)
    head = b"Obj\x01" + number(1) + text("avro.schema") + text(json.dumps(SCHEMA)) + number(0)
    sync = b"0123456789abcdef"
    return head + sync + number(len(visits)) + number(len(rows)) + rows + sync


@pytest.fixture
def shop(new_server):
    return Shop(new_server())


def test_a_crawler_makes_a_table_of_avro_files(shop):
    glue, role = shop.glue, crawl_role(shop)
    shop.admin.s3.put_object(Bucket=LAKE, Key="shop/visits/a.avro", Body=container((1, "DE", 19782), (2, None, 0)))
    shop.admin.s3.put_object(Bucket=LAKE, Key="shop/visits/b.avro", Body=container((3, "FR", -1)))
    glue.create_crawler(Name="visits", Role=role, DatabaseName="shop", Targets={"S3Targets": [{"Path": f"s3://{LAKE}/shop/visits/"}]})
    crawl(shop, "visits")
    table = glue.get_table(DatabaseName="shop", Name="visits")["Table"]
    assert table["Parameters"]["classification"] == "avro"
    assert [(one["Name"], one["Type"]) for one in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"), ("land", "string"), ("day", "date")]
    shop.grant("visits")
    assert shop.ask("SELECT * FROM visits ORDER BY id") == [["1", "DE", "2024-02-29"], ["2", None, "1970-01-01"],
                                                            ["3", "FR", "1969-12-31"]]
