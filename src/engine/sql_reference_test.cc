#include <gmock/gmock.h>

#include <fstream>

#include "base/text.h"
#include "engine/test_lake.h"
#include "engine/trino_names.h"

// docs/reference/sql.md is the list of Trino's functions, and its rows are asked here.
namespace hanse::engine {
namespace {

struct ReferenceRow {
  std::string group, state, text;
  std::vector<std::string> names;
};

struct Reference {
  std::string relation;  // Of the aggregates' examples.
  std::vector<ReferenceRow> rows;
};

// What stands between backticks, a pipe's escape undone.
std::vector<std::string> Quoted(const std::string& cell) {
  std::vector<std::string> texts;
  std::size_t open = cell.find('`');
  while (open != std::string::npos) {
    std::size_t close = cell.find('`', open + 1);
    std::string text = cell.substr(open + 1, close - open - 1);
    for (std::size_t at = 0; (at = text.find("\\|", at)) != std::string::npos;) text.erase(at, 1);
    texts.push_back(text);
    open = cell.find('`', close + 1);
  }
  return texts;
}

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|' && line[i - 1] != '\\') {
      cells.emplace_back();
    } else {
      cells.back() += line[i];
    }
  }
  return cells;
}

Reference ReadReference() {
  std::ifstream file(HANSE_SOURCE_DIR "/docs/reference/sql.md");
  Reference reference;
  std::string group;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("### ")) group = line.substr(4);
    if (line.starts_with("(VALUES ")) reference.relation = line;
    if (!line.starts_with("| `") || group.empty()) continue;
    auto cells = CellsOf(line);
    if (cells.size() < 3) continue;
    reference.rows.push_back({group, std::string(Trim(cells[1])), cells[2], Quoted(cells[0])});
  }
  return reference;
}

std::string Asked(const Reference& reference, const ReferenceRow& row, const std::string& expression) {
  if (row.group == "Aggregates") return "SELECT " + expression + " FROM " + reference.relation;
  if (row.group == "Window functions") {
    return "SELECT a FROM (SELECT " + expression + " AS a, x FROM " + reference.relation + ") ORDER BY x LIMIT 1";
  }
  return "SELECT " + expression;
}

TEST(SqlReferenceTest, WhatIsTheSameAnswersAsItSays) {
  TestObjects objects;
  TestTables tables(objects);
  Reference reference = ReadReference();
  int asked = 0;
  for (const ReferenceRow& row : reference.rows) {
    if (row.state != "same") continue;
    auto example = Quoted(row.text);
    ASSERT_EQ(example.size(), 2u) << row.text;
    ASSERT_NE(example[0].find(row.names.at(0)), std::string::npos) << row.text;
    EXPECT_EQ(Ask(tables, Asked(reference, row, example[0])).Text(), example[1] + "\n") << example[0];
    ++asked;
  }
  EXPECT_GT(asked, 250);
}

TEST(SqlReferenceTest, WhatIsMissingIsRefusedByName) {
  TestObjects objects;
  TestTables tables(objects);
  for (const ReferenceRow& row : ReadReference().rows) {
    if (row.state != "missing") continue;
    for (const std::string& name : row.names) {
      EXPECT_THAT(Ask(tables, "SELECT " + name + "(1)").Text(),
                  testing::MatchesRegex("FUNCTION_NOT_FOUND: .*Function '" + name + "' not registered"));
    }
  }
}

TEST(SqlReferenceTest, EveryFunctionStandsInTheList) {
  std::set<std::string> served, missing;
  for (const ReferenceRow& row : ReadReference().rows) {
    ASSERT_THAT(row.state, testing::AnyOf("same", "different", "missing"));
    EXPECT_TRUE(row.state != "different" || row.text.size() > 10) << row.names.at(0);
    auto& names = row.state == "missing" ? missing : served;
    names.insert(row.names.begin(), row.names.end());
  }
  auto known = TrinoFunctionNames();
  EXPECT_EQ(served, std::set<std::string>(known.begin(), known.end()));
  for (const std::string& name : missing) EXPECT_FALSE(served.contains(name)) << name;
}

}  // namespace
}  // namespace hanse::engine
