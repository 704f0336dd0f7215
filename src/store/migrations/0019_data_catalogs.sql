-- Athena's data catalogs besides AwsDataCatalog. name: in lower case; definition: the service's own structure as JSON; tags: of a
-- TagResourceInput.
CREATE TABLE data_catalogs (
  account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, tags TEXT NOT NULL,
  PRIMARY KEY (account, region, name));
