// A policy and a question: first line "KIND ACTION RESOURCE" (KIND 0 to 5), then context keys "key=value", an empty line, the
// document. It is refused or understood; whatever it means, a Deny of everything takes it all, it gives nothing across accounts on
// its own, and as a boundary or session policy it adds nothing.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "policy/evaluate.h"
#include "policy/principals.h"

namespace {

using namespace hanse::policy;

struct Asked {
  DocumentKind kind = DocumentKind::kIdentity;
  std::string action, resource, document;
  Context context;
};

Asked Read(const std::string& text) {
  Asked asked;
  const std::size_t head = text.find("\n\n");
  const std::vector<std::string> lines = hanse::Split(text.substr(0, head), '\n');
  const std::vector<std::string> words = hanse::Split(lines.empty() ? "" : lines[0], ' ');
  if (!words.empty() && !words[0].empty()) asked.kind = static_cast<DocumentKind>(static_cast<unsigned char>(words[0][0]) % 6);
  if (words.size() > 1) asked.action = words[1];
  if (words.size() > 2) asked.resource = words[2];
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t equals = lines[i].find('=');
    if (equals != std::string::npos) asked.context[hanse::Lower(lines[i].substr(0, equals))].push_back(lines[i].substr(equals + 1));
  }
  if (head != std::string::npos) asked.document = text.substr(head + 2);
  return asked;
}

DocumentPtr Everything(const char* effect) {
  const auto document = ParseDocument(
      std::string(R"({"Version":"2012-10-17","Statement":[{"Effect":")") + effect + R"(","Action":"*","Resource":"*"}]})",
      DocumentKind::kIdentity);
  if (!document) std::abort();
  return *document;
}

hanse::Caller Ana() {
  hanse::Caller caller;
  caller.kind = hanse::CallerKind::kUser;
  caller.account = "111122223333";
  caller.arn = caller.principal_arn = "arn:aws:iam::111122223333:user/ana";
  caller.unique_id = "AIDAAAAAAAAAAAAAAAAA";
  caller.name = "ana";
  return caller;
}

bool Allowed(const Facts& facts, const Asked& asked, const NamedDocument* resource_policy = nullptr, std::string_view owner = {}) {
  Question question{.action = asked.action, .resource = asked.resource, .context = asked.context, .owner = owner};
  question.resource_policy = resource_policy;
  const Decision decision = Decide(facts, question);
  if (decision.Text().empty()) std::abort();
  return decision.allowed();
}

void CheckDecisions(const Asked& asked, const DocumentPtr& document) {
  static const NamedDocument allow{"allow", Everything("Allow")}, deny{"deny", Everything("Deny")};
  const NamedDocument it{"it", document};
  if (document->kind() == DocumentKind::kResource || document->kind() == DocumentKind::kTrust) {
    const Facts with_nothing{.caller = Ana()}, denied{.caller = Ana(), .identity = {allow, deny}};
    (void)Allowed(with_nothing, asked, &it);
    if (Allowed(with_nothing, asked, &it, "444455556666") || Allowed(denied, asked, &it)) std::abort();
    return;
  }
  const bool given = Allowed({.caller = Ana(), .identity = {it}}, asked);
  if (Allowed({.caller = Ana(), .identity = {allow, it, deny}}, asked)) std::abort();
  if (Allowed({.caller = Ana(), .identity = {it}}, asked, nullptr, "444455556666")) std::abort();
  // To hold all that is allowed to what the document allows is to have what it allows.
  if (Allowed({.caller = Ana(), .identity = {allow}, .boundary = it}, asked) != given) std::abort();
  if (Allowed({.caller = Ana(), .identity = {allow}, .session = {{it}}}, asked) != given) std::abort();
  if (Allowed({.caller = Ana(), .identity = {allow}, .service_control = {{it}}}, asked) != given) std::abort();
  if (Allowed({.caller = Ana(), .identity = {}, .boundary = it}, asked)) std::abort();
}

// Principals bound to ids and shown again; a document that can be read before can be read after.
void CheckPrincipals(const Asked& asked) {
  const auto known = [](std::string_view) -> hanse::Result<std::optional<std::string>> { return "AROAAAAAAAAAAAAAAAAA"; };
  const auto bound = BindPrincipals(asked.document, known);
  if (!bound) return;
  if (!ParseDocument(*bound, asked.kind)) std::abort();
  if (!ShowPrincipals(*bound, [](std::string_view) -> hanse::Result<std::optional<std::string>> { return std::nullopt; }))
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Asked asked = Read(std::string(reinterpret_cast<const char*>(data), size));
  const auto document = ParseDocument(asked.document, asked.kind);
  if (!document) {
    if (document.error().code != hanse::ErrorCode::kInvalidArgument || document.error().message.empty()) std::abort();
    return 0;
  }
  if ((*document)->text() != asked.document) std::abort();
  (void)(*document)->ContextKeys();
  (void)IsPublic(**document);
  CheckDecisions(asked, *document);
  CheckPrincipals(asked);
  return 0;
}
