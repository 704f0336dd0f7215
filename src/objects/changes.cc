#include "objects/changes.h"

#include <set>

#include <fmt/format.h>

#include "objects/utf8.h"
#include "wire/json.h"

namespace hanse::objects {
namespace {

constexpr std::int64_t kChangesAtOnce = 10'000;

Result<Id> CounterOf(store::Transaction& tx, std::string_view name) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT value FROM counters WHERE name = ?", {std::string(name)}));
  return row ? row->Int(0) : Id{0};
}

constexpr std::string_view kForgotten = "object_removals_forgotten";

// Adds the folders of rows of a key or a folder, and an id. False where they become too many.
bool AddFolders(const std::vector<store::Row>& rows, std::set<std::string>* folders) {
  for (const store::Row& row : rows) folders->insert(FolderOf(row.Text(1)));
  return folders->size() <= kChangedFoldersMax;
}

}  // namespace

std::string FolderOf(std::string_view key) {
  std::size_t slash = key.rfind('/');
  return std::string(slash == std::string_view::npos ? "" : key.substr(0, slash + 1));
}

Result<Needs> ChangedFolders::On(const gate::Context&, store::Transaction& tx) const {
  ConditionKeys keys{{"s3:prefix", {prefix}}, {"s3:delimiter", {""}}};
  TRY_ASSIGN(gate::Need need, NeedOnBucket(tx, "s3:ListBucket", bucket, {}, std::move(keys)));
  return Needs{std::move(need)};
}

std::string ChangedFolders::Parameters() const {
  return wire::ToRecord(wire::s3::ListObjectsV2Request{.bucket = bucket, .prefix = prefix});
}

Result<ChangedFolders::Answer> FindChanges(store::Transaction& tx, const Bucket& bucket, const std::string& prefix, Id since) {
  ChangedFolders::Answer answer;
  TRY_ASSIGN(answer.until, CounterOf(tx, "id"));
  TRY_ASSIGN(Id forgotten, CounterOf(tx, kForgotten));
  // A bucket that was made since then had a namesake, whose removals went with it.
  answer.all = since == 0 || since < forgotten || bucket.id > since;
  if (answer.all) return answer;
  const std::string end = AfterAllWith(prefix);
  auto range = [&](std::string_view column) {
    return fmt::format("{0} >= ?{1}", column, end.empty() ? "" : fmt::format(" AND {} < ?", column));
  };
  auto with_end = [&](std::vector<store::Value> values) {
    if (!end.empty()) values.emplace_back(end);
    return values;
  };
  std::set<std::string> folders;
  Id from = since;
  while (true) {
    // "+ 0" and "||": by the rows' ids, which are the few since then, and not through all keys of the prefix.
    auto values = with_end({from, bucket.id, prefix});
    values.emplace_back(kChangesAtOnce);
    TRY_ASSIGN(auto rows, tx.Query("SELECT id, key FROM object_versions WHERE id > ? AND bucket + 0 = ? AND " +
                                       range("(key || '')") + " ORDER BY id LIMIT ?",
                                   values));
    answer.all = answer.all || !AddFolders(rows, &folders);
    if (answer.all || rows.size() < static_cast<std::size_t>(kChangesAtOnce)) break;
    from = rows.back().Int(0);
  }
  TRY_ASSIGN(auto rows, tx.Query("SELECT id, folder FROM object_removals WHERE bucket = ? AND id > ? AND " + range("folder"),
                                 with_end({bucket.id, since, prefix})));
  answer.all = answer.all || !AddFolders(rows, &folders);
  if (!answer.all) answer.folders.assign(folders.begin(), folders.end());
  return answer;
}

Result<void> NoteRemoval(store::Transaction& tx, const Version& version, TimeMs now_ms) {
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(
      tx.Execute("INSERT INTO object_removals (bucket, folder, id, since_ms) VALUES (?, ?, ?, ?) "
                 "ON CONFLICT (bucket, folder) DO UPDATE SET id = excluded.id, since_ms = excluded.since_ms",
                 {version.bucket, FolderOf(version.key), id, now_ms}));
  return {};
}

Result<void> ForgetRemovals(store::Transaction& tx, TimeMs now_ms) {
  const TimeMs before_ms = now_ms - kRemovalsKeptMs;
  TRY_ASSIGN(auto last, tx.Maybe("SELECT MAX(id) FROM object_removals WHERE since_ms < ?", {before_ms}));
  if (!last || last->null(0)) return {};
  TRY(tx.Execute("INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                 {std::string(kForgotten), last->Int(0)}));
  TRY(tx.Execute("DELETE FROM object_removals WHERE since_ms < ?", {before_ms}));
  return {};
}

}  // namespace hanse::objects
