#pragma once
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "audit/test_journal.h"
#include "base/clock.h"
#include "gate/gate.h"
#include "keys/domain_keys.h"
#include "keys/key_policy.h"
#include "keys/kms.h"
#include "store/test_store.h"

// For the tests of this folder: KMS behind a real gate on a real store; callers whose own policies are what the test says.
namespace hanse::keys {

// Identity policies by the caller's ARN: actions as JSON, on everything. Who is not named here may nothing.
class TestPolicies final : public gate::PolicySource {
 public:
  void Allow(const Caller& caller, const std::string& actions) { actions_[caller.arn] = actions; }
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    policy::Facts facts;
    facts.caller = caller;
    if (auto at = actions_.find(caller.arn); at != actions_.end()) {
      TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[)" +
                                                          at->second + R"(],"Resource":"*"}]})",
                                                      policy::DocumentKind::kIdentity));
      facts.identity.push_back({"inline:test", std::move(document)});
    }
    return facts;
  }

 private:
  std::map<std::string, std::string> actions_;
};

class World {
 public:
  static constexpr const char* kCity = "111122223333";
  static constexpr const char* kForeign = "444455556666";
  static constexpr const char* kRegion = "us-east-1";

  World() : admin(User(kCity, "admin")), worker(User(kCity, "worker")), stranger(User(kForeign, "stranger")) {
    Enrol(worker);
    Enrol(stranger);
    policies.Allow(admin, R"("kms:*")");
  }

  static Caller User(const std::string& account, const std::string& name) {
    Caller caller;
    caller.kind = CallerKind::kUser;
    caller.account = account;
    caller.name = name;
    caller.arn = caller.principal_arn = "arn:aws:iam::" + account + ":user/" + name;
    caller.unique_id = UniqueId(name, 'A');
    return caller;
  }
  static std::string UniqueId(const std::string& name, char filler) {
    std::string letters = name;
    for (char& c : letters) c = static_cast<char>(c - 'a' + 'A');
    return "AIDA" + letters + std::string(17 - letters.size(), filler);
  }
  // Puts a user into the store, so that policies can name it.
  void Enrol(const Caller& caller) {
    auto tx = store->BeginWrite().value();
    Id id = tx->NewId().value();
    bool done = tx->Execute("INSERT INTO things (id, kind) VALUES (?, 'user')", {id}) &&
                tx->Execute(
                    "INSERT INTO principals (id, account, kind, name, name_lower, path, arn, unique_id, created_ms, trust, "
                    "definition) VALUES (?, ?, 'user', ?, ?, '/', ?, ?, 0, '', '{}')",
                    {id, caller.account, caller.name, caller.name, caller.arn, caller.unique_id}) &&
                tx->Commit();
    if (!done) std::abort();
  }
  void Leave(const Caller& caller) {
    auto tx = store->BeginWrite().value();
    if (!tx->Execute("DELETE FROM principals WHERE arn = ?", {caller.arn}) || !tx->Commit()) std::abort();
  }

  template <class Op>
  Result<typename Op::Answer> Run(const Caller& caller, typename Op::Wire::Input in) {
    Op op;
    op.in = std::move(in);
    gate::Context context{caller, {}};
    context.info.service = "kms";
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = kRegion;
    context.info.now_ms = clock.NowMs();
    return gate.Run(context, op, kms);
  }
  // The name of the error, "" where there is none.
  template <class Op>
  std::string Refused(const Caller& caller, typename Op::Wire::Input in) {
    auto done = Run<Op>(caller, std::move(in));
    if (done) return "";
    if (!done.error().name.empty()) return done.error().name;
    return done.error().code == ErrorCode::kAccessDenied ? "AccessDenied" : done.error().message;
  }

  static std::string Grants(const std::string& principal, const std::string& actions, const std::string& more = "") {
    return R"({"Effect":"Allow","Principal":{"AWS":")" + principal + R"("},"Action":)" + actions + R"(,"Resource":"*")" + more +
           "}";
  }
  // The administrator's policy, and these statements.
  std::string Policy(const std::vector<std::string>& statements = {}) const {
    std::string text = R"({"Version":"2012-10-17","Statement":[)" + Grants("arn:aws:iam::111122223333:root", R"("kms:*")");
    for (const std::string& one : statements) text += "," + one;
    return text + "]}";
  }
  // A new key of the city; its ARN.
  std::string Key(const std::vector<std::string>& statements = {}) {
    return *Run<CreateKey>(admin, {.policy = Policy(statements)}).value().key_metadata->arn;
  }
  std::string SetPolicy(const std::string& key, const std::vector<std::string>& statements) {
    return Refused<PutKeyPolicy>(admin, {.key_id = key, .policy = Policy(statements)});
  }
  std::string Sealed(const std::string& key, const std::string& text, std::map<std::string, std::string> context = {}) {
    return *Run<Encrypt>(admin, {.key_id = key, .plaintext = text, .encryption_context = std::move(context)})->ciphertext_blob;
  }
  // The plaintext, or the name of the refusal in brackets.
  std::string Opened(const Caller& caller, const std::string& blob, std::map<std::string, std::string> context = {}) {
    auto opened = Run<Decrypt>(caller, {.ciphertext_blob = blob, .encryption_context = std::move(context)});
    if (opened) return *opened->plaintext;
    return "[" + (opened.error().name.empty() ? std::string("AccessDenied") : opened.error().name) + "]";
  }
  std::string MayEncrypt(const Caller& caller, const std::string& key, std::map<std::string, std::string> context = {}) {
    return Refused<Encrypt>(caller, {.key_id = key, .plaintext = "x", .encryption_context = std::move(context)});
  }

  store::TestStore store;
  SeededRandom random{23};
  ManualClock clock;
  const crypto::Key root = crypto::Key::Draw(random);
  audit::TestJournal journal;
  TestPolicies policies;
  KeyPolicies key_policies;
  Materials materials{root, random};
  DomainKeys domain_keys{materials, random};
  Kms kms{materials, root, random};
  gate::Gate gate{{*store, journal, clock, random, policies, {{"kms", &key_policies}}}};
  const Caller admin, worker, stranger;
};

}  // namespace hanse::keys
