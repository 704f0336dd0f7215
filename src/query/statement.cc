#include "query/statement.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::query {
namespace {

// Words, quoted names and single characters; comments and spaces are left out. At most kTokensMax: more is never looked at.
constexpr std::size_t kTokensMax = 4096;

struct Token {
  std::string text;  // A word in upper case, a name without its quotes, a character.
  bool quoted = false;
};

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

// Past a comment or white space; 0 where there is neither.
std::size_t Skipped(std::string_view sql) {
  if (sql.starts_with("--")) return std::min(sql.find('\n'), sql.size() - 1) + 1;
  if (sql.starts_with("/*")) {
    std::size_t end = sql.find("*/", 2);
    return end == std::string_view::npos ? sql.size() : end + 2;
  }
  return std::isspace(static_cast<unsigned char>(sql.front())) != 0 ? 1 : 0;
}

std::vector<Token> Tokens(std::string_view sql) {
  std::vector<Token> tokens;
  while (!sql.empty() && tokens.size() < kTokensMax) {
    if (std::size_t skipped = Skipped(sql); skipped > 0) {
      sql.remove_prefix(skipped);
    } else if (IsWord(sql.front())) {
      std::size_t end = static_cast<std::size_t>(std::find_if_not(sql.begin(), sql.end(), IsWord) - sql.begin());
      std::string word(sql.substr(0, end));
      std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      tokens.push_back({word, false});
      sql.remove_prefix(end);
    } else if (sql.front() == '"' || sql.front() == '`' || sql.front() == '\'') {
      std::size_t end = sql.find(sql.front(), 1);
      tokens.push_back({std::string(sql.substr(1, end == std::string_view::npos ? end : end - 1)), true});
      sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
    } else {
      tokens.push_back({std::string(1, sql.front()), false});
      sql.remove_prefix(1);
    }
  }
  if (!tokens.empty() && tokens.back().text == ";") tokens.pop_back();
  return tokens;
}

// Reads tokens one after the other.
class Reader {
 public:
  explicit Reader(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}
  bool Take(std::string_view word) {
    if (at_ >= tokens_.size() || tokens_[at_].quoted || tokens_[at_].text != word) return false;
    ++at_;
    return true;
  }
  bool TakeAny(std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return Take(word); });
  }
  // A name, in lower case; empty where none stands here.
  std::string TakeName() {
    if (at_ >= tokens_.size() || (!tokens_[at_].quoted && !IsWord(tokens_[at_].text.front()))) return {};
    return Lower(tokens_[at_++].text);
  }
  bool done() const { return at_ >= tokens_.size(); }
  bool Holds(std::string_view word) const {
    return std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& t) { return !t.quoted && t.text == word; });
  }
  std::string First() const {
    std::string words;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, tokens_.size()); ++i) words += (i == 0 ? "" : " ") + tokens_[i].text;
    return words;
  }

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

std::unexpected<Error> Mismatched(const std::string& what) {
  return FailAs(ErrorCode::kInvalidArgument, "InvalidRequestException", fmt::format("mismatched input: {}", what));
}

// [catalog.][database.]table, or a database alone.
Result<void> ReadTable(Reader& reader, Statement* statement) {
  std::vector<std::string> parts;
  do {
    parts.push_back(reader.TakeName());
    if (parts.back().empty()) return Mismatched("a table's name is missing");
  } while (reader.Take("."));
  if (parts.size() > 3) return Mismatched("a table's name has at most three parts");
  statement->table = parts.back();
  if (parts.size() > 1) statement->database = parts[parts.size() - 2];
  return {};
}

Result<void> ReadDatabase(Reader& reader, Statement* statement) {
  statement->database = reader.TakeName();
  if (reader.Take(".")) statement->database = reader.TakeName();
  if (statement->database.empty()) return Mismatched("a database's name is missing");
  return {};
}

void Set(Statement* statement, StatementKind kind, std::string_view type, std::string_view subtype) {
  statement->kind = kind;
  statement->type = type;
  statement->subtype = subtype;
}

Result<void> ReadShow(Reader& reader, Statement* statement) {
  Set(statement, StatementKind::kOther, "UTILITY", "SHOW");
  if (reader.TakeAny({"DATABASES", "SCHEMAS"})) {
    Set(statement, StatementKind::kShowDatabases, "UTILITY", "SHOW_DATABASES");
  } else if (reader.Take("TABLES")) {
    Set(statement, StatementKind::kShowTables, "UTILITY", "SHOW_TABLES");
    if (reader.TakeAny({"IN", "FROM"})) return ReadDatabase(reader, statement);
  } else if (reader.Take("COLUMNS") && reader.TakeAny({"IN", "FROM"})) {
    Set(statement, StatementKind::kDescribe, "UTILITY", "SHOW_COLUMNS");
    return ReadTable(reader, statement);
  }
  return {};
}

Result<void> ReadCreate(Reader& reader, Statement* statement) {
  Set(statement, StatementKind::kOther, "DDL", "CREATE");
  if (reader.TakeAny({"DATABASE", "SCHEMA"})) {
    Set(statement, StatementKind::kCreateDatabase, "DDL", "CREATE_DATABASE");
    statement->tolerant = reader.Take("IF") && reader.Take("NOT") && reader.Take("EXISTS");
    return ReadDatabase(reader, statement);
  }
  if (reader.Take("TABLE") && reader.Holds("AS") && reader.Holds("SELECT")) {
    Set(statement, StatementKind::kCreateTableAs, "DDL", "CREATE_TABLE_AS_SELECT");
  }
  return {};
}

Result<void> ReadDrop(Reader& reader, Statement* statement) {
  Set(statement, StatementKind::kOther, "DDL", "DROP");
  if (reader.TakeAny({"DATABASE", "SCHEMA"})) {
    Set(statement, StatementKind::kDropDatabase, "DDL", "DROP_DATABASE");
    statement->tolerant = reader.Take("IF") && reader.Take("EXISTS");
    TRY(ReadDatabase(reader, statement));
    statement->cascade = reader.Take("CASCADE");
    return {};
  }
  if (reader.Take("TABLE")) {
    Set(statement, StatementKind::kDropTable, "DDL", "DROP_TABLE");
    statement->tolerant = reader.Take("IF") && reader.Take("EXISTS");
    return ReadTable(reader, statement);
  }
  return {};
}

}  // namespace

Result<Statement> Classify(std::string_view sql) {
  Reader reader(Tokens(sql));
  Statement statement;
  statement.first = reader.First();
  if (reader.done()) return Mismatched("the statement is empty");
  if (reader.TakeAny({"SELECT", "WITH", "VALUES", "TABLE", "("})) {
    Set(&statement, StatementKind::kSelect, "DML", "SELECT");
  } else if (reader.Take("EXPLAIN")) {
    Set(&statement, StatementKind::kExplain, "UTILITY", "EXPLAIN");
  } else if (reader.Take("SHOW")) {
    TRY(ReadShow(reader, &statement));
  } else if (reader.TakeAny({"DESCRIBE", "DESC"})) {
    Set(&statement, StatementKind::kDescribe, "UTILITY", "DESCRIBE_TABLE");
    reader.TakeAny({"TABLE", "EXTENDED", "FORMATTED"});
    TRY(ReadTable(reader, &statement));
  } else if (reader.Take("CREATE")) {
    TRY(ReadCreate(reader, &statement));
  } else if (reader.Take("DROP")) {
    TRY(ReadDrop(reader, &statement));
  } else if (reader.Take("INSERT")) {
    Set(&statement, StatementKind::kInsert, "DML", "INSERT");
  } else if (reader.Take("PREPARE")) {
    Set(&statement, StatementKind::kPrepare, "DDL", "PREPARE");
  } else if (reader.Take("EXECUTE")) {
    Set(&statement, StatementKind::kExecute, "DML", "EXECUTE");
  } else if (reader.Take("DEALLOCATE")) {
    Set(&statement, StatementKind::kDeallocate, "DDL", "DEALLOCATE");
  } else {
    bool dml = reader.TakeAny({"UPDATE", "DELETE", "MERGE", "UNLOAD"});
    Set(&statement, StatementKind::kOther, dml ? "DML" : "DDL", "");
  }
  return statement;
}

}  // namespace hanse::query
