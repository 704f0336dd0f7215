#include "query/ddl_parse.h"

#include <gtest/gtest.h>

namespace hanse::query {
namespace {

Ddl Parsed(const std::string& sql) {
  auto ddl = ParseDdl(sql);
  EXPECT_TRUE(ddl && *ddl) << sql << ": " << (ddl ? "no statement about the catalog" : ddl.error().message);
  return ddl && *ddl ? **ddl : Ddl{};
}

TEST(DdlParse, NamesAreReadWithTheirQuotes) {
  Ddl drop = Parsed("DROP TABLE IF EXISTS AwsDataCatalog.\"Sales\".`orders`");
  EXPECT_TRUE(drop.tolerant);
  EXPECT_EQ(drop.catalog, "awsdatacatalog");
  EXPECT_EQ(drop.database, "sales");
  EXPECT_EQ(drop.table, "orders");
  EXPECT_TRUE(Parsed("DROP DATABASE shop CASCADE").cascade);
  EXPECT_EQ(Parsed("SHOW TABLES IN shop LIKE 'a*'").pattern, "a*");
  EXPECT_EQ(Parsed("SHOW TABLES 'a*|b'").pattern, "a*|b");
  EXPECT_EQ(Parsed("SHOW FUNCTIONS LIKE 'date%'").verb, DdlVerb::kShowFunctions);
  EXPECT_EQ(Parsed("SHOW FUNCTIONS LIKE 'date%'").pattern, "date%");
  EXPECT_EQ(Parsed("DESCRIBE FORMATTED shop.orders").detail, Detail::kFormatted);
  EXPECT_EQ(Parsed("SHOW COLUMNS IN orders FROM shop").database, "shop");
  EXPECT_EQ(Parsed("SHOW TABLES IN partner.shop").catalog, "partner");
}

TEST(DdlParse, ATableHasAllItsClauses) {
  Ddl ddl = Parsed(R"(CREATE EXTERNAL TABLE IF NOT EXISTS shop.Hand (
      Id INTEGER COMMENT 'it\'s the key', -- why
      tags array<struct<Name:string,size:decimal(10, 2)>>, m map<string,array<int>>)
    COMMENT 'by hand' PARTITIONED BY (day date, hour int) CLUSTERED BY (id) INTO 4 BUCKETS
    ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n' NULL DEFINED AS '-'
    STORED AS TEXTFILE LOCATION 's3://b/hand/' TBLPROPERTIES ('skip.header.line.count'='1', "a"="b");)");
  EXPECT_TRUE(ddl.tolerant);
  EXPECT_EQ(ddl.table, "hand");
  const wire::glue::StorageDescriptor& storage = *ddl.definition.storage_descriptor;
  ASSERT_EQ(storage.columns->size(), 3u);
  EXPECT_EQ(storage.columns->at(0), (wire::glue::Column{.name = "id", .type = "int", .comment = "it's the key"}));
  EXPECT_EQ(storage.columns->at(1).type, "array<struct<name:string,size:decimal(10,2)>>");
  EXPECT_EQ(storage.columns->at(2).type, "map<string,array<int>>");
  EXPECT_EQ(storage.number_of_buckets, 4);
  EXPECT_EQ(storage.serde_info->parameters->at("field.delim"), "\t");
  EXPECT_EQ(storage.serde_info->parameters->at("escape.delim"), "\\");
  EXPECT_EQ(storage.serde_info->parameters->at("serialization.null.format"), "-");
  EXPECT_EQ(storage.location, "s3://b/hand/");
  EXPECT_EQ(ddl.definition.partition_keys->at(1).type, "int");
  EXPECT_EQ(ddl.definition.parameters->at("skip.header.line.count"), "1");
  EXPECT_EQ(ddl.definition.parameters->at("comment"), "by hand");
}

TEST(DdlParse, AFormatNamesItsSerDe) {
  auto serde = [](const std::string& clauses) {
    Ddl ddl = Parsed("CREATE EXTERNAL TABLE t (a int) " + clauses + " LOCATION 's3://b/t/'");
    return *ddl.definition.storage_descriptor->serde_info->serialization_library;
  };
  EXPECT_EQ(serde("STORED AS PARQUET"), "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
  EXPECT_EQ(serde(""), "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe");
  EXPECT_EQ(serde("ROW FORMAT SERDE 'x.Y' WITH SERDEPROPERTIES ('p'='q') STORED AS INPUTFORMAT 'i' OUTPUTFORMAT 'o'"), "x.Y");
}

TEST(DdlParse, TablesAreAltered) {
  EXPECT_EQ(Parsed("ALTER TABLE t ADD COLUMNS (a int, b string)").columns.size(), 2u);
  Ddl change = Parsed("ALTER TABLE t CHANGE COLUMN a b bigint COMMENT 'c' AFTER d");
  EXPECT_EQ(change.column, "a");
  EXPECT_EQ(change.columns[0].name, "b");
  EXPECT_EQ(change.after, "d");
  EXPECT_EQ(Parsed("ALTER TABLE t CHANGE a b int FIRST").after, "");
  EXPECT_EQ(Parsed("ALTER TABLE t SET TBLPROPERTIES ('a'='b')").properties.at("a"), "b");
  Ddl add = Parsed("ALTER TABLE t ADD IF NOT EXISTS PARTITION (day='a', n=-1) LOCATION 's3://b/x/' PARTITION (day='b', n=2)");
  EXPECT_TRUE(add.tolerant);
  ASSERT_EQ(add.partitions.size(), 2u);
  EXPECT_EQ(add.partitions[0].values, (Properties{{"day", "a"}, {"n", "-1"}}));
  EXPECT_EQ(add.partitions[0].location, "s3://b/x/");
  EXPECT_EQ(Parsed("ALTER TABLE t DROP PARTITION (day='a'), PARTITION (day='b')").partitions.size(), 2u);
  EXPECT_EQ(Parsed("ALTER TABLE t PARTITION (day='a') RENAME TO PARTITION (day='b')").verb, DdlVerb::kRenamePartition);
  EXPECT_EQ(Parsed("ALTER TABLE t PARTITION (day='a') SET LOCATION 's3://b/y/'").location, "s3://b/y/");
}

TEST(DdlParse, AViewKeepsItsQueryAsItIsWritten) {
  Ddl view = Parsed("CREATE OR REPLACE VIEW s.v AS\n SELECT 'it''s' AS \"A b\"\n FROM t ; ");
  EXPECT_TRUE(view.replace);
  EXPECT_EQ(view.query, "SELECT 'it''s' AS \"A b\"\n FROM t");
}

TEST(DdlParse, ADefinersViewIsSpeltOut) {
  Ddl view = Parsed("CREATE OR REPLACE PROTECTED MULTI DIALECT VIEW s.v SECURITY DEFINER AS SELECT 1 AS a;");
  EXPECT_EQ(view.verb, DdlVerb::kCreateDefinerView);
  EXPECT_TRUE(view.replace && !view.dry);
  EXPECT_EQ(view.query, "SELECT 1 AS a");
  EXPECT_TRUE(Parsed("CREATE PROTECTED MULTI DIALECT VIEW v SECURITY DEFINER SHOW VIEW JSON AS SELECT 1 AS a").dry);
  view = Parsed("ALTER VIEW v FORCE UPDATE DIALECT AS SELECT 2 AS a");
  EXPECT_EQ(view.action, "REPLACE");
  EXPECT_TRUE(view.force);
  EXPECT_EQ(view.query, "SELECT 2 AS a");
  EXPECT_EQ(Parsed("ALTER VIEW v ADD DIALECT AS SELECT 2 AS a").action, "ADD");
  EXPECT_EQ(Parsed("ALTER VIEW v DROP DIALECT").action, "DROP");
}

TEST(DdlParse, WhatIsBrokenIsRefused) {
  for (const char* sql : {"DROP TABLE", "CREATE DATABASE", "DROP TABLE a.b.c.d", "DESCRIBE (", "SHOW TABLES IN", "CREATE VIEW v AS",
                          "CREATE PROTECTED MULTI DIALECT VIEW v AS SELECT 1 AS a", "ALTER VIEW v RENAME TO w",
                          "ALTER VIEW v DROP DIALECT AS SELECT 1 AS a",
                          "CREATE PROTECTED MULTI DIALECT VIEW v SECURITY INVOKER AS SELECT 1", "MSCK REPAIR TABLE",
                          "ALTER TABLE t ADD COLUMNS (a nothing)", "ALTER TABLE t ADD PARTITION (a=b)", "ALTER TABLE t RENAME TO u",
                          "CREATE EXTERNAL TABLE t (a int)", "CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/' nonsense",
                          "CREATE TABLE t (a int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')",
                          "DROP TABLE t; DROP TABLE u", "CREATE EXTERNAL TABLE t (a array<int) LOCATION 's3://b/'"}) {
    auto ddl = ParseDdl(sql);
    ASSERT_FALSE(ddl) << sql;
    EXPECT_EQ(ddl.error().code, ErrorCode::kInvalidArgument) << sql;
  }
  for (const char* sql : {"", "SELECT 1", "SHOW", "CREATE INDEX i", "GRANT SELECT ON t TO x"}) {
    auto ddl = ParseDdl(sql);
    EXPECT_TRUE(ddl && !*ddl) << sql;
  }
}

TEST(DdlParse, TypesNestOnlySoDeep) {
  auto nested = [](int depth) {
    std::string type = "int";
    for (int i = 0; i < depth; ++i) type = "array<" + type + ">";
    return ParseDdl("ALTER TABLE t ADD COLUMNS (a " + type + ")").has_value();
  };
  EXPECT_TRUE(nested(20));
  EXPECT_FALSE(nested(50'000));
}

}  // namespace
}  // namespace hanse::query
