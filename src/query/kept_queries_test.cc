// Named queries, prepared statements and the workgroup that holds them, through a gate.
#include <gtest/gtest.h>

#include <set>

#include "audit/test_journal.h"
#include "gate/gate.h"
#include "query/named_query.h"
#include "query/prepared_statement.h"
#include "query/workgroup.h"
#include "store/test_store.h"

namespace hanse::query {
namespace {

namespace athena = wire::athena;

// Everybody may everything but `denied`, on workgroup `team` alone.
class TeamPolicies final : public gate::PolicySource {
 public:
  std::set<std::string> denied;
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    std::string statements = R"({"Effect":"Allow","Action":"athena:*","Resource":"arn:aws:athena:*:*:workgroup/team"})";
    for (const std::string& action : denied) {
      statements += R"(,{"Effect":"Deny","Action":")" + action + R"(","Resource":"*"})";
    }
    policy::Facts facts;
    facts.caller = caller;
    TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                                    policy::DocumentKind::kIdentity));
    facts.identity.push_back({"inline:test", std::move(document)});
    return facts;
  }
};

class KeptQueriesTest : public testing::Test {
 protected:
  static gate::Context As(const std::string& account, const std::string& region) {
    gate::Context context;
    context.caller.kind = CallerKind::kUser;
    context.caller.account = account;
    context.caller.name = "ana";
    context.caller.arn = context.caller.principal_arn = "arn:aws:iam::" + account + ":user/ana";
    context.info.region = region;
    return context;
  }
  template <class Op, class Service>
  auto Run(const Op& op, Service& service) {
    gate::Context context = here_;
    context.info.service = Op::kRule.service;
    context.info.operation = Op::kRule.name;
    return gate_.Run(context, op, service);
  }
  KeptQueriesTest() { EXPECT_TRUE(Run(CreateWorkGroup{{.name = "team"}}, groups_)); }
  template <class Op, class Service>
  std::string Refused(const Op& op, Service& service) {
    auto done = Run(op, service);
    EXPECT_FALSE(done);
    return done ? "" : (done.error().name.empty() ? "denied" : done.error().name);
  }
  std::string Create(const std::string& name, const std::string& token = {}) {
    CreateNamedQuery create{{.name = name, .database = "shop", .query_string = "SELECT 1", .work_group = "team"}};
    if (!token.empty()) create.in.client_request_token = token;
    auto made = Run(create, queries_);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made->named_query_id : "";
  }
  std::vector<std::string> Listed() {
    return Run(ListNamedQueries{{.work_group = "team"}}, queries_).value().named_query_ids.value();
  }
  bool Prepare(const std::string& name, const std::string& sql) {
    CreatePreparedStatement create{{.statement_name = name, .work_group = "team", .query_statement = sql}};
    return Run(create, prepared_).has_value();
  }
  std::string GetPreparedRefused(const std::string& name) {
    return Refused(GetPreparedStatement{{.statement_name = name, .work_group = "team"}}, prepared_);
  }

  store::TestStore store_;
  audit::TestJournal journal_;
  ManualClock clock_;
  SeededRandom random_{3};
  TeamPolicies policies_;
  gate::Gate gate_{{*store_, journal_, clock_, random_, policies_, {}}};
  gate::Context here_ = As("111122223333", "eu-central-1");
  WorkGroups groups_;
  NamedQueries queries_{random_};
  PreparedStatements prepared_;
};

TEST_F(KeptQueriesTest, ANamedQueryIsKeptChangedAndDeletedAndOnlyByWhoMay) {
  std::string id = Create("daily");
  EXPECT_EQ(Listed(), std::vector<std::string>{id});
  ASSERT_TRUE(Run(UpdateNamedQuery{{.named_query_id = id, .name = "weekly", .query_string = "SELECT 2"}}, queries_));
  GetNamedQuery get{{.named_query_id = id}};
  athena::NamedQuery read = Run(get, queries_).value().named_query.value();
  EXPECT_EQ(read.name, "weekly");
  EXPECT_EQ(read.query_string, "SELECT 2");
  EXPECT_EQ(read.database, "shop");

  policies_.denied = {"athena:GetNamedQuery", "athena:DeleteNamedQuery"};
  EXPECT_EQ(Refused(get, queries_), "denied");
  EXPECT_EQ(Refused(DeleteNamedQuery{{.named_query_id = id}}, queries_), "denied");
  policies_.denied.clear();
  ASSERT_TRUE(Run(DeleteNamedQuery{{.named_query_id = id}}, queries_));
  EXPECT_TRUE(Listed().empty());
  // What is gone is asked for on the primary workgroup, which these callers may not use: missing and foreign read the same.
  EXPECT_EQ(Refused(get, queries_), "denied");
}

TEST_F(KeptQueriesTest, AnotherAccountOrRegionHasNone) {
  std::string id = Create("daily");
  for (const auto& [account, region] : {std::pair("444455556666", "eu-central-1"), std::pair("111122223333", "us-east-1")}) {
    here_ = As(account, region);
    EXPECT_FALSE(Run(GetNamedQuery{{.named_query_id = id}}, queries_)) << account << region;
    EXPECT_FALSE(Run(DeleteNamedQuery{{.named_query_id = id}}, queries_)) << account << region;
  }
  here_ = As("111122223333", "eu-central-1");
  EXPECT_TRUE(Run(GetNamedQuery{{.named_query_id = id}}, queries_));
}

TEST_F(KeptQueriesTest, TheSameTokenIsTheSameQuery) {
  std::string id = Create("daily", std::string(32, 't'));
  EXPECT_EQ(Create("daily", std::string(32, 't')), id);
  EXPECT_EQ(Listed().size(), 1u);
  CreateNamedQuery other{{.name = "other", .database = "shop", .query_string = "SELECT 1", .work_group = "team"}};
  other.in.client_request_token = std::string(32, 't');
  EXPECT_EQ(Refused(other, queries_), "InvalidRequestException");
}

TEST_F(KeptQueriesTest, APreparedStatementIsKeptByItsNameInItsWorkgroup) {
  ASSERT_TRUE(Prepare("a", "SELECT ?"));
  EXPECT_FALSE(Prepare("a", "SELECT 2"));
  EXPECT_FALSE(Prepare("b", "DROP TABLE t"));
  GetPreparedStatement get{{.statement_name = "a", .work_group = "team"}};
  EXPECT_EQ(Run(get, prepared_).value().prepared_statement->query_statement, "SELECT ?");
  UpdatePreparedStatement update{{.statement_name = "a", .work_group = "team", .query_statement = "SHOW TABLES"}};
  EXPECT_EQ(Refused(update, prepared_), "InvalidRequestException");
  update.in.query_statement = "SELECT ? + 1";
  ASSERT_TRUE(Run(update, prepared_));
  EXPECT_EQ(Run(get, prepared_).value().prepared_statement->query_statement, "SELECT ? + 1");
  auto both = Run(BatchGetPreparedStatement{{.prepared_statement_names = {{"a", "b"}}, .work_group = "team"}}, prepared_).value();
  EXPECT_EQ(both.prepared_statements->size(), 1u);
  EXPECT_EQ(both.unprocessed_prepared_statement_names->front().statement_name, "b");

  policies_.denied = {"athena:GetPreparedStatement"};
  EXPECT_EQ(GetPreparedRefused("a"), "denied");
  policies_.denied.clear();
  ASSERT_TRUE(Run(DeletePreparedStatement{{.statement_name = "a", .work_group = "team"}}, prepared_));
  EXPECT_EQ(GetPreparedRefused("a"), "ResourceNotFoundException");
}

TEST_F(KeptQueriesTest, AWorkgroupGoesWithWhatItKeptAndANamesakeInheritsNothing) {
  Create("daily");
  ASSERT_TRUE(Prepare("a", "SELECT 1"));
  EXPECT_EQ(Refused(DeleteWorkGroup{{.work_group = "team"}}, groups_), "InvalidRequestException");
  ASSERT_TRUE(Run(DeleteWorkGroup{{.work_group = "team", .recursive_delete_option = true}}, groups_));
  ASSERT_TRUE(Run(CreateWorkGroup{{.name = "team"}}, groups_));
  EXPECT_TRUE(Listed().empty());
  EXPECT_EQ(GetPreparedRefused("a"), "ResourceNotFoundException");
}

}  // namespace
}  // namespace hanse::query
