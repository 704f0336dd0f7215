-- What a start needs of each table, without reading its definition.
CREATE INDEX catalog_tables_by_place ON catalog_tables (database_id, name, id);
