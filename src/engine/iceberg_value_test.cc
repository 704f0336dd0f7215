#include "engine/iceberg_value.h"

#include <gtest/gtest.h>

#include "engine/iceberg_condition.h"

namespace hanse::engine {
namespace {

using duckdb::ExpressionType;
using duckdb::LogicalType;
using duckdb::Value;

Value Of(const std::string& text, const LogicalType& type) { return Value(text).DefaultCastAs(type); }

std::string Bytes(std::int64_t value, std::size_t size) { return {reinterpret_cast<const char*>(&value), size}; }

std::string Applied(IcebergTransform transform, std::int32_t width, const Value& value) {
  auto result = ApplyIcebergTransform({"", 1, transform, width}, value);
  return result ? result->ToString() : "unknown";
}

// "Appendix B: 32-bit Hash Requirements" of the specification; the hash without its sign.
TEST(IcebergValue, BucketsAreThoseOfTheSpecification) {
  auto hash = [](const Value& value) { return Applied(IcebergTransform::kBucket, INT32_MAX, value); };
  EXPECT_EQ(hash(Value::INTEGER(34)), "2017239379");
  EXPECT_EQ(hash(Value::BIGINT(34)), "2017239379");
  EXPECT_EQ(hash(Of("14.20", LogicalType::DECIMAL(9, 2))), "1646729059");
  EXPECT_EQ(hash(Of("2017-11-16", LogicalType::DATE)), "1494153226");
  EXPECT_EQ(hash(Of("2017-11-16 22:31:08", LogicalType::TIMESTAMP)), "99539207");
  EXPECT_EQ(hash(Value("iceberg")), "1210000089");
  EXPECT_EQ(hash(Value::BLOB_RAW(std::string("\0\1\2\3", 4))), "1958800441");
  EXPECT_EQ(hash(Value::DOUBLE(1)), "unknown");
}

TEST(IcebergValue, Transforms) {
  EXPECT_EQ(Applied(IcebergTransform::kTruncate, 10, Value::INTEGER(-1)), "-10");
  EXPECT_EQ(Applied(IcebergTransform::kTruncate, 10, Value::BIGINT(19)), "10");
  EXPECT_EQ(Applied(IcebergTransform::kTruncate, 2, Value("äöü")), "äö");
  EXPECT_EQ(Applied(IcebergTransform::kTruncate, 10, Value::BIGINT(INT64_MIN)), "unknown");
  const Value moment = Of("1969-12-31 23:30:00", LogicalType::TIMESTAMP), day = Of("2024-02-29", LogicalType::DATE);
  EXPECT_EQ(Applied(IcebergTransform::kYear, 0, moment), "-1");
  EXPECT_EQ(Applied(IcebergTransform::kMonth, 0, moment), "-1");
  EXPECT_EQ(Applied(IcebergTransform::kDay, 0, moment), "1969-12-31");
  EXPECT_EQ(Applied(IcebergTransform::kHour, 0, moment), "-1");
  EXPECT_EQ(Applied(IcebergTransform::kMonth, 0, day), "649");
  EXPECT_EQ(Applied(IcebergTransform::kHour, 0, day), "unknown");
  EXPECT_EQ(Applied(IcebergTransform::kYear, 0, Of("infinity", LogicalType::TIMESTAMP)), "unknown");
}

TEST(IcebergValue, SingleValues) {
  auto read = [](const std::string& bytes, const LogicalType& type) {
    auto value = IcebergSingleValue(bytes, type);
    return value ? value->ToString() : "none";
  };
  EXPECT_EQ(read(Bytes(-2, 4), LogicalType::BIGINT), "-2");
  EXPECT_EQ(read(Bytes(7, 3), LogicalType::BIGINT), "none");
  EXPECT_EQ(read(std::string("\xfb\x2e", 2), LogicalType::DECIMAL(9, 2)), "-12.34");
  EXPECT_EQ(read(std::string("\x05\x8c", 2), LogicalType::DECIMAL(30, 2)), "14.20");
  EXPECT_EQ(read(std::string(16, '\x7f'), LogicalType::DECIMAL(9, 2)), "none");
  EXPECT_EQ(read(std::string(17, '\0'), LogicalType::DECIMAL(30, 2)), "none");
  EXPECT_EQ(read("\xff", LogicalType::VARCHAR), "none");
  EXPECT_EQ(read(std::string(16, '\x11'), LogicalType::UUID), "11111111-1111-1111-1111-111111111111");
}

TEST(IcebergValue, PartitionsAreEqualAsTheirValuesAre) {
  EXPECT_EQ(IcebergPartitionKey({std::int64_t{1}, std::string("a")}), IcebergPartitionKey({std::int64_t{1}, std::string("a")}));
  EXPECT_NE(IcebergPartitionKey({std::string("a"), std::string("bc")}), IcebergPartitionKey({std::string("ab"), std::string("c")}));
  EXPECT_NE(IcebergPartitionKey({std::monostate()}), IcebergPartitionKey({std::string()}));
}

// One column, 1, under one transform.
class Pruning : public testing::Test {
 protected:
  void Under(IcebergTransform transform, std::int32_t width = 0) { table_.specs[0] = {{"p", 1, transform, width}}; }
  bool FileMayHold(IcebergPartitionValue partition, ExpressionType comparison, const Value& constant) {
    IcebergFile file;
    file.partition = {std::move(partition)};
    return MayHold({comparison, 1, constant, {}}, file, table_);
  }
  bool ManifestMayHold(const std::string& lower, const std::string& upper, ExpressionType comparison, const Value& constant) {
    IcebergManifest manifest;
    manifest.partitions = {{false, false, lower, upper}};
    return MayHold({comparison, 1, constant, {}}, manifest, table_);
  }
  static constexpr ExpressionType kEqual = ExpressionType::COMPARE_EQUAL, kLess = ExpressionType::COMPARE_LESSTHAN,
                                  kMore = ExpressionType::COMPARE_GREATERTHAN;
  IcebergMetadata table_;
};

TEST_F(Pruning, ByTheValueItself) {
  Under(IcebergTransform::kIdentity);
  EXPECT_TRUE(FileMayHold(std::string("DE"), kEqual, Value("DE")));
  EXPECT_FALSE(FileMayHold(std::string("DE"), kEqual, Value("FR")));
  EXPECT_FALSE(FileMayHold(std::string("DE"), kLess, Value("DE")));
  EXPECT_FALSE(FileMayHold(std::monostate(), kEqual, Value("DE"))) << "no comparison holds for NULL";
  EXPECT_TRUE(ManifestMayHold("A", "F", kEqual, Value("DE")));
  EXPECT_FALSE(ManifestMayHold("E", "F", kEqual, Value("DE")));
}

TEST_F(Pruning, ByItsBucket) {
  Under(IcebergTransform::kBucket, 16);  // 34 lies in bucket 3.
  EXPECT_TRUE(FileMayHold(std::int64_t{3}, kEqual, Value::BIGINT(34)));
  EXPECT_FALSE(FileMayHold(std::int64_t{4}, kEqual, Value::BIGINT(34)));
  EXPECT_TRUE(FileMayHold(std::int64_t{4}, kLess, Value::BIGINT(34))) << "buckets keep no order";
}

TEST_F(Pruning, ByWhatKeepsTheOrder) {
  Under(IcebergTransform::kTruncate, 10);
  EXPECT_TRUE(FileMayHold(std::int64_t{10}, kMore, Value::BIGINT(19))) << "never strictly";
  EXPECT_FALSE(FileMayHold(std::int64_t{10}, kMore, Value::BIGINT(20)));
  EXPECT_FALSE(FileMayHold(std::int64_t{20}, kLess, Value::BIGINT(19)));
  Under(IcebergTransform::kDay);
  const Value noon = Of("1970-01-02 12:00:00", LogicalType::TIMESTAMP);
  EXPECT_TRUE(FileMayHold(std::int64_t{1}, kEqual, noon));
  EXPECT_TRUE(FileMayHold(std::int64_t{1}, kLess, noon));
  EXPECT_FALSE(FileMayHold(std::int64_t{2}, kLess, noon));
  EXPECT_FALSE(ManifestMayHold(Bytes(2, 4), Bytes(9, 4), kLess, noon));
  EXPECT_TRUE(ManifestMayHold(Bytes(1, 4), Bytes(9, 4), kLess, noon));
}

TEST_F(Pruning, WhatIsNotKnownIsKept) {
  for (auto transform : {IcebergTransform::kUnknown, IcebergTransform::kVoid}) {
    Under(transform);
    EXPECT_TRUE(FileMayHold(std::monostate(), kEqual, Value::BIGINT(1)));
    EXPECT_TRUE(FileMayHold(std::int64_t{9}, kEqual, Value::BIGINT(1)));
  }
}

TEST_F(Pruning, AndOr) {
  Under(IcebergTransform::kIdentity);
  IcebergFile file;
  file.partition = {std::int64_t{5}};
  file.bounds[2] = {Bytes(10, 8), Bytes(20, 8)};
  const IcebergCondition yes{kEqual, 1, Value::BIGINT(5), {}}, no{kMore, 2, Value::BIGINT(20), {}};
  EXPECT_FALSE(MayHold({ExpressionType::CONJUNCTION_AND, 0, Value(), {yes, no}}, file, table_));
  EXPECT_TRUE(MayHold({ExpressionType::CONJUNCTION_OR, 0, Value(), {yes, no}}, file, table_));
  EXPECT_FALSE(MayHold({ExpressionType::CONJUNCTION_OR, 0, Value(), {no, no}}, file, table_));
}

}  // namespace
}  // namespace hanse::engine
