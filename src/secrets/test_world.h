#pragma once
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "audit/test_journal.h"
#include "base/clock.h"
#include "gate/gate.h"
#include "model/arn.h"
#include "secrets/keeper.h"
#include "secrets/secret_policy.h"
#include "secrets/secrets.h"
#include "store/test_store.h"

// For the tests of this folder: Secrets Manager behind a real gate on a real store; callers whose own policies are what the test
// says, keys that open and shut as it says.
namespace hanse::secrets {

// Identity policies by the caller's ARN: actions as JSON, on everything. Who is not named here may nothing.
class TestPolicies final : public gate::PolicySource {
 public:
  void Allow(const Caller& caller, const std::string& actions) { actions_[caller.arn] = actions; }
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    policy::Facts facts{.caller = caller};
    auto at = actions_.find(caller.arn);
    if (at == actions_.end()) return facts;
    TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[)" +
                                                        at->second + R"(],"Resource":"*"}]})",
                                                    policy::DocumentKind::kIdentity));
    facts.identity.push_back({"inline:test", std::move(document)});
    return facts;
  }

 private:
  std::map<std::string, std::string> actions_;
};

// "Wraps" by writing key and context down.
class TestKeys final : public SecretKeys {
 public:
  std::set<std::string> shut;
  static std::string ArnOf(std::string_view account, std::string_view id) {
    return "arn:aws:kms:us-east-1:" + std::string(account) + ":key/" + std::string(id);
  }
  Result<std::string> Domain(store::Transaction&, std::string_view account, std::string_view, TimeMs) override {
    return ArnOf(account, "domain");
  }
  Result<std::optional<std::string>> Find(store::Transaction&, std::string_view name, std::string_view account,
                                          std::string_view) override {
    if (name == "missing") return std::optional<std::string>();
    return std::optional(name.starts_with("arn:") ? std::string(name) : ArnOf(account, name));
  }
  Result<std::string> Wrap(store::Transaction&, std::string_view arn, const crypto::Key& key, std::string_view context) override {
    TRY(Usable(arn));
    return Hex(key.bytes()) + " " + std::string(arn) + " " + std::string(context);
  }
  Result<crypto::Key> Unwrap(store::Transaction&, std::string_view arn, std::string_view wrapped,
                             std::string_view context) override {
    TRY(Usable(arn));
    std::string bytes;
    UnHex(wrapped.substr(0, 2 * crypto::Key::kBytes), &bytes);
    if (wrapped.substr(2 * crypto::Key::kBytes) != " " + std::string(arn) + " " + std::string(context)) {
      return Fail(ErrorCode::kInternal, "not of this key and context");
    }
    return crypto::Key::FromBytes(bytes);
  }

 private:
  Result<void> Usable(std::string_view arn) const {
    if (!shut.contains(std::string(arn))) return {};
    return FailAs(ErrorCode::kConflict, "DisabledException", std::string(arn) + " is disabled.");
  }
};

// Keys let in whoever comes from another account: the rest is left to the account's own policies.
class TestKeyPolicies final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction&, const Caller& caller, std::string_view,
                                        std::string_view resource_arn) override {
    Found found{.owner = ParseArn(resource_arn)->account};
    found.open_to_caller = caller.account != found.owner;
    return std::optional(std::move(found));
  }
};

class World {
 public:
  static constexpr const char* kCity = "111122223333";
  static constexpr const char* kForeign = "444455556666";

  World() { policies.Allow(admin, R"("secretsmanager:*","kms:*")"); }

  static Caller User(const std::string& account, const std::string& name) {
    Caller caller;
    caller.kind = CallerKind::kUser;
    caller.account = account;
    caller.name = name;
    caller.arn = caller.principal_arn = "arn:aws:iam::" + account + ":user/" + name;
    caller.unique_id = "AIDA" + name;
    return caller;
  }
  template <class Op>
  Result<typename Op::Answer> Run(const Caller& caller, typename Op::Wire::Input in) {
    Op op;
    op.in = std::move(in);
    gate::Context context{caller, {}};
    context.info.service = "secretsmanager";
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = "us-east-1";
    context.info.now_ms = clock.NowMs();
    return gate.Run(context, op, secrets);
  }
  // The name of the error, "" where there is none.
  template <class Op>
  std::string Refused(const Caller& caller, typename Op::Wire::Input in) {
    auto done = Run<Op>(caller, std::move(in));
    if (done) return "";
    if (!done.error().name.empty()) return done.error().name;
    switch (done.error().code) {
      case ErrorCode::kAccessDenied: return "AccessDenied";
      case ErrorCode::kNotFound: return "NotFound";
      case ErrorCode::kInvalidArgument: return "Invalid";
      default: return done.error().message;
    }
  }
  // A new secret; its ARN.
  std::string New(const std::string& name, const std::string& value = "first", const std::string& key = "") {
    auto made = Run<CreateSecret>(admin, {.name = name, .kms_key_id = key, .secret_string = value});
    return made ? *made->arn : made.error().message;
  }
  // The text, or the name of the refusal in brackets.
  std::string Read(const Caller& caller, const std::string& id, std::optional<std::string> stage = std::nullopt) {
    auto read = Run<GetSecretValue>(caller, {.secret_id = id, .version_stage = std::move(stage)});
    return read ? read->secret_string.value_or("") : "[" + Refused<GetSecretValue>(caller, {.secret_id = id}) + "]";
  }

  store::TestStore store;
  SeededRandom random{7};
  ManualClock clock;
  audit::TestJournal journal;
  TestPolicies policies;
  SecretPolicies secret_policies;
  TestKeyPolicies key_policies;
  TestKeys keys;
  Secrets secrets{keys, crypto::Key::Draw(random), random};
  gate::Gate gate{{*store, journal, clock, random, policies, {{"secretsmanager", &secret_policies}, {"kms", &key_policies}}}};
  Keeper keeper{gate, *store, clock, random};
  const Caller admin = User(kCity, "admin"), worker = User(kCity, "worker"), stranger = User(kForeign, "stranger");
};

}  // namespace hanse::secrets
