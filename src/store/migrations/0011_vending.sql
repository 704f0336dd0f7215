-- From a path to the tables that lie there or above it (GetTemporaryDataLocationCredentials).
CREATE INDEX catalog_tables_by_location ON catalog_tables (location);
