"""Iceberg tables that PyIceberg wrote through the Glue API, asked through Athena: rows, schema evolution, rules, time travel."""
import datetime
import time

import pytest
from pyiceberg.expressions import EqualTo
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, StringType

from iceberg_shop import ACCOUNT, Shop, rows, sale


@pytest.fixture
def shop(new_server):
    return Shop(new_server())


@pytest.mark.parametrize("version", [1, 2])
def test_rows_of_both_versions_and_of_an_empty_table(shop, version):
    table = shop.table("sales", version=version)
    shop.grant("sales")
    assert shop.ask("SELECT count(*) FROM sales") == [["0"]]
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", None)))
    table.append(rows(sale(3, "DE", 3.0)))
    assert shop.ask("SELECT id, country, amount, sold, tags[1], who.name FROM sales ORDER BY id") == [
        ["1", "DE", "1.5", "2024-02-29 12:00:01.000", "DE", "n1"], ["2", "FR", None, "2024-02-29 12:00:02.000", "FR", "n2"],
        ["3", "DE", "3.0", "2024-02-29 12:00:03.000", "DE", "n3"]]
    assert shop.ask("SELECT count(*), sum(amount) FROM sales WHERE id >= 2 AND country = 'DE'") == [["1", "3.0"]]
    assert shop.ask("SELECT id FROM sales WHERE id > 3") == []


def test_columns_are_followed_through_every_change(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5)))
    with table.update_schema() as change:
        change.rename_column("country", "land")
        change.delete_column("amount")
        change.add_column("amount", StringType())
        change.rename_column(("who", "name"), "called")
    with table.update_schema() as change:
        change.add_column(("who", "name"), LongType())
    assert shop.ask("SELECT id, land, amount, who.called, who.name FROM sales") == [["1", "DE", None, "n1", None]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT country FROM sales")
    old = shop.ask(f"SELECT land, amount FROM sales FOR VERSION AS OF {table.current_snapshot().snapshot_id}")
    assert old == [["DE", None]], "a name that was another column's must not show that one"


def test_rules_hold_and_end_with_the_grant(shop):
    spec = PartitionSpec(PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="country"))
    table = shop.table("sales", spec=spec)
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5), sale(3, "DE", 3.5)))
    assert "does not exist" in shop.ask("SELECT * FROM sales") or "nsufficient" in shop.ask("SELECT * FROM sales")
    lake = shop.admin.lakeformation
    lake.create_data_cells_filter(TableData={
        "TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "german",
        "RowFilter": {"FilterExpression": "country = 'DE' AND amount > 2"}, "ColumnNames": ["id", "country"]})
    cells = {"DataCellsFilter": {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "german"}}
    principal = {"DataLakePrincipalIdentifier": shop.role}
    lake.grant_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert shop.ask("SELECT * FROM sales") == [["3", "DE"]]
    assert shop.ask("SELECT count(*) FROM sales") == [["1"]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT amount FROM sales")
    snapshot = table.current_snapshot().snapshot_id
    table.append(rows(sale(4, "DE", 4.5), sale(5, "DE", 0.5)))
    assert shop.ask("SELECT id FROM sales ORDER BY id") == [["3"], ["4"]]
    assert shop.ask(f"SELECT id FROM sales FOR VERSION AS OF {snapshot}") == [["3"]]
    assert "PERMISSION_DENIED" in shop.ask('SELECT * FROM "sales$files"')
    lake.revoke_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert isinstance(shop.ask("SELECT id FROM sales"), str)


def test_a_table_as_it_was(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5)))
    first = table.current_snapshot()
    time.sleep(0.05)
    table.append(rows(sale(2, "FR", 2.5)))
    table.manage_snapshots().create_tag(first.snapshot_id, "audit").create_branch(first.snapshot_id, "try").commit()
    assert shop.ask(f"SELECT old.id FROM sales FOR VERSION AS OF {first.snapshot_id} AS old") == [["1"]]
    for name in ("audit", "try"):
        assert shop.ask(f"SELECT id FROM sales FOR VERSION AS OF '{name}'") == [["1"]]
    assert shop.ask("SELECT count(*) FROM sales FOR VERSION AS OF 'main'") == [["2"]]
    moment = datetime.datetime.fromtimestamp((first.timestamp_ms + 20) / 1000, datetime.timezone.utc)
    stamp = f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03} UTC'"
    assert shop.ask(f"SELECT id FROM sales FOR TIMESTAMP AS OF {stamp}") == [["1"]]
    assert shop.ask(f"SELECT count(*) FROM sales n JOIN sales FOR TIMESTAMP AS OF {stamp} o ON n.id = o.id") == [["1"]]
    assert shop.ask("SELECT count(*) FROM sales FOR TIMESTAMP AS OF current_timestamp + interval '1' day t") == [["2"]]
    for version in ("VERSION AS OF 1", "VERSION AS OF 'nobody'", "TIMESTAMP AS OF TIMESTAMP '2001-01-01 00:00:00'"):
        assert "no such version" in shop.ask(f"SELECT id FROM sales FOR {version}")


def test_what_the_metadata_says(shop):
    spec = PartitionSpec(PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="country"))
    table = shop.table("sales", spec=spec)
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5)))
    first = table.current_snapshot().snapshot_id
    table.append(rows(sale(3, "DE", 0.5)))
    last = table.current_snapshot().snapshot_id
    assert shop.ask('SELECT snapshot_id, parent_id, operation, summary[\'added-records\'] FROM "sales$snapshots" ORDER BY committed_at'
                    ) == [[str(first), None, "append", "2"], [str(last), str(first), "append", "1"]]
    assert shop.ask('SELECT snapshot_id, is_current_ancestor FROM "sales$history" ORDER BY made_current_at') == [
        [str(first), "true"], [str(last), "true"]]
    assert shop.ask('SELECT name, type, snapshot_id FROM "sales$refs"') == [["main", "BRANCH", str(last)]]
    assert shop.ask('SELECT partition.country, record_count, file_count FROM "sales$partitions" ORDER BY 1') == [
        ["DE", "2", "2"], ["FR", "1", "1"]]
    listed = shop.ask('SELECT content, file_path, record_count, lower_bounds[1], upper_bounds[1] FROM "shop"."sales$files" ORDER BY 4')
    files = sorted((task.file for task in table.scan().plan_files()), key=lambda file: file.lower_bounds[1])
    assert [row[1] for row in listed] == [file.file_path for file in files]
    assert [[row[0], *row[2:]] for row in listed] == [["0", "1", n, n] for n in ("1", "2", "3")]
    assert shop.ask('SELECT added_data_files_count, partition_summaries[1].upper_bound FROM "sales$manifests" ORDER BY 1') == [
        ["1", "DE"], ["2", "FR"]]
    assert "NOT_SUPPORTED" in shop.ask('SELECT * FROM "sales$entries"')
    assert "does not exist" in shop.ask('SELECT * FROM "nothing$files"')


def test_the_metadata_is_for_those_who_see_all(shop):
    table = shop.table("sales")
    table.append(rows(sale(1, "DE", 1.5)))
    kinds = ("files", "history", "manifests", "partitions", "refs", "snapshots")
    for kind in kinds:
        assert isinstance(shop.ask(f'SELECT * FROM "sales${kind}"'), str)
    shop.grant("sales", ["id", "country"])
    for kind in kinds:
        assert "PERMISSION_DENIED" in shop.ask(f'SELECT * FROM "sales${kind}"')
    shop.revoke("sales", ["id", "country"])
    shop.grant("sales")
    for kind in kinds:
        assert len(shop.ask(f'SELECT * FROM "sales${kind}"')) == 1


def test_files_that_cannot_match_are_not_read(shop):
    """By a partition's value and by columns' bounds, of files and of whole manifests."""
    spec = PartitionSpec(PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="country"))
    table = shop.table("sales", spec=spec)
    shop.grant("sales")
    for begin in (0, 20, 40):
        table.append(rows(*(sale(n, country, n / 2) for n in range(begin, begin + 20) for country in ("DE", "FR", "IT"))))
    every, all_bytes = shop.measured("SELECT id, country, amount, sold, tags, who FROM sales")
    assert len(every) == 180
    one, few_bytes = shop.measured("SELECT id, country, amount, sold, tags, who FROM sales WHERE country = 'FR' AND id = 25")
    assert [row[:2] for row in one] == [["25", "FR"]]
    nobody, no_bytes = shop.measured("SELECT id, country, amount, sold, tags, who FROM sales WHERE country = 'XX'")
    assert nobody == []
    sizes = [task.file.file_size_in_bytes for task in table.scan().plan_files()]
    assert len(sizes) == 9 and all_bytes - few_bytes > sum(sizes) / 2, "one data file of nine is read"
    assert few_bytes - no_bytes > min(sizes), "and no manifest of three"
    assert shop.ask("SELECT count(*) FROM sales WHERE country IN ('DE', 'IT') AND (id < 5 OR id BETWEEN 38 AND 41)") == [["18"]]


def test_what_is_not_built_is_refused_by_name(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(2, "FR", 2.5)))
    table.delete(EqualTo("id", 1))
    assert shop.ask("SELECT id FROM sales") == [["2"]]
    assert "NOT_SUPPORTED" in shop.ask("INSERT INTO sales VALUES (1)", shop.admin)


def test_metadata_reaches_no_further_than_the_table(shop):
    """A table's metadata that names files elsewhere is read with the caller's own rights, not with the location's role."""
    secret = shop.table("secret")
    secret.append(rows(sale(7, "DE", 7.5)))
    shop.table("sales")
    shop.grant("sales")
    definition = shop.glue.get_table(DatabaseName="shop", Name="sales")["Table"]
    theirs = shop.glue.get_table(DatabaseName="shop", Name="secret")["Table"]["Parameters"]["metadata_location"]
    keep = ("Name", "StorageDescriptor", "TableType", "Parameters", "PartitionKeys")
    made = {key: definition[key] for key in keep if key in definition}
    made["Parameters"]["metadata_location"] = theirs
    shop.glue.update_table(DatabaseName="shop", TableInput=made)
    said = shop.ask("SELECT id FROM sales")
    assert isinstance(said, str) and "7" not in said.replace("line 1:7", "")
