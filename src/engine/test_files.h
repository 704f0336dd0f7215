#pragma once
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/test_lake.h"

namespace hanse::engine {

// For tests of formats: shop.t over files whose bytes are given.
class FilesTest : public testing::Test {
 protected:
  explicit FilesTest(DataFormat format) : tables(objects), format_(format) {}

  TableSource& Table(std::vector<ColumnSource> columns, const std::vector<std::string>& files) {
    TableSource table;
    table.database = "shop";
    table.name = "t";
    table.format = format_;
    for (const ColumnSource& column : columns) table.visible.push_back(column.name);
    table.columns = std::move(columns);
    for (const std::string& bytes : files) table.files.push_back(objects.Put(bytes));
    return tables.Add(std::move(table));
  }
  std::string Text(const std::string& sql) { return Ask(tables, sql).Text(); }
  // `source`: HANSE_SOURCE_DIR; `path`: below its src/.
  static std::string BytesOf(const std::string& source, const std::string& path) {
    std::stringstream bytes;
    bytes << std::ifstream(source + "/src/" + path, std::ios::binary).rdbuf();
    return bytes.str();
  }
  TestObjects objects;
  TestTables tables;

 private:
  const DataFormat format_;
};

}  // namespace hanse::engine
