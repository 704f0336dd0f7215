#include "query/data_usage.h"

#include <gtest/gtest.h>

#include "store/test_store.h"

namespace hanse::query {
namespace {

constexpr TimeMs kMinute = 60'000, kNow = 1'700'000'000'000;

class DataUsageTest : public testing::Test {
 protected:
  void Limit(std::int64_t minutes, std::int64_t bytes_max) {
    auto tx = store_->BeginWrite().value();
    ASSERT_TRUE(tx->Execute(
        "INSERT INTO data_usage_controls (account, region, workgroup, period_minutes, bytes_max) VALUES ('1', 'r', 'team', ?, ?)",
        {minutes, bytes_max}));
    ASSERT_TRUE(tx->Commit());
  }
  void Scan(std::uint64_t bytes, TimeMs at_ms, const std::string& workgroup = "team") {
    auto tx = store_->BeginWrite().value();
    ASSERT_TRUE(DataUsage::Count(*tx, {"1", "r", workgroup}, bytes, at_ms));
    ASSERT_TRUE(tx->Commit());
  }
  std::optional<std::uint64_t> Left(TimeMs at_ms) {
    auto tx = store_->BeginRead().value();
    return DataUsage::Left(*tx, {"1", "r", "team"}, at_ms).value();
  }
  std::int64_t Rows() { return (*store_->BeginRead())->One("SELECT count(*) FROM data_usage").value().Int(0); }

  store::TestStore store_;
};

TEST_F(DataUsageTest, WhatIsLeftIsThatOfTheNarrowestControl) {
  Scan(40, kNow);
  EXPECT_EQ(Left(kNow), std::nullopt) << "no control";
  Limit(60, 100);
  Limit(1440, 50);
  EXPECT_EQ(Left(kNow), 10u);
  Scan(40, kNow, "others");
  EXPECT_EQ(Left(kNow), 10u);
  Scan(25, kNow + kMinute);
  EXPECT_EQ(Left(kNow + kMinute), 0u);
}

TEST_F(DataUsageTest, WhatIsOlderThanItsPeriodCountsNoMore) {
  Limit(60, 100);
  Scan(70, kNow);
  Scan(20, kNow + 30 * kMinute);
  EXPECT_EQ(Left(kNow + 59 * kMinute), 10u);
  EXPECT_EQ(Left(kNow + 60 * kMinute), 80u);
  EXPECT_EQ(Left(kNow + 91 * kMinute), 100u);
  Scan(1, kNow + (DataUsage::kMinutesKept + 31) * kMinute);
  EXPECT_EQ(Rows(), 1) << "what no period reaches is forgotten";
}

}  // namespace
}  // namespace hanse::query
