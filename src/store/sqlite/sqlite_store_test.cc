#include "store/sqlite/sqlite_store.h"

#include <sys/stat.h>

#include <chrono>
#include <filesystem>

#include "store/contract_test.h"
#include "store/small_disk_test.h"
#include "store/sqlite/history.h"

namespace hanse::store {
namespace {

struct SqliteDatabase {
  SqliteDatabase() {
    std::string name = "/tmp/hanse-sqlite-XXXXXX";
    folder = ::mkdtemp(name.data());
  }
  ~SqliteDatabase() { std::filesystem::remove_all(folder); }
  std::string path() const { return folder + "/store.db"; }
  std::string Missing() const { return {}; }
  Result<std::unique_ptr<Store>> Open() {
    TRY_ASSIGN(auto store, SqliteStore::Open(path()));
    return std::unique_ptr<Store>(std::move(store));
  }
  Result<void> KeepHistory(Store& store) { return store::KeepHistory(store); }
  std::string folder;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StoreContract, SqliteDatabase);

TEST(SqliteStore, TheFileIsItsOwnersAlone) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  struct stat found{};
  ASSERT_EQ(::stat(database.path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST(SqliteStore, ABasisHoldsUntilATableChangesThatWasReadOrRecalled) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Migrate(**store).has_value());
  auto basis_of = [&](auto ask) {
    auto tx = (*store)->BeginRead();
    EXPECT_TRUE(ask(**tx).has_value());
    return (*tx)->basis();
  };
  auto query = [](Transaction& tx) { return tx.Query("SELECT id FROM things"); };
  auto recall = [](Transaction& tx) { return tx.Recall("SELECT id FROM things", {}); };
  const Basis read = basis_of(query), first = basis_of(recall), again = basis_of(recall);
  const Basis other = basis_of([](Transaction& tx) { return tx.Query("SELECT account FROM accounts"); });
  for (const Basis* basis : {&read, &first, &again, &other}) EXPECT_TRUE((*store)->Holds(*basis));
  auto tx = (*store)->BeginWrite();
  ASSERT_TRUE(NewThing(**tx, "table").has_value());
  EXPECT_FALSE((*store)->Holds((*tx)->basis())) << "a writer's answers may never be";
  ASSERT_TRUE((*tx)->Commit().has_value());
  for (const Basis* basis : {&read, &first, &again}) EXPECT_FALSE((*store)->Holds(*basis));
  EXPECT_TRUE((*store)->Holds(other));
}

TEST(SqliteStore, WhatIdleReadersHoldIsNeverOldAndNeverHoldsUpTheLog) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Migrate(**store).has_value());
  auto rows = [&] { return (*(*store)->BeginRead())->One("SELECT count(*) FROM outbox")->Int(0); };
  for (std::int64_t i = 0; i < 200; ++i) {
    // Of several at once, the first to end is the last to be used again.
    std::vector<std::unique_ptr<Transaction>> readers;
    for (int reader = 0; reader < 4; ++reader) readers.push_back(*(*store)->BeginRead());
    for (auto& reader : readers) reader.reset();
    auto tx = (*store)->BeginWrite();
    ASSERT_TRUE((*tx)->Execute("INSERT INTO outbox (id, record) VALUES (?, ?)", {i, std::string(400'000, 'x')}).has_value());
    EXPECT_EQ(rows(), i);
    ASSERT_TRUE((*tx)->Commit().has_value());
    EXPECT_EQ(rows(), i + 1);
    EXPECT_EQ(rows(), i + 1);
  }
  EXPECT_LT(std::filesystem::file_size(database.path() + "-wal"), 50'000'000u);  // 80 MB were written.
}

TEST(SqliteStore, ATransactionSharesWhatItWouldReadItself) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Migrate(**store).has_value());
  auto first = *(*store)->BeginRead();
  ASSERT_TRUE(first->Query("SELECT id FROM things").has_value());
  const Basis things = first->basis();
  auto same = *(*store)->BeginRead();
  EXPECT_TRUE(same->Shares(things));
  EXPECT_TRUE(same->basis().tables.contains("things")) << "what it shares counts as read";
  auto tx = *(*store)->BeginWrite();
  EXPECT_TRUE(tx->Shares(things));
  ASSERT_TRUE(NewThing(*tx, "table").has_value());
  EXPECT_FALSE(tx->Shares(things)) << "a writer has changes of its own";
  EXPECT_TRUE(same->Shares(things));
  ASSERT_TRUE(tx->Commit().has_value());
  auto later = *(*store)->BeginRead();
  EXPECT_FALSE(later->Shares(things));
  ASSERT_TRUE(later->Query("SELECT id FROM things").has_value());
  EXPECT_FALSE(same->Shares(later->basis())) << "an older snapshot does not share what is newer";
  EXPECT_FALSE(later->Shares({}));
}

class Recorder final : public Follower {
 public:
  const std::vector<Table>& Tables() const override { return tables_; }
  bool WantsLoad() const override { return lost; }
  void Load(std::unique_ptr<Transaction> tx, std::int64_t moment) override {
    ++loads;
    last_moment = moment;
    lost = false;
    loaded = tx->Query("SELECT id, size FROM notes")->size();
  }
  void Changed(std::vector<RowChange> changes, std::int64_t moment) override {
    EXPECT_GT(moment, last_moment);
    last_moment = moment;
    told = std::move(changes);
  }
  void Lost() override { lost = true; }

  bool lost = true;
  int loads = 0;
  std::size_t loaded = 0;
  std::int64_t last_moment = 0;
  std::vector<RowChange> told;

 private:
  std::vector<Table> tables_ = {{"notes", {"id", "size"}}};
};

TEST(SqliteStore, AFollowerIsToldOfEachRowThatIsCommitted) {
  SqliteDatabase database;
  auto store = *SqliteStore::Open(database.path());
  auto commit = [&](const std::vector<std::string>& statements) {
    auto tx = *store->BeginWrite();
    for (const std::string& sql : statements) (void)tx->Execute(sql);
    EXPECT_TRUE(tx->Commit());
  };
  commit(
      {"CREATE TABLE books (id BIGINT PRIMARY KEY)",
       "CREATE TABLE notes (id BIGINT PRIMARY KEY, book BIGINT REFERENCES books (id) ON DELETE CASCADE, body TEXT, size BIGINT)"});
  Recorder recorder;
  ASSERT_TRUE(store->Follow(recorder));
  EXPECT_EQ(recorder.loads, 1);
  using Values = std::vector<Value>;
  const Value one = std::int64_t{1}, two = std::int64_t{2}, seven = std::int64_t{7};
  commit({"INSERT INTO books VALUES (9)", "INSERT INTO notes VALUES (1, 9, 'a', 7), (2, 9, 'b', NULL)"});
  ASSERT_EQ(recorder.told.size(), 2u);
  EXPECT_EQ(recorder.told[0].after, (Values{one, seven}));
  EXPECT_TRUE(recorder.told[0].before.empty());
  EXPECT_EQ(recorder.told[1].after, (Values{two, Value()}));
  commit({"UPDATE notes SET body = 'c'"});
  EXPECT_TRUE(recorder.told.empty()) << "nobody asked for that column";
  const Basis basis{recorder.last_moment, {"notes"}};
  EXPECT_TRUE(store->Holds(basis)) << "also after a change that told nothing";
  commit({"UPDATE notes SET size = 7 WHERE id = 2", "INSERT INTO notes VALUES (3, 9, 'x', 1), (1, 9, 'y', 1)"});
  ASSERT_EQ(recorder.told.size(), 1u) << "what the failed statement had begun is taken back";
  EXPECT_EQ(recorder.told[0].before, (Values{two, Value()}));
  EXPECT_FALSE(store->Holds(basis));
  {
    auto tx = *store->BeginWrite();
    ASSERT_TRUE(tx->Execute("DELETE FROM notes"));
  }
  commit({"DELETE FROM books"});
  ASSERT_EQ(recorder.told.size(), 2u) << "what cascades, and nothing of what was taken back";
  EXPECT_EQ(recorder.told[0].before, (Values{one, seven}));
  EXPECT_TRUE(recorder.told[0].after.empty());
  EXPECT_EQ(recorder.loads, 1);
  recorder.Lost();
  commit({"INSERT INTO books VALUES (9)", "INSERT INTO notes VALUES (5, 9, 'z', 5)"});
  EXPECT_EQ(recorder.loads, 2);
  EXPECT_EQ(recorder.loaded, 0u) << "what was before the commit, of which it is told";
  ASSERT_EQ(recorder.told.size(), 1u);
}

TEST(SqliteStore, AFileThatIsNoDatabaseIsRefused) {
  SqliteDatabase database;
  FILE* file = ::fopen(database.path().c_str(), "w");
  for (int i = 0; i < 1000; ++i) ::fputs("no database ", file);
  ::fclose(file);
  auto store = database.Open();
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(SqliteStore::Open(database.folder + "/none/store.db").has_value());
}

TEST(SqliteStore, TheWriteAheadLogStaysBounded) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Migrate(**store).has_value());
  for (std::int64_t i = 0; i < 200; ++i) {
    auto tx = (*store)->BeginWrite();
    ASSERT_TRUE((*tx)->Execute("INSERT INTO outbox (id, record) VALUES (?, ?)", {i, std::string(400'000, 'x')}).has_value());
    ASSERT_TRUE((*tx)->Commit().has_value());
  }
  // 80 MB were written.
  EXPECT_LT(std::filesystem::file_size(database.path() + "-wal"), 50'000'000u);
}

TEST(SqliteStore, ADiskFullIsSaidAndLosesNothing) {
  SmallDisk disk("4m");
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  std::int64_t kept = 0;
  auto put = [&](Store& store) -> Result<void> {
    TRY_ASSIGN(auto tx, store.BeginWrite());
    TRY(tx->Execute("INSERT INTO outbox (id, record) VALUES (?, ?)", {kept * 2, std::string(20'000, 'x')}));
    TRY(tx->Execute("INSERT INTO outbox (id, record) VALUES (?, ?)", {kept * 2 + 1, std::string(20'000, 'y')}));
    TRY(tx->Commit());
    ++kept;
    return {};
  };
  auto rows = [](Store& store) { return (*store.BeginRead())->One("SELECT count(*) FROM outbox")->Int(0); };
  {
    auto store = SqliteStore::Open(disk.path() + "/store.db");
    ASSERT_TRUE(store.has_value());
    ASSERT_TRUE(Migrate(**store).has_value());
    Result<void> last;
    while (last && kept < 1000) last = put(**store);
    ASSERT_FALSE(last.has_value());
    EXPECT_EQ(last.error().code, ErrorCode::kUnavailable);
    EXPECT_GT(kept, 0);
    EXPECT_EQ(rows(**store), kept * 2);  // Reading goes on, and no half of a change is there.
    disk.Fill();
    EXPECT_EQ(put(**store).error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(rows(**store), kept * 2);
  }
  disk.MakeRoom();
  auto again = SqliteStore::Open(disk.path() + "/store.db");
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ(rows(**again), kept * 2);
}

TEST(SqliteStore, APointReadIsFast) {
  SqliteDatabase database;
  auto store = database.Open();
  ASSERT_TRUE(store.has_value());
  ASSERT_TRUE(Migrate(**store).has_value());
  auto tx = (*store)->BeginWrite();
  for (std::int64_t i = 0; i < 10'000; ++i) {
    ASSERT_TRUE((*tx)->Execute("INSERT INTO things (id, kind) VALUES (?, 'x')", {i}).has_value());
  }
  ASSERT_TRUE((*tx)->Commit().has_value());
  constexpr int kReads = 20'000;
  auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < kReads; ++i) {
    auto read = (*store)->BeginRead();
    ASSERT_EQ((*read)->One("SELECT kind FROM things WHERE id = ?", {i % 10'000})->Text(0), "x");
  }
  auto spent = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count() / kReads;
  RecordProperty("microseconds_a_read", std::to_string(spent));
  EXPECT_LT(spent, 200);  // About 5 in a release build; the bound is for builds with sanitizers on a busy machine.
}

}  // namespace
}  // namespace hanse::store
