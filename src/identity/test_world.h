#pragma once
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "audit/test_journal.h"
#include "base/clock.h"
#include "base/random.h"
#include "gate/gate.h"
#include "identity/baseline.h"
#include "identity/callers.h"
#include "identity/iam.h"
#include "identity/saml_sessions.h"
#include "identity/sign_in.h"
#include "identity/sts.h"
#include "store/test_store.h"

// For the tests of this folder: two accounts with an administrator each, behind a real gate on a real store.
namespace hanse::identity {

class World {
 public:
  static constexpr const char* kCity = "111122223333";
  static constexpr const char* kForeign = "444455556666";

  World()
      : key(crypto::Key::Draw(random)),
        callers([this](store::Transaction& tx, std::string_view account) -> Result<policy::Placement> {
          policy::Placement placement;
          TRY_ASSIGN(auto row, store::FindAccount(tx, account));
          placement.active = !row || row->status == "ACTIVE";
          placement.organization = "o-abcdefghij";
          placement.path = {"r-abcd"};
          placement.service_control = guardrails;
          return placement;
        }),
        sign_in(*store, key, clock, callers),
        iam({key, random, uses}),
        sts(key, random),
        saml(*store, callers, sts, {"https://mesh.example.com/saml"}),
        gate({*store, journal, clock, random, callers, {{"sts", &callers}}}) {
    city = Enter(kCity);
    foreign = Enter(kForeign);
  }

  // Signs in: what the door does with an access key, and a token.
  Result<Caller> SignedIn(const std::string& access_key, const std::string& token = "") {
    auto found = sign_in.Find(access_key, token);
    if (!found) return std::unexpected(found.error());
    return found->caller;
  }
  Result<Caller> SignedIn(const wire::sts::Credentials& credentials) {
    return SignedIn(*credentials.access_key_id, *credentials.session_token);
  }

  template <class Op>
  Result<typename Op::Answer> Run(const Caller& caller, typename Op::Wire::Input in) {
    Op op;
    op.in = std::move(in);
    gate::Context context{caller, {}};
    context.info.service = std::string(Op::kRule.service);
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = "us-east-1";
    context.info.source_ip = "127.0.0.1";
    context.info.now_ms = clock.NowMs();
    if constexpr (requires { saml.Prove(&op, &context); }) {
      TRY(saml.Prove(&op, &context));
      return gate.Run(context, op, saml);
    } else if constexpr (requires { iam.Do(std::declval<const gate::Authorized<Op>&>()); }) {
      return gate.Run(context, op, iam);
    } else {
      return gate.Run(context, op, sts);
    }
  }

  // Whether the caller may, by the policies as they are now.
  bool May(const Caller& caller, const std::string& action, const std::string& resource = "*") {
    auto tx = store->BeginRead().value();
    gate::Context context{caller, {}};
    context.info.now_ms = clock.NowMs();
    auto allowed = gate.WouldAllow(*tx, context, {.action = action, .resource = resource});
    return allowed && *allowed;
  }

  // A role with one inline policy; `trusts`: its trust policy's statements. Returns its ARN.
  std::string Role(const Caller& admin, const std::string& name, const std::string& policy, const std::string& trusts = "") {
    const std::string root =
        R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::)" + admin.account + R"(:root"},"Action":"sts:AssumeRole"})";
    auto made =
        Run<CreateRole>(admin, {.role_name = name, .assume_role_policy_document = Document(trusts.empty() ? root : trusts)});
    if (!made) return "";
    if (!policy.empty() &&
        !Run<PutRolePolicy>(admin, {.role_name = name, .policy_name = "inline", .policy_document = Document(policy)}))
      return "";
    return *made->role->arn;
  }
  Result<Caller> Become(const Caller& caller, const std::string& role, const std::string& session = "worker") {
    auto made = Run<AssumeRole>(caller, {.role_arn = role, .role_session_name = session});
    if (!made) return std::unexpected(made.error());
    return SignedIn(*made->credentials);
  }

  // Guardrails that lie, as those of an organisation do, in the store.
  void Hold(std::vector<std::vector<policy::NamedDocument>> levels) {
    guardrails = std::move(levels);
    auto tx = store->BeginWrite().value();
    if (!tx->Execute("UPDATE accounts SET name = name") || !tx->Commit()) std::abort();
  }

  void Close(const std::string& account) {
    auto tx = store->BeginWrite().value();
    auto put = tx->Execute(
        "INSERT INTO accounts (account, name, email, arn, status, joined_ms, joined_method, parent) "
        "VALUES (?, '', '', '', 'SUSPENDED', 0, '', '')",
        {account});
    if (!put || !tx->Commit()) std::abort();
  }

  static std::string Document(const std::string& statements) {
    return R"({"Version":"2012-10-17","Statement":[)" + statements + "]}";
  }
  static std::string Allow(const std::string& action, const std::string& resource = "*") {
    return R"({"Effect":"Allow","Action":")" + action + R"(","Resource":")" + resource + R"("})";
  }
  static std::string Trusts(const std::string& arn) {
    return R"({"Effect":"Allow","Principal":{"AWS":")" + arn + R"("},"Action":"sts:AssumeRole"})";
  }

  SystemRandom random;
  ManualClock clock;
  crypto::Key key;
  store::TestStore store;
  audit::TestJournal journal;
  std::vector<std::vector<policy::NamedDocument>> guardrails;
  KeyUses uses;
  Callers callers;
  SignIn sign_in;
  Iam iam;
  Sts sts;
  SamlSessions saml;
  gate::Gate gate;
  Caller city, foreign;  // The administrators.

 private:
  Caller Enter(const std::string& account) {
    auto tx = store->BeginWrite().value();
    auto made = CreateFirstAdministrator(*tx, key, random, account, "administrator", clock.NowMs());
    if (!made || !tx->Commit()) std::abort();
    return SignedIn(made->access_key).value();
  }
};

}  // namespace hanse::identity
