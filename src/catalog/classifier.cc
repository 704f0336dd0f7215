#include "catalog/classifier.h"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "catalog/custom_schema.h"
#include "catalog/grok.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::Classifier;

Result<std::vector<gate::Need>> NeedOnAnyClassifier(std::string_view action) {
  return std::vector<gate::Need>{{.action = std::string(action), .resource = "*"}};
}

// Name, moments and version are members of each kind.
template <class Visit>
void OnKind(Classifier& classifier, Visit visit) {
  if (classifier.grok_classifier) visit(*classifier.grok_classifier);
  if (classifier.xml_classifier) visit(*classifier.xml_classifier);
  if (classifier.json_classifier) visit(*classifier.json_classifier);
  if (classifier.csv_classifier) visit(*classifier.csv_classifier);
}

// Where `asked` gives a member, it replaces that of the same name.
template <class Asked, class Kind>
Result<int> Overlay(const std::optional<Asked>& asked, std::optional<Kind>* kind) {
  if (!asked) return 0;
  boost::system::error_code error;
  boost::json::value members = boost::json::parse(wire::ToJson(kind->value_or(Kind())), error);
  const boost::json::value given = boost::json::parse(wire::ToJson(*asked), error);
  if (error || !members.is_object() || !given.is_object()) return Fail(ErrorCode::kInternal, "a classifier is no JSON object");
  for (const auto& [name, value] : given.get_object()) members.get_object()[name] = value;
  TRY_ASSIGN(*kind, wire::FromJson<Kind>(boost::json::serialize(members)));
  return 1;
}

// kInvalidArgument unless `in` is about exactly one kind.
template <class Request>
Result<void> Fill(const Request& in, Classifier* classifier) {
  TRY_ASSIGN(int grok, Overlay(in.grok_classifier, &classifier->grok_classifier));
  TRY_ASSIGN(int xml, Overlay(in.xml_classifier, &classifier->xml_classifier));
  TRY_ASSIGN(int json, Overlay(in.json_classifier, &classifier->json_classifier));
  TRY_ASSIGN(int csv, Overlay(in.csv_classifier, &classifier->csv_classifier));
  if (grok + xml + json + csv == 1) return {};
  return Fail(ErrorCode::kInvalidArgument, "A request is about one classifier of one kind.");
}

// Which of the four it is.
int KindOf(const Classifier& classifier) {
  return classifier.grok_classifier ? 0 : classifier.xml_classifier ? 1 : classifier.json_classifier ? 2 : 3;
}

Result<void> CheckDatatypes(const wire::glue::CsvClassifier& csv) {
  for (const std::string& type : csv.custom_datatypes.value_or(std::vector<std::string>())) {
    if (!HiveTypeOf(type)) return Fail(ErrorCode::kInvalidArgument, fmt::format("CustomDatatypes: {} is no type.", type));
  }
  return {};
}

Result<void> CheckClassifier(const Classifier& classifier) {
  if (classifier.csv_classifier) {
    const auto& csv = *classifier.csv_classifier;
    if (csv.delimiter.value_or(",") == csv.quote_symbol.value_or("\"")) {
      return Fail(ErrorCode::kInvalidArgument, "Delimiter and QuoteSymbol must differ.");
    }
    TRY(CheckDatatypes(csv));
  }
  if (classifier.xml_classifier && classifier.xml_classifier->row_tag.value_or("").find_first_of(" <>/&'\"") != std::string::npos) {
    return Fail(ErrorCode::kInvalidArgument, "RowTag must be the name of an element.");
  }
  if (classifier.grok_classifier) {
    const auto& grok = *classifier.grok_classifier;
    TRY(GrokPattern::Compile(grok.grok_pattern.value_or(""), grok.custom_patterns.value_or("")));
  }
  return {};
}

Result<void> KeepClassifier(const gate::Call& call, const std::string& name, const Classifier& classifier) {
  TRY(CheckClassifier(classifier));
  TRY(
      call.tx().Execute("INSERT INTO catalog_classifiers (account, region, name, definition) VALUES (?, ?, ?, ?) ON CONFLICT "
                        "(account, region, name) DO UPDATE SET definition = excluded.definition",
                        {call.caller().account, call.info().region, name, wire::ToJson(classifier)}));
  return {};
}

std::string NameOfClassifier(Classifier& classifier) {
  std::string name;
  OnKind(classifier, [&](const auto& kind) { name = kind.name.value_or(""); });
  return name;
}

}  // namespace

Result<Classifier> ReadClassifier(const gate::Call& call, const std::string& name) {
  TRY_ASSIGN(auto row, call.tx().Maybe("SELECT definition FROM catalog_classifiers WHERE account = ? AND region = ? AND name = ?",
                                       {call.caller().account, call.info().region, name}));
  if (!row) return Fail(ErrorCode::kNotFound, fmt::format("Classifier {} not found.", name));
  return wire::FromJson<Classifier>(row->Text(0));
}

Result<std::vector<gate::Need>> CreateClassifier::On(const gate::Context&, store::Transaction&) const {
  return NeedOnAnyClassifier("glue:CreateClassifier");
}
Result<std::vector<gate::Need>> GetClassifier::On(const gate::Context&, store::Transaction&) const {
  return NeedOnAnyClassifier("glue:GetClassifier");
}
Result<std::vector<gate::Need>> GetClassifiers::On(const gate::Context&, store::Transaction&) const {
  return NeedOnAnyClassifier("glue:GetClassifiers");
}
Result<std::vector<gate::Need>> UpdateClassifier::On(const gate::Context&, store::Transaction&) const {
  return NeedOnAnyClassifier("glue:UpdateClassifier");
}
Result<std::vector<gate::Need>> DeleteClassifier::On(const gate::Context&, store::Transaction&) const {
  return NeedOnAnyClassifier("glue:DeleteClassifier");
}

Result<CreateClassifier::Answer> Classifiers::Do(const gate::Authorized<CreateClassifier>& call) const {
  Classifier classifier;
  TRY(Fill(call->in, &classifier));
  const std::string name = NameOfClassifier(classifier);
  auto taken = ReadClassifier(call, name);
  if (taken) return Fail(ErrorCode::kAlreadyExists, fmt::format("Classifier {} already exists.", name));
  if (taken.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(taken).error());
  OnKind(classifier, [&](auto& kind) {
    kind.creation_time = kind.last_updated = wire::Timestamp{call.now_ms()};
    kind.version = 1;
  });
  TRY(KeepClassifier(call, name, classifier));
  return CreateClassifier::Answer();
}

Result<GetClassifier::Answer> Classifiers::Do(const gate::Authorized<GetClassifier>& call) const {
  TRY_ASSIGN(Classifier classifier, ReadClassifier(call, *call->in.name));
  return GetClassifier::Answer{.classifier = std::move(classifier)};
}

Result<GetClassifiers::Answer> Classifiers::Do(const gate::Authorized<GetClassifiers>& call) const {
  const std::string list = fmt::format("GetClassifiers/{}/{}", call.caller().account, call.info().region);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, call->in.next_token));
  const std::size_t page = PageSize(call->in.max_results, kPageMax);
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT name, definition FROM catalog_classifiers WHERE account = ? AND region = ? AND "
                                        "name > ? ORDER BY name LIMIT ?",
                                        {call.caller().account, call.info().region, after, static_cast<std::int64_t>(page) + 1}));
  GetClassifiers::Answer answer{.classifiers = std::vector<Classifier>()};
  for (const store::Row& row : rows) {
    if (answer.classifiers->size() == page) {
      answer.next_token = pages_.Next(list, after);
      break;
    }
    after = row.Text(0);
    TRY_ASSIGN(auto classifier, wire::FromJson<Classifier>(row.Text(1)));
    answer.classifiers->push_back(std::move(classifier));
  }
  return answer;
}

Result<UpdateClassifier::Answer> Classifiers::Do(const gate::Authorized<UpdateClassifier>& call) const {
  Classifier asked;
  TRY(Fill(call->in, &asked));
  const std::string name = NameOfClassifier(asked);
  TRY_ASSIGN(Classifier classifier, ReadClassifier(call, name));
  if (KindOf(classifier) != KindOf(asked)) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Classifier {} is of another kind.", name));
  }
  TRY(Fill(call->in, &classifier));
  OnKind(classifier, [&](auto& kind) {
    kind.last_updated = wire::Timestamp{call.now_ms()};
    kind.version = kind.version.value_or(1) + 1;
  });
  TRY(KeepClassifier(call, name, classifier));
  return UpdateClassifier::Answer();
}

Result<DeleteClassifier::Answer> Classifiers::Do(const gate::Authorized<DeleteClassifier>& call) const {
  TRY(ReadClassifier(call, *call->in.name));
  TRY(call.tx().Execute("DELETE FROM catalog_classifiers WHERE account = ? AND region = ? AND name = ?",
                        {call.caller().account, call.info().region, *call->in.name}));
  return DeleteClassifier::Answer();
}

}  // namespace hanse::catalog
