-- Forms of partition values that sort as their types do (catalog/partition_order.h): sorted has all values one after the other,
-- sorted_1 … sorted_4 the later ones alone. '' where there is none; in sorted: a row from before these columns, which is walked to.
ALTER TABLE catalog_partitions ADD COLUMN sorted TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_partitions ADD COLUMN sorted_1 TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_partitions ADD COLUMN sorted_2 TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_partitions ADD COLUMN sorted_3 TEXT NOT NULL DEFAULT '';
ALTER TABLE catalog_partitions ADD COLUMN sorted_4 TEXT NOT NULL DEFAULT '';
CREATE INDEX catalog_partitions_by_sorted ON catalog_partitions (table_id, sorted, values_key) WHERE sorted <> '';
CREATE INDEX catalog_partitions_by_sorted_1 ON catalog_partitions (table_id, sorted_1, values_key) WHERE sorted_1 <> '';
CREATE INDEX catalog_partitions_by_sorted_2 ON catalog_partitions (table_id, sorted_2, values_key) WHERE sorted_2 <> '';
CREATE INDEX catalog_partitions_by_sorted_3 ON catalog_partitions (table_id, sorted_3, values_key) WHERE sorted_3 <> '';
CREATE INDEX catalog_partitions_by_sorted_4 ON catalog_partitions (table_id, sorted_4, values_key) WHERE sorted_4 <> '';
CREATE INDEX catalog_partitions_unsorted ON catalog_partitions (table_id) WHERE sorted = '';
