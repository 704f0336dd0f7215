"""Delete files of Iceberg tables, which PyIceberg reads but does not write: Parquet by pyarrow, committed as PyIceberg commits."""
import uuid

import pyarrow as pa
import pyarrow.parquet as pq
from pyiceberg.manifest import (DataFile, DataFileContent, FileFormat, ManifestContent, ManifestEntry, ManifestEntryStatus,
                                ManifestWriterV2)
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update.snapshot import _FastAppendFiles
from pyiceberg.typedef import Record

PATH, POSITION = 2147483546, 2147483545  # Field ids that the specification reserves.


def field(name: str, kind: pa.DataType, number: int) -> pa.Field:
    return pa.field(name, kind, metadata={b"PARQUET:field_id": str(number).encode()})


def delete_file(table, content: DataFileContent, columns: pa.Table, partition: tuple = (), equality_ids: list[int] | None = None,
                file_format: FileFormat = FileFormat.PARQUET) -> DataFile:
    path = f"{table.location()}/data/{uuid.uuid4()}.parquet"
    with table.io.new_output(path).create() as out:
        pq.write_table(columns, out)
    return DataFile.from_args(
        _table_format_version=2, content=content, file_path=path, file_format=file_format, partition=Record(*partition),
        record_count=columns.num_rows, file_size_in_bytes=len(table.io.new_input(path)), column_sizes={}, value_counts={},
        null_value_counts={}, nan_value_counts={}, lower_bounds={}, upper_bounds={}, key_metadata=None, split_offsets=None,
        equality_ids=equality_ids, sort_order_id=None)


def positions(table, rows: list[tuple[str, int]], partition: tuple = (), **kind) -> DataFile:
    """Deletes rows by data file and number."""
    schema = pa.schema([field("file_path", pa.string(), PATH), field("pos", pa.int64(), POSITION)])
    columns = [[path for path, _ in sorted(rows)], [number for _, number in sorted(rows)]]
    return delete_file(table, DataFileContent.POSITION_DELETES, pa.table(columns, schema=schema), partition, **kind)


def equal(table, fields: list[pa.Field], rows: list[tuple], partition: tuple = ()) -> DataFile:
    """Deletes the rows that have these values."""
    columns = pa.table([list(column) for column in zip(*rows)], schema=pa.schema(fields))
    ids = [int(one.metadata[b"PARQUET:field_id"]) for one in fields]
    return delete_file(table, DataFileContent.EQUALITY_DELETES, columns, partition, ids)


class DeleteManifest(ManifestWriterV2):
    def content(self) -> ManifestContent:
        return ManifestContent.DELETES

    @property
    def _meta(self) -> dict[str, str]:
        return {**super()._meta, "content": "deletes"}


class Deletes(_FastAppendFiles):
    """A snapshot that adds delete files to what there is."""

    def __init__(self, transaction, io, files: list[DataFile]):
        super().__init__(Operation.OVERWRITE, transaction, io)
        self.files = files

    def _manifests(self):
        place = self._transaction._table.location_provider().new_metadata_location(f"{self.commit_uuid}-deletes.avro")
        spec = self._transaction.table_metadata.spec()
        with DeleteManifest(spec, self.schema(), self._io.new_output(place), self._snapshot_id, "deflate") as writer:
            for file in self.files:
                writer.add(ManifestEntry.from_args(status=ManifestEntryStatus.ADDED, snapshot_id=self._snapshot_id,
                                                   sequence_number=None, file_sequence_number=None, data_file=file))
        return self._existing_manifests() + [writer.to_manifest_file()]


def commit(table, *files: DataFile) -> None:
    with table.transaction() as transaction:
        Deletes(transaction, table.io, list(files)).commit()
    table.refresh()
