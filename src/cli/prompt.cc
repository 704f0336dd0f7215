#include <editline/readline.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "cli/asking.h"
#include "cli/history_file.h"
#include "cli/output.h"
#include "cli/statement_reader.h"
#include "wire/athena.h"

namespace hanse::cli {
namespace {

namespace athena = wire::athena;

constexpr const char* kCatalog = "AwsDataCatalog";
constexpr const char* kHelp =
    "Statements end with ;   Ctrl-C stops a query, Ctrl-D or \\q ends.\n"
    "  \\l             databases          \\dt            tables of the database\n"
    "  \\d TABLE       a table's columns  \\c DATABASE    go to a database\n"
    "  \\f table|json|csv  how answers are shown\n";
constexpr const char* kKeywords[] = {
    "SELECT",      "FROM",         "WHERE",       "GROUP BY", "ORDER BY", "HAVING",   "LIMIT",   "OFFSET",  "JOIN",     "LEFT JOIN",
    "ON",          "USING",        "AND",         "OR",       "NOT",      "IN",       "IS NULL", "BETWEEN", "LIKE",     "DISTINCT",
    "COUNT",       "SUM",          "AVG",         "MIN",      "MAX",      "CASE",     "WHEN",    "THEN",    "ELSE",     "END",
    "CAST",        "DATE",         "UNNEST",      "WITH",     "UNION",    "EXPLAIN",  "SHOW",    "TABLES",  "DESCRIBE", "DATABASES",
    "INSERT INTO", "CREATE TABLE", "CREATE VIEW", "UNLOAD",   "INTERVAL", "TIMESTAMP"};

// What a word may go on as: keywords, and the names that the asker may see. Read again when the database changes.
class Words {
 public:
  explicit Words(Asking& asking) : asking_(asking) {}
  void Forget() { known_ = false; }
  const std::set<std::string>& All() {
    if (!known_) Read();
    return words_;
  }

 private:
  void Read() {
    known_ = true;
    words_ = {std::begin(kKeywords), std::end(kKeywords)};
    if (auto databases = asking_.as().Call<athena::op::ListDatabases>({.catalog_name = kCatalog});
        databases && databases->database_list) {
      for (const athena::Database& database : *databases->database_list) words_.insert(database.name.value_or(""));
    }
    if (asking_.options().database.empty()) return;
    std::optional<std::string> token;
    do {  // What cannot be read is not offered.
      auto page = asking_.as().Call<athena::op::ListTableMetadata>(
          {.catalog_name = kCatalog, .database_name = asking_.options().database, .next_token = token});
      if (!page || !page->table_metadata_list) return;
      for (const athena::TableMetadata& table : *page->table_metadata_list) {
        words_.insert(table.name.value_or(""));
        if (table.columns) {
          for (const athena::Column& column : *table.columns) words_.insert(column.name.value_or(""));
        }
      }
      token = page->next_token;
    } while (token);
  }

  Asking& asking_;
  bool known_ = false;
  std::set<std::string> words_;
};

Words* offered = nullptr;  // libedit's callbacks carry nothing of ours; set while a prompt runs.

// libedit asks for one match after the other, `state` 0 for the first; it frees what it gets.
char* NextMatch(const char* begun, int state) {
  static std::set<std::string>::const_iterator at;
  const std::set<std::string>& words = offered->All();
  if (state == 0) at = words.begin();
  std::string_view wanted(begun);
  while (at != words.end()) {
    const std::string& word = *at++;
    if (EqualsIgnoreCase(std::string_view(word).substr(0, wanted.size()), wanted)) return strdup(word.c_str());
  }
  return nullptr;
}

char** Matches(const char* begun, int, int) {
  rl_attempted_completion_over = 1;  // Never names of files.
  return rl_completion_matches(begun, NextMatch);
}

// Where the history is kept: XDG's place for state. Empty: nowhere.
std::string HistoryPlace() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string folder = state != nullptr && *state != '\0' ? state : home != nullptr ? std::string(home) + "/.local/state" : "";
  if (folder.empty()) return folder;
  std::error_code failed;
  std::filesystem::create_directories(folder + "/hanse", failed);
  return failed ? "" : folder + "/hanse/query_history.txt";
}

class Prompt {
 public:
  explicit Prompt(Asking& asking) : asking_(asking), words_(asking), history_(HistoryPlace()) {
    using_history();
    stifle_history(HistoryFile::kLinesMax);
    for (const std::string& line : history_.Read()) add_history(line.c_str());
    rl_readline_name = const_cast<char*>("hanse");
    rl_attempted_completion_function = Matches;
    offered = &words_;
  }
  ~Prompt() { offered = nullptr; }
  Prompt(const Prompt&) = delete;
  Prompt& operator=(const Prompt&) = delete;

  void Run() {
    fmt::print("Ask as {}; \\? for help.\n", asking_.as().profile().name);
    while (char* typed = readline(Line().c_str())) {
      std::string line(typed);
      std::free(typed);
      if (reader_.empty() && Trim(line).starts_with('\\')) {
        Remember(line);
        if (!Command(std::string(Trim(line)))) return;
        continue;
      }
      reader_.Add(line);
      while (auto statement = reader_.Next()) {
        Remember(*statement + ";");
        asking_.AskAndShow(*statement);
      }
    }
    fmt::print("\n");
  }

 private:
  std::string Line() const {
    const std::string& database = asking_.options().database;
    return (database.empty() ? "hanse" : database) + (reader_.empty() ? "> " : "-> ");
  }

  // One line an entry, kept at once: a terminal that is closed loses nothing.
  void Remember(std::string statement) {
    std::replace(statement.begin(), statement.end(), '\n', ' ');
    add_history(statement.c_str());
    history_.Append(statement);
  }

  // False: the end.
  bool Command(const std::string& line) {
    std::size_t space = line.find(' ');
    std::string name = line.substr(0, space);
    std::string argument(space == std::string::npos ? std::string_view() : Trim(std::string_view(line).substr(space)));
    if (name == "\\q") return false;
    if (name == "\\l") {
      asking_.AskAndShow("SHOW DATABASES");
    } else if (name == "\\dt" || (name == "\\d" && argument.empty())) {
      asking_.AskAndShow("SHOW TABLES");
    } else if (name == "\\d") {
      asking_.AskAndShow("DESCRIBE " + argument);
    } else if (name == "\\c" && !argument.empty()) {
      asking_.options().database = argument;
      words_.Forget();
    } else if (name == "\\f" && (argument == "table" || argument == "json" || argument == "csv")) {
      asking_.options().format = argument == "json" ? Format::kJson : argument == "csv" ? Format::kCsv : Format::kTable;
    } else {
      fmt::print("{}", kHelp);
    }
    return true;
  }

  Asking& asking_;
  Words words_;
  HistoryFile history_;
  StatementReader reader_;
};

}  // namespace

int RunPrompt(Asking& asking) {
  Prompt(asking).Run();
  return 0;
}

}  // namespace hanse::cli
