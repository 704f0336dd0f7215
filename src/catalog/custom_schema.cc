#include "catalog/custom_schema.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "catalog/grok.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kGrokLinesMax = 1'000;

std::optional<FileSchema> InferByCsv(const wire::glue::CsvClassifier& csv, std::string_view sample, Sample extent) {
  CsvFormat format{.rows_min = 1, .columns_min = csv.allow_single_column.value_or(false) ? 1u : 2u};
  if (csv.delimiter && csv.delimiter->size() == 1) format.delimiter = csv.delimiter->front();
  if (csv.quote_symbol && csv.quote_symbol->size() == 1) format.quote = csv.quote_symbol->front();
  if (csv.contains_header == "PRESENT") format.header = true;
  if (csv.contains_header == "ABSENT") format.header = false;
  if (csv.disable_value_trimming.value_or(false)) format.cells = Cells::kAsTheyAre;
  format.names = csv.header.value_or(std::vector<std::string>());
  auto found = InferCsvAs(sample, extent, format);
  if (found && csv.custom_datatype_configured.value_or(false) && csv.custom_datatypes) {
    // A type for each column, in their order.
    if (csv.custom_datatypes->size() != found->columns.size()) return std::nullopt;
    for (std::size_t i = 0; i < found->columns.size(); ++i) {
      found->columns[i].type = HiveTypeOf((*csv.custom_datatypes)[i]).value_or("string");
    }
  }
  if (found && csv.serde == "OpenCSVSerDe") found->quoted = true;
  if (found && csv.serde == "LazySimpleSerDe") found->quoted = false;
  return found;
}

// "$", "$[*]", "$.a.b" and "$.a[*]": the objects that the path leads to. Others fit nothing.
std::optional<FileSchema> InferByJson(const std::string& path, std::string_view sample, Sample extent) {
  std::string_view rest = Trim(path);
  if (!rest.starts_with('$')) return std::nullopt;
  rest.remove_prefix(1);
  if (rest.ends_with("[*]")) rest.remove_suffix(3);
  if (rest.empty()) return InferJson(sample, extent);
  if (extent == Sample::kCut || rest.front() != '.') return std::nullopt;
  boost::system::error_code error;
  boost::json::value document = boost::json::parse(sample, error);
  const boost::json::value* at = &document;
  if (error) return std::nullopt;
  for (const std::string& name : Split(rest.substr(1), '.')) {
    const auto* object = at->if_object();
    at = object == nullptr ? nullptr : object->if_contains(name);
    if (at == nullptr) return std::nullopt;
  }
  return InferJson(boost::json::serialize(*at), Sample::kWhole);
}

// Nine lines in ten must match.
std::optional<FileSchema> InferByGrok(const wire::glue::GrokClassifier& grok, std::string_view sample, Sample extent) {
  auto pattern = GrokPattern::Compile(grok.grok_pattern.value_or(""), grok.custom_patterns.value_or(""));
  if (!pattern) return std::nullopt;
  std::size_t lines = 0, matched = 0;
  while (!sample.empty() && lines < kGrokLinesMax) {
    std::size_t end = sample.find('\n');
    if (end == std::string_view::npos && extent == Sample::kCut) break;
    std::string_view line = sample.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    sample.remove_prefix(end == std::string_view::npos ? sample.size() : end + 1);
    if (line.empty()) continue;
    ++lines;
    if (pattern->Matches(line)) ++matched;
  }
  if (lines == 0 || matched * 10 < lines * 9 || pattern->fields().empty()) return std::nullopt;
  return FileSchema{.classification = grok.classification.value_or("grok"),
                    .columns = pattern->fields(),
                    .grok_pattern = grok.grok_pattern.value_or(""),
                    .grok_custom_patterns = grok.custom_patterns.value_or("")};
}

}  // namespace

std::optional<std::string> HiveTypeOf(std::string_view datatype) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"binary", "binary"},      {"boolean", "boolean"}, {"date", "date"},   {"decimal", "decimal(38,18)"}, {"double", "double"},
      {"float", "float"},        {"int", "int"},         {"long", "bigint"}, {"short", "smallint"},         {"string", "string"},
      {"timestamp", "timestamp"}};
  const std::string folded = Lower(datatype);
  for (const auto& [name, type] : kTypes) {
    if (name == folded) return std::string(type);
  }
  return std::nullopt;
}

std::optional<FileSchema> InferBy(const wire::glue::Classifier& classifier, std::string_view sample, Sample extent) {
  if (classifier.csv_classifier) return InferByCsv(*classifier.csv_classifier, sample, extent);
  if (classifier.json_classifier) return InferByJson(classifier.json_classifier->json_path.value_or(""), sample, extent);
  if (classifier.xml_classifier) return InferByXml(*classifier.xml_classifier, sample);
  if (classifier.grok_classifier) return InferByGrok(*classifier.grok_classifier, sample, extent);
  return std::nullopt;
}

}  // namespace hanse::catalog
