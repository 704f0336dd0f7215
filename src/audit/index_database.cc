#include "audit/index_database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/log.h"

namespace hanse::audit::index_database {
namespace {

constexpr int kForm = 1;
constexpr const char* kTables = R"sql(
  CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, event_id TEXT NOT NULL,
    name TEXT NOT NULL, source TEXT NOT NULL, username TEXT NOT NULL, access_key TEXT NOT NULL, read_only INTEGER NOT NULL,
    segment INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL);
  CREATE INDEX events_by_time ON events (account, time_ms);
  CREATE INDEX events_by_name ON events (account, name, time_ms);
  CREATE INDEX events_by_username ON events (account, username, time_ms);
  CREATE INDEX events_by_id ON events (event_id);
  CREATE TABLE resources (sequence INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL);
  CREATE INDEX resources_by_sequence ON resources (sequence);
  CREATE INDEX resources_by_name ON resources (name);
  CREATE TABLE progress (one INTEGER PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL);
  INSERT INTO progress VALUES (1, 1, 0);
  CREATE TABLE state (one INTEGER PRIMARY KEY, boot TEXT NOT NULL);
  INSERT INTO state VALUES (1, '');
)sql";

std::unexpected<Error> Failed(sqlite3* database) {
  spdlog::error("journal: the index: {}", database ? sqlite3_errmsg(database) : "no memory");
  return Fail(ErrorCode::kUnavailable, "the journal's index cannot be read or written");
}

Result<void> Run(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return Failed(database);
  return {};
}

// One statement, finalized when it goes.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  // Texts must outlive the run.
  Statement& With(const std::string& text) {
    sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& With(std::int64_t number) {
    sqlite3_bind_int64(statement_, ++bound_, number);
    return *this;
  }
  // True: there is a row.
  Result<bool> Step() {
    int code = statement_ ? sqlite3_step(statement_) : SQLITE_ERROR;
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) return Failed(database_);
    sqlite3_reset(statement_);
    bound_ = 0;
    return false;
  }
  std::int64_t Int(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text ? std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
  }

 private:
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// Changes with every start of the machine. What was written without fsync under another one may be damaged.
std::string Boot() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string boot;
  std::getline(file, boot);
  return boot;
}

Result<bool> Usable(sqlite3* database) {
  Statement form(database, "PRAGMA user_version");
  TRY_ASSIGN(bool any, form.Step());
  if (!any || form.Int(0) != kForm) return false;
  Statement state(database, "SELECT boot FROM state");
  TRY_ASSIGN(bool has, state.Step());
  return has && (state.Text(0).empty() || state.Text(0) == Boot());
}

Result<void> MarkOpen(sqlite3* database, const std::string& boot) {
  Statement mark(database, "UPDATE state SET boot = ?");
  TRY(mark.With(boot).Step());
  return {};
}

Result<sqlite3*> OpenFile(const std::string& path) {
  sqlite3* database = nullptr;
  if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    auto failed = Failed(database);
    sqlite3_close(database);
    return failed;
  }
  sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000", nullptr, nullptr,
               nullptr);
  ::chmod(path.c_str(), 0600);
  return database;
}

std::string_view ColumnOf(Lookup::Attribute attribute) {
  using enum Lookup::Attribute;
  switch (attribute) {
    case kEventId: return "event_id = ?";
    case kEventName: return "name = ?";
    case kReadOnly: return "read_only = (? = 'true')";
    case kUsername: return "username = ?";
    case kEventSource: return "source = ?";
    case kAccessKeyId: return "access_key = ?";
    case kResourceType: return "sequence IN (SELECT sequence FROM resources WHERE type = ?)";
    case kResourceName: return "sequence IN (SELECT sequence FROM resources WHERE name = ?)";
    case kNone: break;
  }
  return "";
}

// The planner knows no distribution: it would take the index in the order of the answer for one event's id.
std::string_view IndexFor(Lookup::Attribute attribute) {
  using enum Lookup::Attribute;
  switch (attribute) {
    case kEventId: return "INDEXED BY events_by_id";
    case kEventName: return "INDEXED BY events_by_name";
    case kUsername: return "INDEXED BY events_by_username";
    case kResourceName: return "";
    default: return "INDEXED BY events_by_time";
  }
}

}  // namespace

Result<sqlite3*> Open(const std::string& folder) {
  const std::string path = folder + "/index.db";
  const std::string boot = Boot();
  if (auto database = OpenFile(path)) {
    auto usable = Usable(*database);
    if (usable && *usable && MarkOpen(*database, boot)) return *database;
    sqlite3_close(*database);
  }
  for (const char* ending : {"", "-wal", "-shm"}) {
    std::error_code gone;
    std::filesystem::remove(path + ending, gone);
  }
  TRY_ASSIGN(sqlite3 * database, OpenFile(path));
  auto made = Run(database, fmt::format("BEGIN; {}; PRAGMA user_version = {}; COMMIT", kTables, kForm));
  if (made) made = MarkOpen(database, boot);
  if (made) return database;
  sqlite3_close(database);
  return std::unexpected(std::move(made).error());
}

void Close(sqlite3* database) {
  // Only what the disk has may be called whole.
  if (Run(database, "PRAGMA synchronous = FULL") && Run(database, "PRAGMA wal_checkpoint(TRUNCATE)")) (void)MarkOpen(database, "");
  sqlite3_close(database);
}

Result<Progress> ReadProgress(sqlite3* database) {
  Statement statement(database, "SELECT segment, offset FROM progress");
  TRY_ASSIGN(bool any, statement.Step());
  if (!any) return Failed(database);
  return Progress{statement.Int(0), static_cast<std::uint64_t>(statement.Int(1))};
}

Result<void> Add(sqlite3* database, const std::vector<Located>& events, const Progress& progress) {
  TRY(Run(database, "BEGIN IMMEDIATE"));
  auto added = [&]() -> Result<void> {
    Statement insert(
        database,
        "INSERT INTO events (time_ms, account, region, event_id, name, source, username, access_key, read_only, segment, "
        "offset, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Statement resource(database, "INSERT INTO resources (sequence, type, name) VALUES (?, ?, ?)");
    for (const Located& one : events) {
      const IndexedEvent& event = one.event;
      insert.With(event.time_ms).With(event.account).With(event.region).With(event.event_id).With(event.name).With(event.source);
      insert.With(event.username).With(event.access_key).With(std::int64_t{event.read_only}).With(one.segment);
      TRY(insert.With(static_cast<std::int64_t>(one.offset)).With(static_cast<std::int64_t>(one.bytes)).Step());
      const std::int64_t sequence = sqlite3_last_insert_rowid(database);
      for (const auto& [type, name] : event.resources) TRY(resource.With(sequence).With(type).With(name).Step());
    }
    Statement move(database, "UPDATE progress SET segment = ?, offset = ?");
    TRY(move.With(progress.segment).With(static_cast<std::int64_t>(progress.offset)).Step());
    return {};
  }();
  if (added) return Run(database, "COMMIT");
  (void)Run(database, "ROLLBACK");
  return added;
}

Result<std::vector<Hit>> Search(sqlite3* database, const Lookup& lookup) {
  std::string sql = fmt::format(
      "SELECT sequence, time_ms, event_id, name, source, username, access_key, read_only, segment, offset, bytes FROM events {} "
      "WHERE account = ? AND region = ? AND time_ms >= ? AND time_ms <= ? AND (time_ms < ? OR (time_ms = ? AND sequence < ?)) ",
      IndexFor(lookup.attribute));
  std::string_view column = ColumnOf(lookup.attribute);
  if (!column.empty()) sql += fmt::format("AND {} ", column);
  sql += "ORDER BY time_ms DESC, sequence DESC LIMIT ?";
  const Lookup::Place after = lookup.after.value_or(Lookup::Place{INT64_MAX, INT64_MAX});
  Statement statement(database, sql);
  statement.With(lookup.account).With(lookup.region).With(lookup.from_ms.value_or(0)).With(lookup.until_ms.value_or(INT64_MAX));
  statement.With(after.time_ms).With(after.time_ms).With(after.sequence);
  if (!column.empty()) statement.With(lookup.value);
  statement.With(std::int64_t{lookup.limit});
  std::vector<Hit> hits;
  while (true) {
    TRY_ASSIGN(bool any, statement.Step());
    if (!any) break;
    Hit hit;
    hit.found.place = {statement.Int(1), statement.Int(0)};
    hit.found.event_id = statement.Text(2);
    hit.found.name = statement.Text(3);
    hit.found.source = statement.Text(4);
    hit.found.username = statement.Text(5);
    hit.found.access_key = statement.Text(6);
    hit.found.read_only = statement.Int(7) != 0;
    hit.segment = statement.Int(8);
    hit.offset = static_cast<std::uint64_t>(statement.Int(9));
    hit.bytes = static_cast<std::size_t>(statement.Int(10));
    hits.push_back(std::move(hit));
  }
  Statement resources(database, "SELECT type, name FROM resources WHERE sequence = ? ORDER BY rowid");
  for (Hit& hit : hits) {
    resources.With(hit.found.place.sequence);
    while (true) {
      TRY_ASSIGN(bool any, resources.Step());
      if (!any) break;
      hit.found.resources.emplace_back(resources.Text(0), resources.Text(1));
    }
  }
  return hits;
}

}  // namespace hanse::audit::index_database
