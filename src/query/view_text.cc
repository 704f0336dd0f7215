#include "query/view_text.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"
#include "query/tokens.h"

namespace hanse::query {
namespace {

constexpr std::string_view kBegin = "/* Presto View: ";
constexpr std::string_view kEnd = " */";
constexpr int kTypeNestingMax = 64;

// "(10,2)" where it stands here, else nothing.
std::string ReadSizes(TokenReader& reader) {
  if (!reader.Take("(")) return {};
  std::string sizes;
  while (!reader.done() && !reader.Take(")")) sizes += reader.Take(",") ? "," : reader.TakeName();
  return fmt::format("({})", sizes);
}

std::string ReadTrinoType(TokenReader& reader, int depth);

// The types of array(T), map(K, V) and row(name T, …), from behind the word.
std::string ReadInner(TokenReader& reader, bool named, int depth) {
  std::string inner;
  if (!reader.Take("(")) return inner;
  do {
    inner += inner.empty() ? "" : ",";
    if (named) inner += reader.TakeName() + ":";
    inner += ReadTrinoType(reader, depth + 1);
  } while (reader.Take(","));
  reader.Take(")");
  return inner;
}

std::string ReadTrinoType(TokenReader& reader, int depth) {
  if (depth > kTypeNestingMax) return "string";
  std::string name = reader.TakeName();
  if (name == "array" || name == "map") return fmt::format("{}<{}>", name, ReadInner(reader, false, depth));
  if (name == "row") return fmt::format("struct<{}>", ReadInner(reader, true, depth));
  std::string sizes = ReadSizes(reader);
  reader.TakeAll({"with", "time", "zone"});
  if (name == "integer") return "int";
  if (name == "real") return "float";
  if (name == "varbinary") return "binary";
  if (name == "decimal" || name == "char") return name + sizes;
  if (name == "varchar") return sizes.empty() ? "string" : name + sizes;
  constexpr std::string_view kSame[] = {"bigint", "smallint", "tinyint", "boolean", "double", "date", "timestamp"};
  return Contains(kSame, name) ? name : "string";
}

std::string TextOf(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

std::string WriteViewText(const ViewText& view) {
  boost::json::array columns;
  for (const engine::ResultColumn& column : view.columns) columns.push_back({{"name", column.name}, {"type", column.type}});
  boost::json::object json{
      {"originalSql", view.sql}, {"catalog", "awsdatacatalog"}, {"schema", view.database}, {"columns", std::move(columns)}};
  return fmt::format("{}{}{}", kBegin, Base64(boost::json::serialize(json)), kEnd);
}

Result<ViewText> ReadViewText(std::string_view original_text) {
  auto broken = [] { return Fail(ErrorCode::kInvalidArgument, "INVALID_VIEW: the view's text cannot be read"); };
  std::string_view text = Trim(original_text);
  if (!text.starts_with(kBegin) || !text.ends_with(kEnd) || text.size() < kBegin.size() + kEnd.size()) return broken();
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  std::string decoded;
  if (!UnBase64(Trim(text), &decoded)) return broken();
  boost::system::error_code error;
  boost::json::value json = boost::json::parse(decoded, error);
  if (error || !json.is_object()) return broken();
  const boost::json::object& object = json.as_object();
  ViewText view{.sql = TextOf(object, "originalSql"), .database = Lower(TextOf(object, "schema")), .columns = {}};
  if (view.sql.empty()) return broken();
  if (const boost::json::value* columns = object.if_contains("columns"); columns && columns->is_array()) {
    for (const boost::json::value& column : columns->as_array()) {
      if (!column.is_object()) return broken();
      view.columns.push_back({.name = TextOf(column.as_object(), "name"), .type = TextOf(column.as_object(), "type")});
    }
  }
  return view;
}

std::string HiveTypeOf(std::string_view trino_type) {
  TokenReader reader(Tokens(trino_type, Quotes::kTrino));
  return ReadTrinoType(reader, 0);
}

}  // namespace hanse::query
