#include "warehouse/table_copy.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::warehouse {
namespace {

// Of these the binary form is read; of any other type its text, which every type has.
bool InBinary(unsigned type) {
  switch (type) {
    case kBool:
    case kBytea:
    case kInt8:
    case kInt2:
    case kInt4:
    case kText:
    case kFloat4:
    case kFloat8:
    case kDate:
    case kTimestamp:
    case kTimestampTz:
    case kNumeric: return true;
    default: return false;
  }
}

const Session::Column* Find(const std::vector<Session::Column>& all, const std::string& name) {
  const Session::Column* found = nullptr;
  for (const Session::Column& column : all) {
    if (column.name == name) return &column;
    if (!EqualsIgnoreCase(column.name, name)) continue;
    if (found) return nullptr;
    found = &column;
  }
  return found;
}

}  // namespace

Result<TableCopy> PlanCopy(Session& session, const std::string& schema, const std::string& table,
                           const std::vector<std::string>& columns) {
  const std::string from = fmt::format("FROM {}.{}", Quoted(schema), Quoted(table));
  TRY_ASSIGN(auto all, session.Describe("SELECT * " + from));
  TableCopy copy;
  std::string list;
  for (const std::string& name : columns) {
    const Session::Column* column = Find(all, name);
    if (!column) return Fail(ErrorCode::kNotFound, "the table in the warehouse lacks a column that the catalog lists");
    const bool binary = InBinary(column->type);
    list += fmt::format("{}{}{}", list.empty() ? "" : ", ", Quoted(column->name), binary ? "" : "::pg_catalog.text");
    copy.types.push_back(binary ? column->type : static_cast<unsigned>(kText));
  }
  copy.sql = fmt::format("COPY (SELECT {} {}) TO STDOUT (FORMAT binary)", list, from);
  return copy;
}

}  // namespace hanse::warehouse
