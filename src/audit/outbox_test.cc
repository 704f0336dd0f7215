#include "audit/outbox.h"

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <thread>

#include "audit/segment_file.h"
#include "audit/test_folder.h"

namespace hanse::audit {
namespace {

// The rows of an outbox, and nothing else: enough of a store for the mover, which must not see a driver.
class OutboxStore final : public store::Store {
 public:
  Result<std::unique_ptr<store::Transaction>> BeginRead() override { return Begin(); }
  Result<std::unique_ptr<store::Transaction>> BeginWrite() override { return Begin(); }

  std::mutex mutex;
  std::map<std::int64_t, std::string> rows;
  bool deletes_fail = false;

 private:
  class Tx final : public store::Transaction {
   public:
    explicit Tx(OutboxStore& store) : store_(store) {}
    Result<std::vector<store::Row>> Query(std::string_view, std::span<const store::Value> parameters) override {
      std::lock_guard lock(store_.mutex);
      std::vector<store::Row> found;
      for (auto at = store_.rows.upper_bound(std::get<std::int64_t>(parameters[0])); at != store_.rows.end(); ++at) {
        if (static_cast<std::int64_t>(found.size()) < std::get<std::int64_t>(parameters[1])) {
          found.emplace_back(std::vector<store::Value>{at->first, at->second});
        }
      }
      return found;
    }
    Result<std::int64_t> Execute(std::string_view, std::span<const store::Value> parameters) override {
      std::lock_guard lock(store_.mutex);
      if (store_.deletes_fail) return Fail(ErrorCode::kUnavailable, "no");
      std::erase_if(store_.rows, [&](const auto& row) { return row.first <= std::get<std::int64_t>(parameters[0]); });
      return 0;
    }
    Result<void> Commit() override { return {}; }

   private:
    OutboxStore& store_;
  };
  Result<std::unique_ptr<store::Transaction>> Begin() { return std::unique_ptr<store::Transaction>(std::make_unique<Tx>(*this)); }
};

class OutboxTest : public testing::Test {
 protected:
  std::unique_ptr<SegmentJournal> OpenJournal() { return std::move(*SegmentJournal::Open({.folder = folder_.journal()}, clock_)); }
  void Put(std::int64_t id, std::string record) {
    std::lock_guard lock(store_.mutex);
    store_.rows[id] = std::move(record);
  }
  std::vector<std::string> Records() const {
    std::vector<std::string> records;
    (void)ScanSegment(folder_.journal(), 1, [&](const Frame& frame, std::uint64_t) { records.emplace_back(frame.json); });
    return records;
  }

  TestFolder folder_;
  SystemClock clock_;
  OutboxStore store_;
};

TEST_F(OutboxTest, MovesRowsInOrderAndDeletesThem) {
  auto journal = OpenJournal();
  {
    Outbox outbox(store_, *journal);
    for (int i = 0; i < 1200; ++i) Put(i + 1, std::to_string(i));
    journal->OutboxHasRows();
    ASSERT_TRUE(outbox.Flush(10'000).has_value());
    ASSERT_EQ(Records().size(), 1200u);
    EXPECT_EQ(Records()[1199], "1199");
    Put(5000, "\"late\"");
  }
  EXPECT_EQ(Records().back(), "\"late\"");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(OutboxTest, RowsWaitForOthersUntilSomebodyWaitsForThem) {
  auto journal = OpenJournal();
  Outbox outbox(store_, *journal, std::chrono::hours(1));
  Put(1, "\"first\"");
  journal->OutboxHasRows();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  Put(2, "\"second\"");
  journal->OutboxHasRows();
  EXPECT_TRUE(Records().empty());
  for (int i = 3; i < 5; ++i) {
    ASSERT_TRUE(outbox.Flush(10'000).has_value());
    EXPECT_EQ(Records().back(), i == 3 ? "\"second\"" : "\"third\"");
    Put(i, "\"third\"");
    journal->OutboxHasRows();
  }
}

TEST_F(OutboxTest, RowsComeByThemselves) {
  auto journal = OpenJournal();
  Outbox outbox(store_, *journal, std::chrono::milliseconds(1));
  for (std::size_t i = 1; i < 4; ++i) {
    Put(static_cast<std::int64_t>(i), "\"one\"");
    journal->OutboxHasRows();
    while (Records().size() < i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST_F(OutboxTest, WhatACrashLeftBetweenJournalAndDeletionIsMovedOnce) {
  store_.deletes_fail = true;
  {
    auto journal = OpenJournal();
    Outbox outbox(store_, *journal);
    Put(1, "\"a\"");
    Put(2, "\"b\"");
    ASSERT_TRUE(outbox.Flush(10'000).has_value());
  }
  ASSERT_EQ(store_.rows.size(), 2u);
  store_.deletes_fail = false;
  Put(3, "\"c\"");
  {
    auto journal = OpenJournal();
    Outbox outbox(store_, *journal);
    ASSERT_TRUE(outbox.Flush(10'000).has_value());
  }
  EXPECT_THAT(Records(), testing::ElementsAre("\"a\"", "\"b\"", "\"c\""));
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(OutboxTest, ARestoredStoreWithTheSameRowNumbersLosesNothing) {
  Put(1, "\"a\"");
  {
    auto journal = OpenJournal();
    Outbox outbox(store_, *journal);
  }
  Put(1, "\"other\"");
  {
    auto journal = OpenJournal();
    Outbox outbox(store_, *journal);
  }
  EXPECT_THAT(Records(), testing::ElementsAre("\"a\"", "\"other\""));
}

}  // namespace
}  // namespace hanse::audit
