"""ORC files that pyarrow writes are a table that a crawler finds and Athena answers about, as its grants say."""
import datetime
import io
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import orc

from crawls import crawl, crawl_role
from iceberg_shop import ACCOUNT, LAKE, RESULTS, Shop

VISITS = pa.schema([("Id", pa.int64()), ("land", pa.string()), ("price", pa.decimal128(8, 2)), ("at", pa.timestamp("ns")),
                    ("tags", pa.list_(pa.string())), ("who", pa.struct([("name", pa.string()), ("age", pa.int32())]))])
AT = datetime.datetime(2024, 2, 29, 12, 34, 56, 789000)


def visit(number: int, land: str | None) -> dict:
    return {"Id": number, "land": land, "price": Decimal(number) / 4, "at": AT, "tags": ["x", land], "who": {"name": f"n{number}", "age": 30}}


def file_of(visits: list[dict], schema: pa.Schema = VISITS, **options) -> bytes:
    out = io.BytesIO()
    orc.write_table(pa.Table.from_pylist(visits, schema=schema), out, **options)
    return out.getvalue()


@pytest.fixture
def shop(new_server):
    found = Shop(new_server())
    role = crawl_role(found)
    put = lambda name, body: found.admin.s3.put_object(Bucket=LAKE, Key=f"shop/visits/{name}", Body=body)
    put("a.orc", file_of([visit(1, "DE"), visit(2, None)], compression="zlib"))
    put("b.orc", file_of([visit(3, "FR")], pa.schema(list(reversed(VISITS))), compression="zstd"))
    found.glue.create_crawler(Name="visits", Role=role, DatabaseName="shop", Targets={"S3Targets": [{"Path": f"s3://{LAKE}/shop/visits/"}]})
    crawl(found, "visits")
    return found


def test_a_crawler_makes_a_table_of_orc_files(shop):
    table = shop.glue.get_table(DatabaseName="shop", Name="visits")["Table"]
    assert table["Parameters"]["classification"] == "orc"
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
    assert [(one["Name"], one["Type"]) for one in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"), ("land", "string"), ("price", "decimal(8,2)"), ("at", "timestamp"), ("tags", "array<string>"),
        ("who", "struct<name:string,age:int>")]
    shop.grant("visits")
    assert shop.ask("SELECT id, land, price, at, tags, who.name FROM visits ORDER BY id") == [
        ["1", "DE", "0.25", "2024-02-29 12:34:56.789", "[x, DE]", "n1"], ["2", None, "0.50", "2024-02-29 12:34:56.789", "[x, null]", "n2"],
        ["3", "FR", "0.75", "2024-02-29 12:34:56.789", "[x, FR]", "n3"]]


def test_tags_cells_and_revokes_hold_over_orc_files(shop):
    lake = shop.admin.lakeformation
    who, table = {"DataLakePrincipalIdentifier": shop.role}, {"DatabaseName": "shop", "Name": "visits"}
    assert "TABLE_NOT_FOUND" in shop.ask("SELECT id FROM visits") or "not authorized" in shop.ask("SELECT id FROM visits")
    lake.create_lf_tag(TagKey="open", TagValues=["yes"])
    lake.add_lf_tags_to_resource(Resource={"TableWithColumns": {**table, "ColumnNames": ["id", "price"]}},
                                 LFTags=[{"TagKey": "open", "TagValues": ["yes"]}])
    policy = {"LFTagPolicy": {"ResourceType": "TABLE", "Expression": [{"TagKey": "open", "TagValues": ["yes"]}]}}
    lake.grant_permissions(Principal=who, Resource=policy, Permissions=["SELECT"])
    assert shop.ask("SELECT * FROM visits ORDER BY id") == [["1", "0.25"], ["2", "0.50"], ["3", "0.75"]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT land FROM visits")
    lake.revoke_permissions(Principal=who, Resource=policy, Permissions=["SELECT"])
    assert isinstance(shop.ask("SELECT id FROM visits"), str)

    cells = {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "visits", "Name": "french"}
    lake.create_data_cells_filter(TableData={**cells, "RowFilter": {"FilterExpression": "land = 'FR'"}, "ColumnNames": ["id", "who"]})
    lake.grant_permissions(Principal=who, Resource={"DataCellsFilter": cells}, Permissions=["SELECT"])
    assert shop.ask("SELECT id, who.age FROM visits") == [["3", "30"]]
    assert shop.ask("SELECT count(*) FROM visits") == [["1"]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT price FROM visits")
    lake.revoke_permissions(Principal=who, Resource={"DataCellsFilter": cells}, Permissions=["SELECT"])
    assert isinstance(shop.ask("SELECT id FROM visits"), str)


def test_a_table_of_ones_own_is_read_by_place_or_by_name(shop):
    columns = [{"Name": "number", "Type": "bigint"}, {"Name": "country", "Type": "string"}]
    shop.admin.s3.put_object(Bucket=LAKE, Key="shop/mine/a.orc", Body=file_of([visit(1, "DE")]))
    serde = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
    for name, parameters, answer in (("placed", {}, [["1", "DE"]]), ("named", {"orc.column.index.access": "false"}, [[None, None]])):
        shop.glue.create_table(DatabaseName="shop", TableInput={
            "Name": name, "StorageDescriptor": {"Columns": columns, "Location": f"s3://{LAKE}/shop/mine/",
                                                "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters}}})
        shop.grant(name)
        assert shop.ask(f"SELECT number, country FROM {name}") == answer


def test_a_broken_file_fails_its_query_and_says_no_value(shop):
    body = file_of([visit(1, "secret land")], compression="uncompressed")
    shop.admin.s3.put_object(Bucket=LAKE, Key="shop/visits/c.orc", Body=body[:-40] + bytes(40))
    shop.grant("visits")
    said = shop.ask("SELECT * FROM visits")
    assert isinstance(said, str) and "HIVE_BAD_DATA" in said and "visits" in said and "secret" not in said


def test_what_is_written_as_orc_is_read_by_others_and_by_athena(shop):
    admin, results = shop.admin, f"s3://{RESULTS}"
    rows = [["1", "DE", "0.25", "2024-02-29 12:34:56.789"], ["2", None, "0.50", "2024-02-29 12:34:56.789"],
            ["3", "FR", "0.75", "2024-02-29 12:34:56.789"]]
    shop.grant("visits")
    for compression in ("ZLIB", "SNAPPY", "LZ4", "ZSTD", "NONE"):
        assert shop.ask(f"UNLOAD (SELECT id, land, price, at, tags, who FROM visits ORDER BY id) TO '{results}/{compression}/' "
                        f"WITH (format = 'ORC', compression = '{compression}')") == []
        [written] = admin.s3.list_objects_v2(Bucket=RESULTS, Prefix=f"{compression}/")["Contents"]
        body = admin.s3.get_object(Bucket=RESULTS, Key=written["Key"])["Body"].read()
        assert orc.ORCFile(io.BytesIO(body)).compression == {"NONE": "UNCOMPRESSED"}.get(compression, compression)
        found = orc.read_table(io.BytesIO(body)).to_pylist()
        assert found == [{"id": one["Id"], **{key: one[key] for key in ("land", "price", "at", "tags", "who")}}
                         for one in (visit(1, "DE"), visit(2, None), visit(3, "FR"))]
    me = {"DataLakePrincipalIdentifier": admin.sts.get_caller_identity()["Arn"]}
    admin.lakeformation.grant_permissions(Principal=me, Permissions=["SELECT"],
                                          Resource={"Table": {"DatabaseName": "shop", "Name": "visits"}})
    assert shop.ask(f"CREATE TABLE visits_copy WITH (format = 'ORC', external_location = '{results}/copy/') AS SELECT * FROM visits",
                    admin) == []
    assert shop.ask("INSERT INTO visits_copy SELECT * FROM visits WHERE id = 1", admin) == []
    table = shop.glue.get_table(DatabaseName="shop", Name="visits_copy")["Table"]
    assert table["Parameters"]["classification"] == "orc"
    assert shop.ask("SELECT id, land, price, at FROM visits_copy ORDER BY id", admin) == [rows[0], *rows]
