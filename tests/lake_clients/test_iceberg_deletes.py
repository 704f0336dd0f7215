"""Iceberg's deletes by row, asked through Athena: what is left is what the specification leaves, under every rule."""
import pyarrow as pa
import pytest
from pyiceberg.manifest import FileFormat
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import IdentityTransform
from pyiceberg.types import LongType, NestedField, StringType

from iceberg_deletes import commit, equal, field, positions
from iceberg_shop import ACCOUNT, Shop, rows, sale

ID, COUNTRY = field("id", pa.int64(), 1), field("country", pa.string(), 2)
WIDE = Schema(NestedField(1, "id", LongType()), NestedField(2, "country", StringType()), NestedField(3, "part", LongType()))


@pytest.fixture
def shop(new_server):
    return Shop(new_server())


def files(table) -> list[str]:
    """The data files, oldest first."""
    entries = [entry for manifest in table.current_snapshot().manifests(table.io) if manifest.content == 0
               for entry in manifest.fetch_manifest_entry(table.io)]
    return [entry.data_file.file_path for entry in sorted(entries, key=lambda entry: entry.sequence_number)]


def test_rows_are_gone_by_their_place(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(*(sale(n, "DE" if n % 2 else "FR", n / 2) for n in range(10))))
    table.append(rows(sale(20, "DE", 20.5), sale(21, "FR", 21.5)))
    first, second = files(table)
    commit(table, positions(table, [(first, 0), (first, 7), (second, 1)]), positions(table, [(first, 3)]))
    left = [1, 2, 4, 5, 6, 8, 9, 20]
    assert shop.ask("SELECT id FROM sales ORDER BY id") == [[str(n)] for n in left]
    assert shop.ask("SELECT count(*) FROM sales") == [[str(len(left))]]
    assert shop.ask("SELECT count(*), min(id) FROM sales WHERE country = 'DE' AND id > 1") == [["3", "5"]]
    before = table.snapshots()[1].snapshot_id
    assert shop.ask(f"SELECT count(*) FROM sales FOR VERSION AS OF {before}") == [["12"]]


def test_rows_are_gone_by_their_values_where_they_are_older(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(2, None, 2.5), sale(3, "FR", 3.5)))
    commit(table, equal(table, [ID], [(1,)]), equal(table, [COUNTRY, ID], [(None, 2), ("DE", 3)]))
    assert shop.ask("SELECT id FROM sales") == [["3"]]
    table.append(rows(sale(1, "IT", 4.5)))
    assert shop.ask("SELECT id, country FROM sales ORDER BY id") == [["1", "IT"], ["3", "FR"]]
    with table.update_schema() as change:
        change.delete_column("country")
    commit(table, equal(table, [COUNTRY], [("FR",)]))
    assert shop.ask("SELECT id FROM sales") == [["1"]], "a delete by a column that was dropped since"


def test_deletes_keep_to_their_partition(shop):
    spec = PartitionSpec(PartitionField(source_id=2, field_id=1000, transform=IdentityTransform(), name="country"))
    table = shop.table("sales", spec=spec)
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5), sale(1, "FR", 2.5)))
    commit(table, equal(table, [ID], [(1,)], ("DE",)))
    assert shop.ask("SELECT id, country FROM sales") == [["1", "FR"]]
    french = next(file for file in files(table) if "FR" in file)
    commit(table, positions(table, [(french, 0)], ("DE",)))
    assert shop.ask("SELECT count(*) FROM sales") == [["1"]]
    commit(table, positions(table, [(french, 0)], ("FR",)))
    assert shop.ask("SELECT count(*) FROM sales") == [["0"]]


def test_deletes_and_rules_together(shop):
    """A delete by a column that the caller does not see; a row filter and hidden columns over what is left."""
    table = shop.table("sales")
    table.append(rows(*(sale(n, "DE" if n < 6 else "FR", float(n)) for n in range(1, 10))))
    (only,) = files(table)
    commit(table, equal(table, [COUNTRY, ID], [("DE", 2), ("FR", 3), ("FR", 8)]), positions(table, [(only, 4)]))
    lake = shop.admin.lakeformation
    lake.create_data_cells_filter(TableData={
        "TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "some",
        "RowFilter": {"FilterExpression": "amount > 1"}, "ColumnNames": ["id"]})
    cells = {"DataCellsFilter": {"TableCatalogId": ACCOUNT, "DatabaseName": "shop", "TableName": "sales", "Name": "some"}}
    principal = {"DataLakePrincipalIdentifier": shop.role}
    lake.grant_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert shop.ask("SELECT * FROM sales ORDER BY id") == [["3"], ["4"], ["6"], ["7"], ["9"]]
    assert shop.ask("SELECT count(*) FROM sales") == [["5"]]
    assert "COLUMN_NOT_FOUND" in shop.ask("SELECT country FROM sales")
    lake.revoke_permissions(Principal=principal, Resource=cells, Permissions=["SELECT"])
    assert isinstance(shop.ask("SELECT id FROM sales"), str)


def test_many_rows_over_row_groups(shop):
    table = shop.table("wide", WIDE)
    shop.grant("wide")
    with table.transaction() as change:
        change.set_properties({"write.parquet.row-group-limit": "3000"})
    held = [(n, f"c{n % 7}", n // 100) for n in range(20_000)]
    table.append(rows(*held, schema=WIDE))
    (only,) = files(table)
    gone = {n for n in range(0, 20_000, 3)} | set(range(6_000, 9_500))
    commit(table, positions(table, [(only, n) for n in gone]),
           equal(table, [COUNTRY, field("part", pa.int64(), 3)], [("c3", part) for part in range(50, 120)]))
    left = [row for n, row in enumerate(held) if n not in gone and not (row[1] == "c3" and 50 <= row[2] < 120)]
    assert shop.ask("SELECT count(*), sum(id) FROM wide") == [[str(len(left)), str(sum(row[0] for row in left))]]
    few = [row for row in left if 5_900 < row[0] < 12_100 and row[1] in ("c3", "c5")]
    assert shop.ask("SELECT count(*), sum(id) FROM wide WHERE id > 5900 AND id < 12100 AND country IN ('c3', 'c5')") == [
        [str(len(few)), str(sum(row[0] for row in few))]]
    last = sorted(left, reverse=True)[:4]
    assert shop.ask("SELECT id, country, part FROM wide ORDER BY id DESC LIMIT 4") == [[str(cell) for cell in row] for row in last]
    assert shop.ask("SELECT count(*) FROM wide a JOIN wide b ON a.id = b.id WHERE b.part = 60") == [
        [str(sum(row[2] == 60 for row in left))]]


def test_deletion_vectors_are_refused_by_name(shop):
    table = shop.table("sales")
    shop.grant("sales")
    table.append(rows(sale(1, "DE", 1.5)))
    commit(table, positions(table, [(files(table)[0], 0)], file_format=FileFormat.PUFFIN))
    assert "deletion vectors" in shop.ask("SELECT id FROM sales")
