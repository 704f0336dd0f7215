#include "catalog/classifier.h"

#include <fmt/format.h>

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

// Where `in` gives a member, it replaces that of `classifier`. kInvalidArgument unless it is about exactly one kind.
template <class Request>
Result<void> Fill(const Request& in, Classifier* classifier) {
  auto take = [](const auto& from, auto* to) {
    if (from) *to = from;
  };
  int kinds = 0;
  if (in.grok_classifier) {
    if (!classifier->grok_classifier) classifier->grok_classifier.emplace();
    auto& to = *classifier->grok_classifier;
    take(in.grok_classifier->name, &to.name);
    take(in.grok_classifier->classification, &to.classification);
    take(in.grok_classifier->grok_pattern, &to.grok_pattern);
    take(in.grok_classifier->custom_patterns, &to.custom_patterns);
    ++kinds;
  }
  if (in.xml_classifier) {
    if (!classifier->xml_classifier) classifier->xml_classifier.emplace();
    auto& to = *classifier->xml_classifier;
    take(in.xml_classifier->name, &to.name);
    take(in.xml_classifier->classification, &to.classification);
    take(in.xml_classifier->row_tag, &to.row_tag);
    ++kinds;
  }
  if (in.json_classifier) {
    if (!classifier->json_classifier) classifier->json_classifier.emplace();
    auto& to = *classifier->json_classifier;
    take(in.json_classifier->name, &to.name);
    take(in.json_classifier->json_path, &to.json_path);
    ++kinds;
  }
  if (in.csv_classifier) {
    if (!classifier->csv_classifier) classifier->csv_classifier.emplace();
    auto& to = *classifier->csv_classifier;
    take(in.csv_classifier->name, &to.name);
    take(in.csv_classifier->delimiter, &to.delimiter);
    take(in.csv_classifier->quote_symbol, &to.quote_symbol);
    take(in.csv_classifier->contains_header, &to.contains_header);
    take(in.csv_classifier->header, &to.header);
    take(in.csv_classifier->disable_value_trimming, &to.disable_value_trimming);
    take(in.csv_classifier->allow_single_column, &to.allow_single_column);
    take(in.csv_classifier->custom_datatype_configured, &to.custom_datatype_configured);
    take(in.csv_classifier->custom_datatypes, &to.custom_datatypes);
    take(in.csv_classifier->serde, &to.serde);
    ++kinds;
  }
  if (kinds != 1) return Fail(ErrorCode::kInvalidArgument, "A request is about one classifier of one kind.");
  return {};
}

Result<void> CheckClassifier(const Classifier& classifier) {
  if (classifier.csv_classifier) {
    const auto& csv = *classifier.csv_classifier;
    if (csv.delimiter.value_or(",") == csv.quote_symbol.value_or("\"")) {
      return Fail(ErrorCode::kInvalidArgument, "Delimiter and QuoteSymbol must differ.");
    }
    if (csv.custom_datatype_configured.value_or(false)) {
      return Fail(ErrorCode::kUnsupported, "CsvClassifier.CustomDatatypeConfigured");
    }
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
  bool same = classifier.grok_classifier.has_value() == asked.grok_classifier.has_value() &&
              classifier.xml_classifier.has_value() == asked.xml_classifier.has_value() &&
              classifier.json_classifier.has_value() == asked.json_classifier.has_value();
  if (!same) return Fail(ErrorCode::kInvalidArgument, fmt::format("Classifier {} is of another kind.", name));
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
