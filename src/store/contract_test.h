#pragma once
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/directory.h"
#include "store/history.h"
#include "store/store.h"
#include "store/tables_by_id.h"

// What every driver of the store must do, run by each driver's test. A driver gives a Database:
//   struct Database { Result<std::unique_ptr<Store>> Open(); std::string Missing() const; Result<void> KeepHistory(Store&); };
// Open() may be called again once the store before it is gone, or from a child process; Missing() says why it cannot run here.
namespace hanse::store {

template <class Database>
class StoreContract : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!database_.Missing().empty()) GTEST_SKIP() << database_.Missing();
    Reopen();
    ASSERT_TRUE(Migrate(*store_).has_value());
    auto tx = Write();
    Must(tx->Execute("CREATE TABLE notes (id BIGINT PRIMARY KEY, name TEXT, body TEXT, score DOUBLE PRECISION, size BIGINT)"));
    Must(tx->Execute("CREATE UNIQUE INDEX notes_by_name ON notes (name)"));
    Must(tx->Commit());
  }

  void Reopen() {
    store_.reset();
    auto opened = database_.Open();
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
  }

  template <class T>
  static auto Must(Result<T> result) {
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    if (!result) throw std::runtime_error(result.error().message);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  template <class T>
  static ErrorCode CodeOf(const Result<T>& result) {
    EXPECT_FALSE(result.has_value());
    return result ? ErrorCode::kUnsupported : result.error().code;
  }

  std::unique_ptr<Transaction> Write() { return Must(store_->BeginWrite()); }
  std::unique_ptr<Transaction> Read() { return Must(store_->BeginRead()); }
  void Put(std::int64_t id, std::string name) {
    auto tx = Write();
    Must(tx->Execute("INSERT INTO notes (id, name) VALUES (?, ?)", {id, std::move(name)}));
    Must(tx->Commit());
  }
  static std::int64_t Count(Transaction& tx) { return Must(tx.One("SELECT count(*) FROM notes")).Int(0); }

  Database database_;
  std::unique_ptr<Store> store_;
};

TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, MigratesAgainWithoutChange) {
  this->Put(1, "a");
  ASSERT_TRUE(Migrate(*this->store_).has_value());
  EXPECT_EQ(this->Count(*this->Read()), 1);
}

TYPED_TEST_P(StoreContract, RefusesWhatANewerProgramWrote) {
  auto tx = this->Write();
  this->Must(tx->Execute("INSERT INTO migrations (number, name) VALUES (9999, 'later')"));
  this->Must(tx->Commit());
  EXPECT_EQ(this->CodeOf(Migrate(*this->store_)), ErrorCode::kConflict);
}

TYPED_TEST_P(StoreContract, AWriterReadsItsOwnWritesAndOthersDoNotUntilCommit) {
  auto tx = this->Write();
  this->Must(tx->Execute("INSERT INTO notes (id, name) VALUES (1, 'a')"));
  EXPECT_EQ(this->Count(*tx), 1);
  EXPECT_EQ(this->Count(*this->Read()), 0);
  this->Must(tx->Commit());
  EXPECT_EQ(this->Count(*this->Read()), 1);
}

TYPED_TEST_P(StoreContract, AReadersSnapshotStays) {
  auto reader = this->Read();
  EXPECT_EQ(this->Count(*reader), 0);
  this->Put(1, "a");
  EXPECT_EQ(this->Count(*reader), 0);
  EXPECT_EQ(this->Count(*this->Read()), 1);
}

TYPED_TEST_P(StoreContract, AReaderCannotWrite) {
  auto reader = this->Read();
  EXPECT_FALSE(reader->Execute("INSERT INTO notes (id, name) VALUES (1, 'a')").has_value());
  EXPECT_EQ(this->Count(*this->Read()), 0);
}

TYPED_TEST_P(StoreContract, WithoutCommitNothingStays) {
  {
    auto tx = this->Write();
    this->Must(tx->Execute("INSERT INTO notes (id, name) VALUES (1, 'a')"));
  }
  EXPECT_EQ(this->Count(*this->Read()), 0);
}

TYPED_TEST_P(StoreContract, AUniqueKeyConflictsAndTheTransactionGoesOn) {
  this->Put(1, "a");
  auto tx = this->Write();
  EXPECT_EQ(this->CodeOf(tx->Execute("INSERT INTO notes (id, name) VALUES (2, 'a')")), ErrorCode::kConflict);
  EXPECT_EQ(this->CodeOf(tx->Execute("INSERT INTO notes (id, name) VALUES (1, 'b')")), ErrorCode::kConflict);
  this->Must(tx->Execute("INSERT INTO notes (id, name) VALUES (3, 'c')"));
  this->Must(tx->Commit());
  EXPECT_EQ(this->Count(*this->Read()), 2);
}

TYPED_TEST_P(StoreContract, ABrokenStatementIsOurMistakeAndSaysNothingToCallers) {
  auto tx = this->Write();
  auto broken = tx->Execute("INSERT INTO no_such_table (id) VALUES (1)");
  EXPECT_EQ(this->CodeOf(broken), ErrorCode::kInternal);
  EXPECT_EQ(broken.error().message.find("no_such_table"), std::string::npos);
  EXPECT_EQ(this->CodeOf(tx->Execute("DELETE FROM notes WHERE id = ?")), ErrorCode::kInternal);
}

TYPED_TEST_P(StoreContract, AfterItsEndATransactionDoesNothing) {
  auto tx = this->Write();
  this->Must(tx->Commit());
  EXPECT_EQ(this->CodeOf(tx->Execute("INSERT INTO notes (id, name) VALUES (1, 'a')")), ErrorCode::kInternal);
  EXPECT_EQ(this->CodeOf(tx->Commit()), ErrorCode::kInternal);
  EXPECT_EQ(this->Count(*this->Read()), 0);
}

TYPED_TEST_P(StoreContract, WhatHangsOnAThingDiesWithIt) {
  auto tx = this->Write();
  Id database = this->Must(NewThing(*tx, "database"));
  Id table = this->Must(NewThing(*tx, "table"));
  this->Must(
      tx->Execute("INSERT INTO catalog_databases (id, account, region, name, location, target_account, target_database, "
                  "target_region, definition) VALUES (?, '1', 'r', 'd', '', '', '', '', '{}')",
                  {database}));
  this->Must(
      tx->Execute("INSERT INTO catalog_tables (id, database_id, account, region, database_name, name, location, columns, keys, "
                  "target_account, target_database, target_table, target_region, version, definition) "
                  "VALUES (?, ?, '1', 'r', 'd', 't', '', 'a\nb', '', '', '', '', '', 0, '{}')",
                  {table, database}));
  ASSERT_EQ(this->Must(FindTable(*tx, database, "T"))->columns.size(), 2u);
  this->Must(DeleteThing(*tx, database));
  EXPECT_FALSE(this->Must(FindTableById(*tx, table)).has_value());
  EXPECT_EQ(this->CodeOf(tx->Execute("INSERT INTO catalog_tables (id, database_id, account, region, database_name, name, location, "
                                     "columns, keys, target_account, target_database, target_table, target_region, version, "
                                     "definition) VALUES (?, ?, '1', 'r', 'd', 'u', '', '', '', '', '', '', '', 0, '{}')",
                                     {table, database})),
            ErrorCode::kConflict);
}

TYPED_TEST_P(StoreContract, ManyTablesAreFoundAtOnceInTheOrderOfTheirIds) {
  auto tx = this->Write();
  Id database = this->Must(NewThing(*tx, "database"));
  this->Must(
      tx->Execute("INSERT INTO catalog_databases (id, account, region, name, location, target_account, target_database, "
                  "target_region, definition) VALUES (?, '1', 'r', 'd', '', '', '', '', '{}')",
                  {database}));
  std::vector<Id> ids;
  for (int i = 0; i < 70; ++i) {
    ids.push_back(this->Must(NewThing(*tx, "table")));
    if (i % 7 == 3) continue;
    this->Must(
        tx->Execute("INSERT INTO catalog_tables (id, database_id, account, region, database_name, name, location, columns, keys, "
                    "target_account, target_database, target_table, target_region, version, definition) "
                    "VALUES (?, ?, '1', 'r', 'd', ?, '', 'a\nb', '', '', '', '', '', 0, '{}')",
                    {ids.back(), database, "t" + std::to_string(i)}));
  }
  std::swap(ids[0], ids[69]);
  for (const std::size_t count : {0u, 1u, 32u, 33u, 70u}) {
    auto found = this->Must(FindTablesById(*tx, std::span(ids).first(count)));
    ASSERT_EQ(found.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(found[i].has_value(), i % 7 != 3) << i;
      if (!found[i]) continue;
      EXPECT_EQ(found[i]->id, ids[i]);
      EXPECT_EQ(found[i]->columns, (std::vector<std::string>{"a", "b"}));
    }
  }
}

TYPED_TEST_P(StoreContract, ValuesComeBackAsTheyWere) {
  std::string text = "O'Brien ? $1 \"q\" \\ \n\t ünïcödé 🜁 ";
  std::string big;
  while (big.size() < 3'000'000) big += text;
  auto tx = this->Write();
  constexpr std::string_view kInsert = "INSERT INTO notes (id, body, score, size) VALUES (?, ?, ?, ?)";
  this->Must(tx->Execute(kInsert, {std::int64_t{1}, text, 0.1, INT64_MAX}));
  this->Must(tx->Execute(kInsert, {INT64_MIN, big, -1e300, std::monostate()}));
  this->Must(tx->Execute(kInsert, {std::int64_t{2}, std::string(), 3.0, std::int64_t{0}}));
  this->Must(tx->Commit());
  auto rows = this->Must(this->Read()->Query("SELECT id, body, score, size FROM notes ORDER BY id"));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].Int(0), INT64_MIN);
  EXPECT_EQ(rows[0].Text(1), big);
  EXPECT_EQ(rows[0].Double(2), -1e300);
  EXPECT_TRUE(rows[0].null(3));
  EXPECT_EQ(rows[1].Text(1), text);
  EXPECT_EQ(rows[1].Double(2), 0.1);
  EXPECT_EQ(rows[1].Int(3), INT64_MAX);
  EXPECT_FALSE(rows[2].null(1));
  EXPECT_EQ(rows[2].Text(1), "");
  EXPECT_EQ(rows[2].Double(2), 3.0);
}

TYPED_TEST_P(StoreContract, QuestionMarksInTextsAndCommentsAreNoParameters) {
  auto tx = this->Write();
  Row row = this->Must(tx->One("SELECT 'what?', ? /* why? */, 'it''s ?' -- when?\n", {std::string("x")}));
  EXPECT_EQ(row.Text(0), "what?");
  EXPECT_EQ(row.Text(1), "x");
  EXPECT_EQ(row.Text(2), "it's ?");
}

TYPED_TEST_P(StoreContract, CountsWhatItChangedAndSums) {
  this->Put(1, "a");
  this->Put(2, "b");
  auto tx = this->Write();
  EXPECT_EQ(this->Must(tx->Execute("UPDATE notes SET size = 5")), 2);
  EXPECT_EQ(this->Must(tx->Execute("UPDATE notes SET size = 6 WHERE id = 7")), 0);
  EXPECT_EQ(this->Must(tx->One("SELECT sum(size) FROM notes")).Int(0), 10);
  EXPECT_EQ(this->Must(tx->One("SELECT max(size) FROM notes WHERE id > 100")).Int(0), 0);
  auto returned = this->Must(tx->Query("DELETE FROM notes WHERE id >= ? RETURNING name", {std::int64_t{1}}));
  EXPECT_EQ(returned.size(), 2u);
}

TYPED_TEST_P(StoreContract, AnUpsertReplaces) {
  auto tx = this->Write();
  for (std::int64_t size : {1, 2}) {
    this->Must(
        tx->Execute("INSERT INTO notes (id, name, size) VALUES (?, 'a', ?) ON CONFLICT (id) DO UPDATE SET size = excluded.size",
                    {std::int64_t{1}, size}));
  }
  EXPECT_EQ(this->Must(tx->One("SELECT size FROM notes WHERE id = 1")).Int(0), 2);
}

TYPED_TEST_P(StoreContract, NamesAreOrderedByTheirBytes) {
  auto tx = this->Write();
  for (std::string name : {"b", "B", "a_", "a", "ä", "A", "a-"}) {
    this->Must(tx->Execute("INSERT INTO notes (id, name) VALUES (?, ?)", {this->Must(tx->NewId()), name}));
  }
  std::vector<std::string> names;
  auto rows = this->Must(tx->Query("SELECT name FROM notes ORDER BY name LIMIT ? OFFSET ?", {std::int64_t{10}, std::int64_t{0}}));
  for (const Row& row : rows) names.push_back(row.Text(0));
  EXPECT_EQ(names, (std::vector<std::string>{"A", "B", "a", "a-", "a_", "b", "ä"}));
  EXPECT_EQ(this->Must(tx->Query("SELECT name FROM notes WHERE name LIKE ?", {std::string("a%")})).size(), 3u);
}

TYPED_TEST_P(StoreContract, IdsAreNeverReused) {
  std::set<Id> ids;
  for (int i = 0; i < 3; ++i) {
    auto tx = this->Write();
    Id id = this->Must(NewThing(*tx, "x"));
    EXPECT_TRUE(ids.insert(id).second);
    this->Must(DeleteThing(*tx, id));
    this->Must(tx->Commit());
    this->Reopen();
  }
}

TYPED_TEST_P(StoreContract, WritersTakeTurnsAndNoneIsLost) {
  this->Put(0, "counter");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        auto tx = this->Write();
        std::int64_t size = this->Must(tx->One("SELECT size FROM notes WHERE id = 0")).Int(0);
        this->Must(tx->Execute("UPDATE notes SET size = ? WHERE id = 0", {size + 1}));
        this->Must(tx->Commit());
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(this->Must(this->Read()->One("SELECT size FROM notes WHERE id = 0")).Int(0), 100);
}

TYPED_TEST_P(StoreContract, ReadersNeverSeeHalfAChange) {
  this->Put(1, "a");
  this->Put(2, "b");
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (std::int64_t i = 0; i < 50; ++i) {
      auto tx = this->Write();
      this->Must(tx->Execute("UPDATE notes SET size = ? WHERE id = 1", {i}));
      this->Must(tx->Execute("UPDATE notes SET size = ? WHERE id = 2", {-i}));
      this->Must(tx->Commit());
    }
    done = true;
  });
  while (!done) {
    auto tx = this->Read();
    std::int64_t first = this->Must(tx->One("SELECT size FROM notes WHERE id = 1")).Int(0);
    EXPECT_EQ(this->Must(tx->One("SELECT size FROM notes WHERE id = 2")).Int(0), -first);
  }
  writer.join();
}

// What is recalled is what a query would answer: after a commit, before one, in a writer, and where rows die with their thing.
TYPED_TEST_P(StoreContract, WhatIsRecalledIsAsFreshAsWhatIsRead) {
  constexpr std::string_view kSize = "SELECT size FROM notes WHERE id = ?";
  this->Put(1, "a");
  auto recalled = [&](Transaction& tx) { return this->Must(tx.RecallMaybe(kSize, {std::int64_t{1}}))->Int(0); };
  auto set = [&](Transaction& tx, std::int64_t size) { this->Must(tx.Execute("UPDATE notes SET size = ? WHERE id = 1", {size})); };
  {
    auto tx = this->Write();
    set(*tx, 5);
    this->Must(tx->Commit());
  }
  auto before = this->Read();
  EXPECT_EQ(recalled(*before), 5);
  EXPECT_EQ(recalled(*this->Read()), 5);
  {
    auto tx = this->Write();
    EXPECT_EQ(recalled(*tx), 5);
    set(*tx, 6);
    EXPECT_EQ(recalled(*tx), 6) << "a writer reads its own writes";
    EXPECT_EQ(recalled(*this->Read()), 5) << "others do not until it commits";
  }
  EXPECT_EQ(recalled(*this->Read()), 5) << "it did not commit";
  {
    auto tx = this->Write();
    set(*tx, 7);
    this->Must(tx->Commit());
  }
  EXPECT_EQ(recalled(*this->Read()), 7);
  EXPECT_EQ(recalled(*before), 5) << "a reader's snapshot stays";
  {
    auto tx = this->Write();
    this->Must(tx->Execute("DELETE FROM notes"));
    this->Must(tx->Commit());
  }
  EXPECT_EQ(this->Must(this->Read()->RecallMaybe(kSize, {std::int64_t{1}})), nullptr);
}

TYPED_TEST_P(StoreContract, WhatDiedWithItsThingIsNotRecalled) {
  std::int64_t id = 0;
  {
    auto tx = this->Write();
    id = this->Must(NewThing(*tx, "table"));
    this->Must(
        tx->Execute("INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, "
                    "definition) VALUES (?, '1', 'user', 'n', 'n', '/', 'arn', 'u', 0, '', '')",
                    {id}));
    this->Must(tx->Commit());
  }
  auto found = [&] { return this->Must(FindPrincipalById(*this->Read(), id)).has_value(); };
  EXPECT_TRUE(found());
  EXPECT_TRUE(found());
  {
    auto tx = this->Write();
    this->Must(DeleteThing(*tx, id));
    EXPECT_FALSE(this->Must(FindPrincipalById(*tx, id)).has_value());
    this->Must(tx->Commit());
  }
  EXPECT_FALSE(found());
}

TYPED_TEST_P(StoreContract, WhatIsRecalledAndWhatIsReadAreOfOneMoment) {
  this->Put(1, "a");
  this->Put(2, "b");
  std::atomic<bool> done = false;
  std::thread writer([&] {
    for (std::int64_t i = 0; i < 100; ++i) {
      auto tx = this->Write();
      this->Must(tx->Execute("UPDATE notes SET size = ? WHERE id = 1", {i}));
      this->Must(tx->Execute("UPDATE notes SET size = ? WHERE id = 2", {i}));
      this->Must(tx->Commit());
    }
    done = true;
  });
  auto look = [&] {
    while (!done) {
      auto tx = this->Read();
      std::int64_t recalled = this->Must(tx->RecallMaybe("SELECT size FROM notes WHERE id = 1"))->Int(0);
      EXPECT_EQ(this->Must(tx->One("SELECT size FROM notes WHERE id = 2")).Int(0), recalled);
    }
  };
  std::thread other(look);
  look();
  other.join();
  writer.join();
}

// What history has of a table: "before -> after" of each change, in order.
inline std::vector<std::string> HistoryOf(Transaction& tx, const std::string& table) {
  auto rows = tx.Query("SELECT before_row, after_row FROM history WHERE table_name = ? ORDER BY seq", {table});
  std::vector<std::string> changes;
  for (const Row& row : rows.value()) {
    changes.push_back((row.null(0) ? "-" : row.Text(0)) + " -> " + (row.null(1) ? "-" : row.Text(1)));
  }
  return changes;
}

TYPED_TEST_P(StoreContract, HistoryHasEachChangeOfWhatDecides) {
  auto kept = this->database_.KeepHistory(*this->store_);
  ASSERT_TRUE(kept.has_value()) << kept.error().message;
  ASSERT_TRUE(this->database_.KeepHistory(*this->store_).has_value()) << "at each start";
  auto tx = this->Write();
  this->Must(tx->Execute("INSERT INTO organization_services (service, enabled_ms) VALUES (?, 7)", {std::string("it's \\ a ,=?")}));
  this->Must(tx->Execute("UPDATE organization_services SET enabled_ms = 8"));
  this->Must(tx->Execute("UPDATE organization_services SET enabled_ms = 8"));
  this->Must(tx->Execute("DELETE FROM organization_services"));
  this->Must(tx->Commit());
  tx = this->Write();
  this->Must(tx->Execute("INSERT INTO organization_services (service, enabled_ms) VALUES ('undone', 1)"));
  tx.reset();
  const std::string seven = "service='it''s \\ a ,=?',enabled_ms=7,", eight = "service='it''s \\ a ,=?',enabled_ms=8,";
  EXPECT_EQ(HistoryOf(*this->Read(), "organization_services"),
            (std::vector<std::string>{"- -> " + seven, seven + " -> " + eight, eight + " -> -"}));
}

TYPED_TEST_P(StoreContract, HistoryHasWhatDiedWithItsThing) {
  this->Must(this->database_.KeepHistory(*this->store_));
  auto tx = this->Write();
  this->Must(tx->Execute("INSERT INTO things (id, kind) VALUES (77, 'lf_tag')"));
  this->Must(tx->Execute("INSERT INTO lf_tags (id, account, region, tag_key) VALUES (77, '1', 'r', 'k')"));
  this->Must(tx->Execute("DELETE FROM things WHERE id = 77"));
  this->Must(tx->Commit());
  auto changes = HistoryOf(*this->Read(), "lf_tags");
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_TRUE(changes[1].ends_with(" -> -")) << changes[1];
}

TYPED_TEST_P(StoreContract, HistoryIsForgottenUpToAMomentAndSaysSo) {
  this->Must(this->database_.KeepHistory(*this->store_));
  TimeMs begun = *this->Must(HistoryBegins(*this->Read()));
  auto tx = this->Write();
  for (int i = 0; i < 3; ++i) {
    this->Must(tx->Execute("INSERT INTO organization_services (service, enabled_ms) VALUES (?, 7)", {std::to_string(i)}));
  }
  this->Must(tx->Execute("UPDATE history SET at_ms = ? + seq WHERE seq > 1", {begun}));  // 2, 3 and 4 later.
  this->Must(tx->Commit());
  EXPECT_FALSE(this->Must(ForgetHistory(*this->store_, begun)));
  EXPECT_EQ(HistoryOf(*this->Read(), "organization_services").size(), 3u);
  EXPECT_FALSE(this->Must(ForgetHistory(*this->store_, begun + 3)));
  EXPECT_EQ(HistoryOf(*this->Read(), "organization_services").size(), 2u);
  EXPECT_EQ(*this->Must(HistoryBegins(*this->Read())), begun + 3);
  EXPECT_FALSE(this->Must(ForgetHistory(*this->store_, begun)));
  EXPECT_EQ(*this->Must(HistoryBegins(*this->Read())), begun + 3) << "it never begins earlier again";
}

// A child process acknowledges its commits through a pipe and is killed in the midst of them.
TYPED_TEST_P(StoreContract, WhatWasAcknowledgedSurvivesAKill) {
  this->store_.reset();
  for (std::int64_t round = 0; round < 3; ++round) {
    const std::int64_t first = round * 1'000'000;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    pid_t child = ::fork();
    if (child == 0) {
      auto store = this->database_.Open();
      for (std::int64_t i = 0; store; ++i) {
        auto tx = (*store)->BeginWrite();
        if (!tx || !(*tx)->Execute("INSERT INTO notes (id, name) VALUES (?, 'n' || ?)", {first + i, std::to_string(first + i)}))
          break;
        if (!(*tx)->Commit() || ::write(ends[1], &i, sizeof i) != sizeof i) break;
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    std::int64_t last = -1, read = 0;
    while (read < 40 && ::read(ends[0], &last, sizeof last) == sizeof last) ++read;
    ASSERT_EQ(read, 40) << "the child could not write";
    ::kill(child, SIGKILL);
    while (::read(ends[0], &last, sizeof last) == sizeof last) {
    }
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    this->Reopen();
    auto rows = this->Must(this->Read()->Query("SELECT id FROM notes WHERE id >= ? ORDER BY id", {first}));
    EXPECT_GE(static_cast<std::int64_t>(rows.size()), last + 1);
    EXPECT_LE(static_cast<std::int64_t>(rows.size()), last + 2);
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(rows.size()); ++i) {
      ASSERT_EQ(rows[static_cast<std::size_t>(i)].Int(0), first + i);
    }
    this->store_.reset();
  }
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract, MigratesAgainWithoutChange, RefusesWhatANewerProgramWrote,
                            AWriterReadsItsOwnWritesAndOthersDoNotUntilCommit, AReadersSnapshotStays, AReaderCannotWrite,
                            WithoutCommitNothingStays, AUniqueKeyConflictsAndTheTransactionGoesOn,
                            ABrokenStatementIsOurMistakeAndSaysNothingToCallers, AfterItsEndATransactionDoesNothing,
                            WhatHangsOnAThingDiesWithIt, ManyTablesAreFoundAtOnceInTheOrderOfTheirIds, ValuesComeBackAsTheyWere,
                            QuestionMarksInTextsAndCommentsAreNoParameters, CountsWhatItChangedAndSums, AnUpsertReplaces,
                            NamesAreOrderedByTheirBytes, IdsAreNeverReused, WritersTakeTurnsAndNoneIsLost,
                            ReadersNeverSeeHalfAChange, WhatIsRecalledIsAsFreshAsWhatIsRead, WhatDiedWithItsThingIsNotRecalled,
                            WhatIsRecalledAndWhatIsReadAreOfOneMoment, HistoryHasEachChangeOfWhatDecides,
                            HistoryHasWhatDiedWithItsThing, HistoryIsForgottenUpToAMomentAndSaysSo,
                            WhatWasAcknowledgedSurvivesAKill);

}  // namespace hanse::store
