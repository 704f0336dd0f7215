#include "catalog/grok.h"

#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::catalog {
namespace {

constexpr int kGrokDepthMax = 16;
constexpr std::size_t kGrokBytesMax = 64 << 10;

using Patterns = std::map<std::string, std::string, std::less<>>;

// The usual ones (Logstash's grok-patterns), written for RE2.
const Patterns& BuiltIn() {
  static const Patterns kPatterns = {
      {"USERNAME", R"([a-zA-Z0-9._-]+)"},
      {"USER", "%{USERNAME}"},
      {"INT", R"([+-]?[0-9]+)"},
      {"POSINT", R"([1-9][0-9]*)"},
      {"NONNEGINT", R"([0-9]+)"},
      {"BASE10NUM", R"([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))"},
      {"NUMBER", "%{BASE10NUM}"},
      {"BASE16NUM", R"((?:0[xX])?[0-9A-Fa-f]+)"},
      {"WORD", R"(\b\w+\b)"},
      {"NOTSPACE", R"(\S+)"},
      {"SPACE", R"(\s*)"},
      {"DATA", R"(.*?)"},
      {"GREEDYDATA", R"(.*)"},
      {"QUOTEDSTRING", R"((?:"(?:\\.|[^\\"])*"|'(?:\\.|[^\\'])*'))"},
      {"QS", "%{QUOTEDSTRING}"},
      {"UUID", R"([A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12})"},
      {"IPV4", R"((?:[0-9]{1,3}\.){3}[0-9]{1,3})"},
      {"IPV6", R"((?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})"},
      {"IP", "(?:%{IPV6}|%{IPV4})"},
      {"HOSTNAME", R"(\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\.?)"},
      {"IPORHOST", "(?:%{IP}|%{HOSTNAME})"},
      {"PATH", R"((?:/[^\s]*|[A-Za-z]:\\[^\s]*))"},
      {"URIPATH", R"((?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+)"},
      {"URIPARAM", R"(\?[^\s]*)"},
      {"URIPATHPARAM", "%{URIPATH}(?:%{URIPARAM})?"},
      {"MONTH", R"((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*)"},
      {"MONTHNUM", R"((?:0?[1-9]|1[0-2]))"},
      {"MONTHDAY", R"((?:0[1-9]|[12][0-9]|3[01]|[1-9]))"},
      {"DAY", R"((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*)"},
      {"YEAR", R"([0-9]{4})"},
      {"HOUR", R"((?:2[0-3]|[01]?[0-9]))"},
      {"MINUTE", R"([0-5][0-9])"},
      {"SECOND", R"((?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?)"},
      {"TIME", "%{HOUR}:%{MINUTE}(?::%{SECOND})?"},
      {"ISO8601_TIMEZONE", R"((?:Z|[+-]%{HOUR}(?::?%{MINUTE})))"},
      {"TIMESTAMP_ISO8601", "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?"},
      {"HTTPDATE", "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}"},
      {"LOGLEVEL", R"((?i:trace|debug|notice|info|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|emerg(?:ency)?))"},
      {"COMMONAPACHELOG", R"re(%{IPORHOST:clientip} %{USER:ident} %{USER:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} )re"
                          R"re(%{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} )re"
                          R"re((?:%{NUMBER:bytes}|-))re"},
      {"COMBINEDAPACHELOG", "%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}"},
  };
  return kPatterns;
}

std::string TypeOfField(std::string_view name) {
  static const std::map<std::string, std::string, std::less<>> kTypes = {
      {"int", "int"},      {"integer", "int"}, {"long", "bigint"},   {"bigint", "bigint"},   {"short", "smallint"},
      {"byte", "tinyint"}, {"float", "float"}, {"double", "double"}, {"boolean", "boolean"}, {"date", "date"}};
  auto found = kTypes.find(name);
  return found == kTypes.end() ? "string" : found->second;
}

std::unexpected<Error> NoPattern(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("The grok pattern cannot be compiled: {}.", why));
}

// Puts patterns in the place of their names.
class Expander {
 public:
  explicit Expander(Patterns custom) : custom_(std::move(custom)) {}

  Result<void> Expand(std::string_view text, int depth) {
    if (depth > kGrokDepthMax) return NoPattern("patterns name one another too deep, or in a circle");
    while (!text.empty()) {
      std::size_t begin = text.find("%{");
      expression_ += text.substr(0, begin);
      if (expression_.size() > kGrokBytesMax) return NoPattern("it is too long");
      if (begin == std::string_view::npos) return {};
      std::size_t end = text.find('}', begin);
      if (end == std::string_view::npos) return NoPattern("a name is not closed");
      TRY(ExpandName(Split(text.substr(begin + 2, end - begin - 2), ':'), depth));
      text.remove_prefix(end + 1);
    }
    return {};
  }
  const std::string& expression() const { return expression_; }
  std::vector<InferredColumn>& fields() { return fields_; }

 private:
  Result<void> ExpandName(const std::vector<std::string>& parts, int depth) {
    const Patterns& known = custom_.contains(parts[0]) ? custom_ : BuiltIn();
    auto found = known.find(parts[0]);
    if (found == known.end()) return NoPattern(fmt::format("{} is unknown", parts[0]));
    if (parts.size() > 1 && !parts[1].empty()) {
      fields_.push_back({Lower(parts[1]), TypeOfField(parts.size() > 2 ? parts[2] : "")});
    }
    expression_ += "(?:";
    TRY(Expand(found->second, depth + 1));
    expression_ += ")";
    return {};
  }

  Patterns custom_;
  std::string expression_;
  std::vector<InferredColumn> fields_;
};

}  // namespace

Result<GrokPattern> GrokPattern::Compile(std::string_view pattern, std::string_view custom) {
  Patterns patterns;
  for (const std::string& line : Split(custom, '\n')) {
    std::string_view text = Trim(line);
    std::size_t space = text.find(' ');
    if (space != std::string_view::npos) patterns[std::string(text.substr(0, space))] = Trim(text.substr(space));
  }
  Expander expander(std::move(patterns));
  TRY(expander.Expand(pattern, 0));
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(4 << 20);
  GrokPattern compiled;
  compiled.expression_ = std::make_unique<re2::RE2>(expander.expression(), options);
  if (!compiled.expression_->ok()) return NoPattern(compiled.expression_->error());
  compiled.fields_ = std::move(expander.fields());
  return compiled;
}

}  // namespace hanse::catalog
