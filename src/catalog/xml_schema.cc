// The XML classifier of custom_schema.h. Source: AWS Glue Developer Guide, "Writing XML custom classifiers".
#include <map>

#include <pugixml.hpp>

#include "base/text.h"
#include "catalog/crawl_plan.h"
#include "catalog/custom_schema.h"
#include "catalog/definition.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kXmlRowsMax = 1'000;
constexpr int kXmlDepthMax = 16;

std::vector<InferredColumn> MembersOf(const pugi::xml_node& element, int depth);

// "" for an empty element: it fits every type.
std::string TypeOfElement(const pugi::xml_node& element, int depth) {
  const std::vector<InferredColumn> members = depth < kXmlDepthMax ? MembersOf(element, depth) : std::vector<InferredColumn>();
  if (members.empty()) return TypeOfText(element.child_value());
  std::string type;
  for (const InferredColumn& member : members) {
    type += (type.empty() ? "struct<" : ",") + member.name + ":" + (member.type.empty() ? "string" : member.type);
  }
  return type + ">";
}

// Attributes and children by their names; children of one name are an array.
std::vector<InferredColumn> MembersOf(const pugi::xml_node& element, int depth) {
  std::vector<InferredColumn> members;
  for (const pugi::xml_attribute& attribute : element.attributes()) {
    MergeColumns({{FoldFolderName(attribute.name()), TypeOfText(attribute.value())}}, &members);
  }
  std::map<std::string, int> count;
  std::vector<InferredColumn> children;
  for (const pugi::xml_node& child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    const std::string name = FoldFolderName(child.name());
    ++count[name];
    MergeColumns({{name, TypeOfElement(child, depth + 1)}}, &children);
  }
  for (InferredColumn& child : children) {
    if (count[child.name] > 1) child.type = "array<" + (child.type.empty() ? std::string("string") : child.type) + ">";
  }
  MergeColumns(children, &members);
  return members;
}

// The texts of the elements of that name that are whole, from `*at` on.
std::optional<std::string_view> NextElement(std::string_view text, const std::string& name, std::size_t* at) {
  const std::string open = "<" + name, close = "</" + name + ">";
  for (std::size_t begin = text.find(open, *at); begin != std::string_view::npos; begin = text.find(open, begin + 1)) {
    const std::size_t next = begin + open.size();
    if (next >= text.size() || std::string_view(" \t\r\n>").find(text[next]) == std::string_view::npos) continue;
    const std::size_t end = text.find(close, next);
    if (end == std::string_view::npos) return std::nullopt;
    *at = end + close.size();
    return text.substr(begin, *at - begin);
  }
  return std::nullopt;
}

}  // namespace

std::optional<FileSchema> InferByXml(const wire::glue::XMLClassifier& xml, std::string_view sample) {
  const std::string row_tag = xml.row_tag.value_or("");
  if (row_tag.empty() || !Trim(sample).starts_with('<')) return std::nullopt;
  FileSchema found{.classification = xml.classification.value_or("xml"), .row_tag = row_tag};
  std::size_t at = 0;
  for (std::size_t rows = 0; rows < kXmlRowsMax; ++rows) {
    auto element = NextElement(sample, row_tag, &at);
    if (!element) break;
    pugi::xml_document document;
    if (!document.load_buffer(element->data(), element->size())) return std::nullopt;
    MergeColumns(MembersOf(document.document_element(), 0), &found.columns);
    if (found.columns.size() > kColumnsMax) return std::nullopt;
  }
  if (found.columns.empty()) return std::nullopt;
  for (InferredColumn& column : found.columns) {
    if (column.type.empty()) column.type = "string";
  }
  return found;
}

}  // namespace hanse::catalog
