#include "organisation/organisation.h"
#include "audit/test_journal.h"

#include <set>

#include <gtest/gtest.h>

#include "base/clock.h"
#include "organisation/guardrails.h"
#include "store/test_store.h"

namespace hanse::organisation {
namespace {

constexpr char kManagement[] = "111111111111";
constexpr char kDenyKms[] = R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"kms:*","Resource":"*"}]})";

class TestBaseline final : public Baseline {
 public:
  Result<void> Lay(store::Transaction&, const AccountId& account, const std::string& role, const AccountId&, TimeMs) override {
    laid.emplace_back(account, role);
    return {};
  }
  std::vector<std::pair<AccountId, std::string>> laid;
};

// Everybody's own policies allow everything: what refuses is the organisation.
class Administrators final : public gate::PolicySource {
 public:
  Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) override {
    policy::Facts facts{.caller = caller};
    TRY_ASSIGN(policy::Placement placement, PlacementOf(tx, caller.account));
    if (!placement.active) return Fail(ErrorCode::kUnauthenticated, "closed");
    facts.service_control = std::move(placement.service_control);
    TRY_ASSIGN(policy::DocumentPtr all, policy::ParseDocument(kFullAccessDocument, policy::DocumentKind::kIdentity));
    facts.identity.push_back({"all", std::move(all)});
    return facts;
  }
};

class World {
 public:
  World() : organisation({crypto::Key::Draw(random), random, baseline}), gate({*store, journal, clock, random, policies, {}}) {
    auto tx = store->BeginWrite().value();
    if (!organisation.Found(*tx, kManagement, clock.NowMs()) || !tx->Commit()) std::abort();
    root = *Run<ListRoots>({}).value().roots->at(0).id;
  }
  template <class Op>
  Result<typename Op::Answer> RunAs(const AccountId& account, typename Op::Wire::Input in) {
    Op op;
    op.in = std::move(in);
    return gate.Run(As(account), op, organisation);
  }
  template <class Op>
  Result<typename Op::Answer> Run(typename Op::Wire::Input in) {
    return RunAs<Op>(kManagement, std::move(in));
  }
  AccountId Account(const std::string& name) {
    return *Run<CreateAccount>({.email = name + "@x.example", .account_name = name}).value().create_account_status->account_id;
  }
  std::string Unit(const std::string& parent, const std::string& name) {
    return *Run<CreateOrganizationalUnit>({.parent_id = parent, .name = name}).value().organizational_unit->id;
  }
  std::string Guardrail(const std::string& name, const std::string& content) {
    return *Run<CreatePolicy>({.content = content, .description = "", .name = name, .type = "SERVICE_CONTROL_POLICY"})
                .value()
                .policy->policy_summary->id;
  }
  bool May(const AccountId& account, const std::string& action) {
    auto tx = store->BeginRead().value();
    auto allowed = gate.WouldAllow(*tx, As(account), {.action = action, .resource = "*"});
    return allowed && *allowed;
  }

  SystemRandom random;
  ManualClock clock;
  store::TestStore store;
  audit::TestJournal journal;
  TestBaseline baseline;
  Administrators policies;
  Organisation organisation;
  gate::Gate gate;
  std::string root;

 private:
  gate::Context As(const AccountId& account) {
    gate::Context context;
    context.caller.kind = CallerKind::kUser;
    context.caller.account = account;
    context.caller.arn = context.caller.principal_arn = "arn:aws:iam::" + account + ":user/admin";
    context.info.now_ms = clock.NowMs();
    return context;
  }
};

template <class T>
std::string NameOf(const Result<T>& result) {
  return result ? "ok" : result.error().name;
}

TEST(Organisation, AnAccountIsMadeWithItsBaselineAndTwoDoNotShareAnAddress) {
  World world;
  const AccountId account = world.Account("sales");
  ASSERT_EQ(world.baseline.laid.size(), 1u);
  EXPECT_EQ(world.baseline.laid[0], std::make_pair(account, std::string("OrganizationAccountAccessRole")));
  auto again = world.Run<CreateAccount>({.email = "SALES@x.example", .account_name = "other"}).value();
  EXPECT_EQ(*again.create_account_status->state, "FAILED");
  EXPECT_EQ(*again.create_account_status->failure_reason, "EMAIL_ALREADY_EXISTS");
  EXPECT_EQ(*world.Run<DescribeAccount>({.account_id = account}).value().account->status, "ACTIVE");
  EXPECT_EQ(NameOf(world.Run<CreateOrganization>({})), "AlreadyInOrganizationException");
}

TEST(Organisation, AMemberDoesNotRuleAndADelegateOnlyReads) {
  World world;
  const AccountId member = world.Account("sales");
  EXPECT_EQ(NameOf(world.RunAs<DescribeOrganization>(member, {})), "ok");
  EXPECT_EQ(NameOf(world.RunAs<ListAccounts>(member, {})), "AccessDeniedException");
  EXPECT_EQ(NameOf(world.RunAs<CreateAccount>(member, {.email = "x@x.example", .account_name = "x"})), "AccessDeniedException");
  ASSERT_TRUE(world.Run<RegisterDelegatedAdministrator>({.account_id = member, .service_principal = "cloudtrail.amazonaws.com"}));
  EXPECT_EQ(NameOf(world.RunAs<ListAccounts>(member, {})), "ok");
  EXPECT_EQ(NameOf(world.RunAs<CreateOrganizationalUnit>(member, {.parent_id = world.root, .name = "x"})), "AccessDeniedException");
  ASSERT_TRUE(world.Run<DeregisterDelegatedAdministrator>({.account_id = member, .service_principal = "cloudtrail.amazonaws.com"}));
  EXPECT_EQ(NameOf(world.RunAs<ListAccounts>(member, {})), "AccessDeniedException");
}

TEST(Organisation, TheTreeIsFiveUnitsDeepAndAUnitGoesOnlyWhenItIsEmpty) {
  World world;
  std::string parent = world.root;
  for (int i = 0; i < 5; ++i) parent = world.Unit(parent, "deep");
  EXPECT_EQ(NameOf(world.Run<CreateOrganizationalUnit>({.parent_id = parent, .name = "deep"})), "ConstraintViolationException");
  const AccountId account = world.Account("sales");
  const std::string one = world.Unit(world.root, "one"), two = world.Unit(world.root, "two");
  EXPECT_EQ(NameOf(world.Run<CreateOrganizationalUnit>({.parent_id = world.root, .name = "one"})),
            "DuplicateOrganizationalUnitException");
  ASSERT_TRUE(world.Run<MoveAccount>({.account_id = account, .source_parent_id = world.root, .destination_parent_id = one}));
  EXPECT_EQ(NameOf(world.Run<MoveAccount>({.account_id = account, .source_parent_id = two, .destination_parent_id = world.root})),
            "SourceParentNotFoundException");
  EXPECT_EQ(NameOf(world.Run<MoveAccount>({.account_id = account, .source_parent_id = one, .destination_parent_id = one + "x"})),
            "DestinationParentNotFoundException");
  EXPECT_EQ(NameOf(world.Run<MoveAccount>({.account_id = account, .source_parent_id = one, .destination_parent_id = one})),
            "DuplicateAccountException");
  EXPECT_EQ(NameOf(world.Run<DeleteOrganizationalUnit>({.organizational_unit_id = one})), "OrganizationalUnitNotEmptyException");
  EXPECT_EQ(NameOf(world.Run<DeleteOrganizationalUnit>({.organizational_unit_id = two})), "ok");
  auto tx = world.store->BeginRead().value();
  EXPECT_EQ(PlacementOf(*tx, account)->path, (std::vector<std::string>{world.root, one}));
}

TEST(Organisation, AClosedAccountIsShut) {
  World world;
  const AccountId account = world.Account("sales");
  EXPECT_TRUE(world.May(account, "s3:ListBucket"));
  ASSERT_TRUE(world.Run<CloseAccount>({.account_id = account}));
  EXPECT_FALSE(world.May(account, "s3:ListBucket"));
  EXPECT_EQ(NameOf(world.Run<CloseAccount>({.account_id = account})), "AccountAlreadyClosedException");
  EXPECT_FALSE(world.May("999999999999", "s3:ListBucket"));  // One that there is not.
}

TEST(Organisation, PagesHoldEachAccountOnceAndTokensCannotBeForged) {
  World world;
  for (const char* name : {"a", "b", "c", "d"}) world.Account(name);
  std::set<std::string> seen;
  std::optional<std::string> token;
  do {
    auto page = world.Run<ListAccounts>({.next_token = token, .max_results = 2}).value();
    EXPECT_LE(page.accounts->size(), 2u);
    for (const auto& account : *page.accounts) EXPECT_TRUE(seen.insert(*account.id).second);
    token = page.next_token;
  } while (token);
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(NameOf(world.Run<ListAccounts>({.next_token = "forged"})), "InvalidInputException");
}

TEST(Guardrails, EveryLevelMustAllowAndTheManagementAccountIsNeverHeld) {
  World world;
  const AccountId account = world.Account("sales");
  const std::string outer = world.Unit(world.root, "outer");
  const std::string deny = world.Guardrail("deny", kDenyKms);
  EXPECT_EQ(NameOf(world.Run<AttachPolicy>({.policy_id = deny, .target_id = outer})), "PolicyTypeNotEnabledException");
  ASSERT_TRUE(world.Run<EnablePolicyType>({.root_id = world.root, .policy_type = "SERVICE_CONTROL_POLICY"}));
  ASSERT_TRUE(world.Run<AttachPolicy>({.policy_id = deny, .target_id = outer}));
  EXPECT_TRUE(world.May(account, "kms:ListKeys"));
  ASSERT_TRUE(world.Run<MoveAccount>({.account_id = account, .source_parent_id = world.root, .destination_parent_id = outer}));
  EXPECT_FALSE(world.May(account, "kms:ListKeys"));
  EXPECT_TRUE(world.May(account, "s3:ListBucket"));
  ASSERT_TRUE(world.Run<AttachPolicy>({.policy_id = deny, .target_id = world.root}));
  EXPECT_FALSE(world.May(world.Account("new"), "kms:ListKeys"));
  EXPECT_TRUE(world.May(kManagement, "kms:ListKeys"));
  // An allow list: what no policy of a level allows is refused.
  const std::string only =
      world.Guardrail("only", R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"glue:*","Resource":"*"}]})");
  ASSERT_TRUE(world.Run<AttachPolicy>({.policy_id = only, .target_id = account}));
  EXPECT_TRUE(world.May(account, "s3:ListBucket"));
  ASSERT_TRUE(world.Run<DetachPolicy>({.policy_id = std::string(kFullAccess), .target_id = account}));
  EXPECT_FALSE(world.May(account, "s3:ListBucket"));
  EXPECT_TRUE(world.May(account, "glue:GetTable"));
  EXPECT_EQ(NameOf(world.Run<DetachPolicy>({.policy_id = only, .target_id = account})), "ConstraintViolationException");
}

TEST(Guardrails, AreBookedAsOrganizationsDoes) {
  World world;
  ASSERT_TRUE(world.Run<EnablePolicyType>({.root_id = world.root, .policy_type = "SERVICE_CONTROL_POLICY"}));
  const AccountId account = world.Account("sales");
  const std::string policy = world.Guardrail("deny", kDenyKms);
  ASSERT_TRUE(world.Run<AttachPolicy>({.policy_id = policy, .target_id = account}));
  EXPECT_EQ(NameOf(world.Run<AttachPolicy>({.policy_id = policy, .target_id = account})), "DuplicatePolicyAttachmentException");
  EXPECT_EQ(NameOf(world.Run<DeletePolicy>({.policy_id = policy})), "PolicyInUseException");
  ASSERT_TRUE(world.Run<DetachPolicy>({.policy_id = policy, .target_id = account}));
  EXPECT_EQ(NameOf(world.Run<DetachPolicy>({.policy_id = policy, .target_id = account})), "PolicyNotAttachedException");
  ASSERT_TRUE(world.Run<DeletePolicy>({.policy_id = policy}));
  EXPECT_EQ(NameOf(world.Run<AttachPolicy>({.policy_id = policy, .target_id = account})), "PolicyNotFoundException");
  for (const char* text :
       {"{", R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]})"}) {
    EXPECT_EQ(
        NameOf(world.Run<CreatePolicy>({.content = text, .description = "", .name = "bad", .type = "SERVICE_CONTROL_POLICY"})),
        "MalformedPolicyDocumentException");
  }
}

}  // namespace
}  // namespace hanse::organisation
