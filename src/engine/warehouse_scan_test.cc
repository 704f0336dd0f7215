#include <gmock/gmock.h>

#include "engine/test_warehouse.h"

namespace hanse::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class WarehouseScanTest : public testing::Test {
 protected:
  WarehouseScanTest() : files(objects), tables(files) {
    tables.source = {.database = "shop", .name = "sales", .format = DataFormat::kWarehouse};
    tables.source.files = {{.object = kWarehouseObject}};
    Column("id", "bigint", 20, {BigEndian(std::int64_t{1}), BigEndian(std::int64_t{2}), BigEndian(std::int64_t{3})});
    Column("country", "string", 25, {"DE", std::nullopt, "FR"});
    Column("amount", "decimal(10,2)", 1700, {NumericField(0, 0, 2, {12, 5000}), NumericField(0, 0x4000, 2, {3}), std::nullopt});
    Column("card", "string", 25, {"4000-1", "4000-2", "4000-3"});
    tables.source.visible = {"id", "country", "amount"};
  }
  void Column(const std::string& name, const std::string& hive, unsigned type, std::vector<CopyField> fields) {
    tables.source.columns.push_back({name, hive});
    tables.source.visible.push_back(name);
    tables.rows = fields.size();
    tables.data[name] = {type, std::move(fields)};
  }
  TestAnswer Run(const std::string& sql, Limits limits = {}) { return tables.Run(sql, limits); }
  std::string Text(const std::string& sql) { return Run(sql).Text(); }

  TestObjects objects;
  TestTables files;
  WarehouseTables tables;
};

TEST_F(WarehouseScanTest, OnlyTheColumnsThatAreNeededAreAskedFor) {
  EXPECT_EQ(Text("SELECT * FROM sales ORDER BY id"), "1|DE|12.50\n2|NULL|-3.00\n3|FR|NULL\n");
  EXPECT_EQ(Text("SELECT sum(amount) FROM sales WHERE country IS NOT NULL"), "12.50\n");
  EXPECT_EQ(Text("SELECT count(*) FROM sales"), "3\n");
  EXPECT_THAT(tables.asked,
              ElementsAre(ElementsAre("id", "country", "amount"), testing::UnorderedElementsAre("amount", "country"), IsEmpty()));
}

TEST_F(WarehouseScanTest, TheRulesHoldOverIt) {
  EXPECT_THAT(Text("SELECT card FROM sales"), HasSubstr("COLUMN_NOT_FOUND"));
  EXPECT_THAT(tables.asked, IsEmpty());
  tables.source.row_filter = R"(("card" <> '4000-2'))";
  EXPECT_EQ(Text("SELECT count(*), min(id) FROM sales"), "2|1\n");
  EXPECT_EQ(Text("SELECT id FROM sales WHERE 10 / (id - 2) > 0"), "3\n");  // Row 2, which would fail, is not there.
  tables.source.masks = {{"country", R"(("id" = 3))"}};
  EXPECT_EQ(Text("SELECT id, country FROM sales ORDER BY id"), "1|NULL\n3|FR\n");
  EXPECT_EQ(Text("SELECT count(*) FROM sales WHERE country = 'DE'"), "0\n");
  tables.source.row_filter = R"(("no_such" = 1))";
  EXPECT_THAT(Text("SELECT id FROM sales"), HasSubstr("cannot be read"));
}

TEST_F(WarehouseScanTest, ItJoinsFilesAndItself) {
  files.Add(OrdersTable(objects));
  EXPECT_EQ(Text("SELECT s.id, o.amount FROM sales s JOIN orders o ON o.id = s.id ORDER BY 1"), "1|10.5\n2|20.0\n3|30.25\n");
  EXPECT_EQ(Text("SELECT count(*) FROM sales a CROSS JOIN sales b"), "9\n");
  EXPECT_EQ(Text("SELECT id FROM sales ORDER BY id LIMIT 1"), "1\n");
}

TEST_F(WarehouseScanTest, TypesAreTheCatalogsAndWhatDoesNotFitIsNull) {
  tables.source.columns.clear();
  tables.source.visible.clear();
  const std::string day = BigEndian(std::int32_t{8766}), moment = BigEndian(std::int64_t{757382400123456});
  Column("a", "smallint", 20, {BigEndian(std::int64_t{7}), BigEndian(std::int64_t{70000}), "xx"});
  Column("b", "date", 1082, {day, BigEndian(std::int32_t{0x7fffffff}), BigEndian(std::int32_t{0})});
  Column("c", "timestamp", 1184, {moment, BigEndian(std::int64_t{0x7fffffffffffffff}), BigEndian(std::int64_t{0})});
  Column("d", "int", 25, {"12", "twelve", ""});
  Column("e", "string", 20, {BigEndian(std::int64_t{5}), std::nullopt, BigEndian(std::int64_t{-5})});
  Column("f", "boolean", 16, {std::string(1, '\1'), std::string(1, '\0'), std::string("ab")});
  Column("g", "string", 25, {"ok", "\xff\xfe", "\xc3\xa4"});
  Column("h", "double", 1700, {NumericField(0, 0, 1, {1, 5000}), NumericField(0, 0xc000, 0, {}), "zz"});
  Column("i", "decimal(4,1)", 1700, {NumericField(0, 0, 1, {1, 5000}), NumericField(1, 0, 0, {99, 0}), std::nullopt});
  Column("j", "array<int>", 25, {"{1,2}", "[1,2]", std::nullopt});
  EXPECT_EQ(Text("SELECT a, b, c, d, e, f, g, h, i FROM sales"),
            "7|2024-01-01|2024-01-01 00:00:00.123|12|5|true|ok|1.5|1.5\n"
            "NULL|NULL|NULL|NULL|NULL|false|NULL|NaN|NULL\n"
            "NULL|2000-01-01|2000-01-01 00:00:00.000|NULL|-5|NULL|\xc3\xa4|NULL|NULL\n");
}

TEST_F(WarehouseScanTest, AStreamThatBreaksOffFailsTheQueryAndNothingElse) {
  tables.cut = 60;
  EXPECT_THAT(Text("SELECT id FROM sales"), StartsWith("JDBC_ERROR: the rows of the warehouse broke off"));
  tables.cut = 0;
  tables.how = Fail(ErrorCode::kUnavailable, "the warehouse broke off");
  EXPECT_EQ(Text("SELECT id FROM sales"), "JDBC_ERROR: the warehouse broke off");
  tables.how = {};
  tables.data["id"].type = 4711;
  EXPECT_THAT(Text("SELECT id FROM sales"), StartsWith("JDBC_ERROR"));
  tables.data["id"].type = 20;
  EXPECT_EQ(Text("SELECT id FROM sales WHERE id = 2"), "2\n");
}

TEST_F(WarehouseScanTest, BytesThatComeAreMeteredEachTime) {
  const std::uint64_t once = Run("SELECT id FROM sales").outcome.scanned_bytes;
  EXPECT_EQ(once, 19u + 3 * (2 + 4 + 8) + 2);
  EXPECT_EQ(Run("SELECT a.id FROM sales a, sales b WHERE a.id = b.id").outcome.scanned_bytes, 2 * once);
  EXPECT_THAT(Run("SELECT id FROM sales", {.scanned_bytes_max = once - 1}).Text(), HasSubstr("Bytes scanned limit was exceeded"));
}

}  // namespace
}  // namespace hanse::engine
