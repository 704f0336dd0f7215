#include "store/sqlite/connection.h"

#include <sqlite3.h>

#include <utility>

#include "base/log.h"

namespace hanse::store {
namespace {

constexpr std::size_t kStatementsMax = 512;
constexpr int kBusyTimeoutMs = 10'000;

// Ends a statement's run whatever happened, so that it holds no lock and points at no parameter.
class RunOf {
 public:
  explicit RunOf(sqlite3_stmt* statement) : statement_(statement) {}
  RunOf(const RunOf&) = delete;
  RunOf& operator=(const RunOf&) = delete;
  ~RunOf() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

int Bind(sqlite3_stmt* statement, int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, at, *number);
  if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(statement, at, *real);
  if (const auto* text = std::get_if<std::string>(&value)) {
    // Static: the parameters outlive the run.
    return sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, at);
}

Value Column(sqlite3_stmt* statement, int at) {
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, at));
    case SQLITE_FLOAT: return sqlite3_column_double(statement, at);
    case SQLITE_NULL: return std::monostate();
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, at));
      return Value(std::in_place_type<std::string>, text, static_cast<std::size_t>(sqlite3_column_bytes(statement, at)));
    }
  }
}

Value Changed(sqlite3_value* value) {
  if (value == nullptr) return std::monostate();
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_value_int64(value));
    case SQLITE_FLOAT: return sqlite3_value_double(value);
    case SQLITE_NULL: return std::monostate();
    default: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return Value(std::in_place_type<std::string>, text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
    }
  }
}

}  // namespace

Error SqliteError(sqlite3* handle, int code, std::string_view what) {
  auto made = [&](ErrorCode error, const char* message) { return Error{error, message, {}, std::source_location::current()}; };
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return made(ErrorCode::kConflict, "it exists already");
    case SQLITE_CONSTRAINT_FOREIGNKEY: return made(ErrorCode::kConflict, "what it belongs to is gone");
    case SQLITE_BUSY_SNAPSHOT: return made(ErrorCode::kConflict, "another change came first");
    default: break;
  }
  // SQLite's message names tables and columns, never a value.
  spdlog::error("store: SQLite error {} ({}) at: {}", code, handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code), what);
  switch (code & 0xff) {
    case SQLITE_FULL: return made(ErrorCode::kUnavailable, "the store cannot be written: the disk is full");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOLFS: return made(ErrorCode::kUnavailable, "the store cannot be read or written: the disk fails");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return made(ErrorCode::kUnavailable, "the store is busy");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return made(ErrorCode::kUnavailable, "the store is damaged");
    case SQLITE_NOMEM: return made(ErrorCode::kUnavailable, "the store has no memory");
    default: return made(ErrorCode::kInternal, "the store refused a statement");
  }
}

Result<SqliteConnection> SqliteConnection::Open(const std::string& path, Mode mode) {
  sqlite3* handle = nullptr;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (mode == Mode::kWriter) flags |= SQLITE_OPEN_CREATE;
  int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  SqliteConnection connection(handle);
  if (code != SQLITE_OK) return std::unexpected(SqliteError(handle, code, "open"));
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  // No triggers, views or ATTACHed files that a doctored database might bring along; LIKE tells cases apart, as in PostgreSQL.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  if (mode == Mode::kWriter) {
    TRY(connection.Run("PRAGMA page_size = 4096"));
    TRY(connection.Run("PRAGMA journal_mode = WAL"));
    TRY(connection.Run("PRAGMA journal_size_limit = 67108864"));
  }
  TRY(connection.Run("PRAGMA synchronous = FULL"));
  TRY(connection.Run("PRAGMA foreign_keys = ON"));
  TRY(connection.Run("PRAGMA case_sensitive_like = ON"));
  TRY(connection.Run("PRAGMA cache_size = -8000"));
  TRY(connection.Run("PRAGMA temp_store = MEMORY"));
  if (mode == Mode::kReader) TRY(connection.Run("PRAGMA query_only = ON"));
  connection.DropStatements();
  return connection;
}

SqliteConnection::SqliteConnection(sqlite3* handle) : handle_(handle), seen_(std::make_unique<Seen>()) {
  if (handle_ == nullptr) return;
  // The compiler names every table that a statement may touch, also by its cascades ...
  auto compiled = [](void* seen, int action, const char* table, const char*, const char*, const char*) {
    Statement* statement = static_cast<Seen*>(seen)->compiling;
    if (statement == nullptr || table == nullptr) return SQLITE_OK;
    if (action == SQLITE_READ) statement->reads.insert(table);
    if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE) statement->writes.insert(table);
    return SQLITE_OK;
  };
  sqlite3_set_authorizer(handle_, compiled, seen_.get());
  // ... and each row that does change names its own.
  auto changed = [](void* seen, int, const char*, const char* table, sqlite3_int64) {
    static_cast<Seen*>(seen)->written.insert(table);
  };
  sqlite3_update_hook(handle_, changed, seen_.get());
}

SqliteConnection::SqliteConnection(SqliteConnection&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), seen_(std::move(other.seen_)), statements_(std::move(other.statements_)) {
  other.statements_.clear();
}

SqliteConnection::~SqliteConnection() {
  if (!handle_) return;
  DropStatements();
  sqlite3_close(handle_);
}

Result<void> SqliteConnection::Watch(const std::vector<Follower::Table>& tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    TRY_ASSIGN(Statement * statement, Prepared("SELECT * FROM " + tables[i].name));
    Watched watched{i, {}};
    for (const std::string& column : tables[i].columns) {
      const int count = sqlite3_column_count(statement->handle);
      int at = 0;
      while (at < count && column != sqlite3_column_name(statement->handle, at)) ++at;
      if (at == count) return Fail(ErrorCode::kInternal, "the store has no column " + column);
      watched.columns.push_back(at);
    }
    seen_->watched[tables[i].name] = std::move(watched);
  }
  sqlite3_preupdate_hook(handle_, &SqliteConnection::NoteChange, seen_.get());
  return {};
}

void SqliteConnection::NoteChange(void* seen, sqlite3* handle, int action, const char*, const char* table, long long, long long) {
  auto* self = static_cast<Seen*>(seen);
  auto found = self->watched.find(std::string_view(table));
  if (found == self->watched.end()) return;
  RowChange change{found->second.table, {}, {}};
  for (int column : found->second.columns) {
    sqlite3_value* value = nullptr;
    if (action != SQLITE_INSERT && sqlite3_preupdate_old(handle, column, &value) == SQLITE_OK) {
      change.before.push_back(Changed(value));
    }
    if (action != SQLITE_DELETE && sqlite3_preupdate_new(handle, column, &value) == SQLITE_OK) {
      change.after.push_back(Changed(value));
    }
  }
  // Most changes of a watched table are to other columns.
  if (change.before != change.after) self->changes.push_back(std::move(change));
}

void SqliteConnection::DropStatements() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement.handle);
  statements_.clear();
}

bool SqliteConnection::idle() const { return sqlite3_get_autocommit(handle_) != 0; }

Result<SqliteConnection::Statement*> SqliteConnection::Prepared(std::string_view sql) {
  if (auto found = statements_.find(sql); found != statements_.end()) return &found->second;
  // No statement runs between two calls, so all may go; texts that are put together in the code are few.
  if (statements_.size() >= kStatementsMax) DropStatements();
  Statement statement;
  const char* rest = nullptr;
  seen_->compiling = &statement;
  int code =
      sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement.handle, &rest);
  seen_->compiling = nullptr;
  if (code != SQLITE_OK) return std::unexpected(SqliteError(handle_, code, sql));
  std::string_view after(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (after.find_first_not_of(" \n\r\t;") != std::string_view::npos) {
    sqlite3_finalize(statement.handle);
    spdlog::error("store: more than one statement at: {}", sql);
    return Fail(ErrorCode::kInternal, "the store refused a statement");
  }
  return &statements_.emplace(std::string(sql), std::move(statement)).first->second;
}

Result<const Remembered::Tables*> SqliteConnection::ReadBy(std::string_view sql) {
  TRY_ASSIGN(Statement * statement, Prepared(sql));
  return &statement->reads;
}

Result<std::int64_t> SqliteConnection::Run(std::string_view sql, std::span<const Value> parameters, std::vector<Row>* rows) {
  TRY_ASSIGN(Statement * prepared, Prepared(sql));
  sqlite3_stmt* statement = prepared->handle;
  if (!statement) return 0;  // A comment.
  NoteRead(prepared->reads);
  seen_->written.insert(prepared->writes.begin(), prepared->writes.end());
  RunOf run(statement);
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(parameters.size())) {
    spdlog::error("store: {} parameters given at: {}", parameters.size(), sql);
    return Fail(ErrorCode::kInternal, "the store refused a statement");
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    int code = Bind(statement, static_cast<int>(i) + 1, parameters[i]);
    if (code != SQLITE_OK) return std::unexpected(SqliteError(handle_, code, sql));
  }
  const std::int64_t before = sqlite3_total_changes64(handle_);
  const std::size_t changes = seen_->changes.size();
  const int columns = sqlite3_column_count(statement);
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    if (!rows) continue;
    std::vector<Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) values.push_back(Column(statement, i));
    rows->emplace_back(std::move(values));
  }
  if (code != SQLITE_DONE) {
    seen_->changes.resize(changes);  // A statement that fails takes back what it did.
    return std::unexpected(SqliteError(handle_, code, sql));
  }
  // sqlite3_changes counts without what cascades; it keeps the number of an earlier statement where this one changed nothing.
  return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
}

Result<void> SqliteConnection::Run(std::string_view sql) {
  TRY(Run(sql, {}, nullptr));
  return {};
}

}  // namespace hanse::store
