#include "secrets/secrets.h"

#include <gtest/gtest.h>

#include "secrets/test_world.h"

namespace hanse::secrets {
namespace {

constexpr TimeMs kDay = 24 * 3600 * TimeMs{1000};

std::string Token(int n) { return std::to_string(n) + "0000000-0000-4000-8000-000000000000"; }

class SecretsTest : public testing::Test {
 protected:
  // The labels of the version whose token is `n`.
  std::vector<std::string> StagesOf(const std::string& id, int n) {
    auto stages = world_.Run<DescribeSecret>(world_.admin, {.secret_id = id})->version_ids_to_stages;
    if (!stages || !stages->contains(Token(n))) return {};
    return stages->at(Token(n));
  }
  std::string Put(const std::string& id, int n, const std::string& value, std::vector<std::string> stages = {}) {
    PutSecretValue::Wire::Input in{.secret_id = id, .client_request_token = Token(n), .secret_string = value};
    if (!stages.empty()) in.version_stages = std::move(stages);
    return world_.Refused<PutSecretValue>(world_.admin, std::move(in));
  }
  const Caller& admin() const { return world_.admin; }

  World world_;
};

TEST_F(SecretsTest, AValueTakesTheRightOnTheSecretAndOnItsKey) {
  const std::string arn = world_.New("db/password", "hush", "k");
  EXPECT_EQ(world_.Read(world_.worker, "db/password"), "[AccessDenied]");
  world_.policies.Allow(world_.worker, R"("secretsmanager:GetSecretValue")");
  EXPECT_EQ(world_.Read(world_.worker, "db/password"), "[AccessDenied]");
  world_.policies.Allow(world_.worker, R"("secretsmanager:GetSecretValue","kms:Decrypt")");
  EXPECT_EQ(world_.Read(world_.worker, "db/password"), "hush");
  EXPECT_EQ(world_.Read(world_.worker, arn), "hush");
  EXPECT_EQ(world_.Read(world_.worker, arn.substr(0, arn.size() - 7)), "hush");
  world_.policies.Allow(world_.worker, R"("kms:*")");
  EXPECT_EQ(world_.Read(world_.worker, "db/password"), "[AccessDenied]");
}

TEST_F(SecretsTest, NoValueIsInTheStoreOrTheJournal) {
  const std::string arn = world_.New("s", "hush-hush-1");
  ASSERT_EQ(Put(arn, 2, "hush-hush-2"), "");
  ASSERT_EQ(world_.Read(admin(), arn), "hush-hush-2");
  auto rows = (*world_.store->BeginRead())->Query("SELECT sealed, wrapped_key, stages FROM secret_versions");
  ASSERT_EQ(rows->size(), 2u);
  for (const store::Row& row : *rows) EXPECT_EQ(row.Text(0).find("hush"), std::string::npos);
  auto queued = (*world_.store->BeginRead())->Query("SELECT record FROM outbox");
  ASSERT_TRUE(queued) << queued.error().message;
  ASSERT_GE(queued->size(), 2u);
  for (const store::Row& row : *queued) EXPECT_EQ(row.Text(0).find("hush"), std::string::npos) << row.Text(0);
  for (const std::string& record : world_.journal.records) EXPECT_EQ(record.find("hush"), std::string::npos) << record;
}

TEST_F(SecretsTest, AStrangerCannotTellAMissingSecretFromAClosedOne) {
  const std::string arn = world_.New("db-one");
  world_.policies.Allow(world_.stranger, R"("secretsmanager:*","kms:*")");
  const std::string missing = arn.substr(0, arn.size() - 1) + "_";
  auto text = [&](const Caller& caller, const std::string& id) {
    auto read = world_.Run<GetSecretValue>(caller, {.secret_id = id});
    std::string message = read ? "" : read.error().message;
    for (std::size_t at; (at = message.find(id)) != std::string::npos;) message.replace(at, id.size(), "ID");
    return message;
  };
  EXPECT_NE(text(world_.stranger, arn), "");
  EXPECT_EQ(text(world_.stranger, arn), text(world_.stranger, missing));
  // Nor can somebody of the account without the right, by a name.
  EXPECT_EQ(text(world_.worker, "db-one"), text(world_.worker, "db-two"));
  EXPECT_EQ(text(world_.worker, "db-one").find(arn), std::string::npos);
}

TEST_F(SecretsTest, LabelsMoveAsValuesCome) {
  auto made = world_.Run<CreateSecret>(admin(), {.name = "s", .client_request_token = Token(1), .secret_string = "1"});
  ASSERT_TRUE(made);
  ASSERT_EQ(Put("s", 2, "2"), "");
  EXPECT_EQ(StagesOf("s", 1), std::vector<std::string>{"AWSPREVIOUS"});
  EXPECT_EQ(StagesOf("s", 2), std::vector<std::string>{"AWSCURRENT"});
  ASSERT_EQ(Put("s", 3, "3", {"AWSPENDING"}), "");
  EXPECT_EQ(world_.Read(admin(), "s"), "2");
  EXPECT_EQ(world_.Read(admin(), "s", "AWSPENDING"), "3");
  UpdateSecretVersionStage::Wire::Input move{.secret_id = "s", .version_stage = "AWSCURRENT"};
  move.move_to_version_id = Token(3);
  EXPECT_EQ(world_.Refused<UpdateSecretVersionStage>(admin(), move), "Invalid");
  move.remove_from_version_id = Token(2);
  EXPECT_EQ(world_.Refused<UpdateSecretVersionStage>(admin(), move), "");
  EXPECT_EQ(world_.Read(admin(), "s"), "3");
  EXPECT_EQ(world_.Read(admin(), "s", "AWSPREVIOUS"), "2");
  EXPECT_TRUE(StagesOf("s", 1).empty());
  EXPECT_EQ(world_.Refused<UpdateSecretVersionStage>(
                admin(), {.secret_id = "s", .version_stage = "AWSCURRENT", .remove_from_version_id = Token(3)}),
            "Invalid");
  auto versions = world_.Run<ListSecretVersionIds>(admin(), {.secret_id = "s"});
  EXPECT_EQ(versions->versions->size(), 2u);
  versions = world_.Run<ListSecretVersionIds>(admin(), {.secret_id = "s", .max_results = 2, .include_deprecated = true});
  ASSERT_TRUE(versions->next_token);
  versions = world_.Run<ListSecretVersionIds>(
      admin(), {.secret_id = "s", .max_results = 2, .next_token = versions->next_token, .include_deprecated = true});
  EXPECT_EQ(versions->versions->size(), 1u);
}

TEST_F(SecretsTest, TheSameRequestTwiceIsOneVersion) {
  world_.New("s");
  EXPECT_EQ(Put("s", 2, "2"), "");
  EXPECT_EQ(Put("s", 2, "2"), "");
  EXPECT_EQ(Put("s", 2, "other"), "ResourceExistsException");
  EXPECT_EQ(world_.Read(admin(), "s"), "2");
  CreateSecret::Wire::Input in{.name = "t", .client_request_token = Token(1), .secret_string = "1"};
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), in), "");
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), in), "");
  in.secret_string = "other";
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), in), "ResourceExistsException");
  in.client_request_token.reset();
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), in), "ResourceExistsException");
}

TEST_F(SecretsTest, AShutKeyShutsItsSecrets) {
  const std::string arn = world_.New("s", "first", "k");
  world_.keys.shut = {TestKeys::ArnOf(World::kCity, "k")};
  EXPECT_EQ(world_.Read(admin(), arn), "[DecryptionFailure]");
  EXPECT_EQ(Put(arn, 2, "second"), "EncryptionFailure");
  world_.keys.shut.clear();
  EXPECT_EQ(world_.Read(admin(), arn), "first");
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), {.name = "t", .kms_key_id = "missing"}), "EncryptionFailure");
}

TEST_F(SecretsTest, AnotherKeySealsWhatIsLabelledAnew) {
  world_.New("s", "first", "k");
  ASSERT_EQ(Put("s", 2, "second"), "");
  ASSERT_EQ(world_.Refused<UpdateSecret>(admin(), {.secret_id = "s", .kms_key_id = "other"}), "");
  world_.keys.shut = {TestKeys::ArnOf(World::kCity, "k")};
  EXPECT_EQ(world_.Read(admin(), "s"), "second");
  EXPECT_EQ(world_.Read(admin(), "s", "AWSPREVIOUS"), "first");
}

TEST_F(SecretsTest, ADeletedSecretIsShutComesBackAndGoesWhenItsWindowIsOver) {
  const std::string arn = world_.New("s");
  for (std::int64_t days : {6, 31}) {
    EXPECT_EQ(world_.Refused<DeleteSecret>(admin(), {.secret_id = "s", .recovery_window_in_days = days}), "Invalid");
  }
  ASSERT_EQ(world_.Refused<DeleteSecret>(admin(), {.secret_id = "s", .recovery_window_in_days = 7}), "");
  EXPECT_EQ(world_.Read(admin(), "s"), "[InvalidRequestException]");
  EXPECT_EQ(world_.Refused<CreateSecret>(admin(), {.name = "s"}), "InvalidRequestException");
  ASSERT_EQ(world_.Refused<RestoreSecret>(admin(), {.secret_id = "s"}), "");
  EXPECT_EQ(world_.Read(admin(), "s"), "first");
  ASSERT_EQ(world_.Refused<DeleteSecret>(admin(), {.secret_id = "s", .recovery_window_in_days = 7}), "");
  world_.clock.Advance(7 * kDay - 1);
  EXPECT_EQ(*world_.keeper.Run(), 0);
  world_.clock.Advance(1);
  EXPECT_EQ(world_.Refused<RestoreSecret>(admin(), {.secret_id = "s"}), "NotFound");
  EXPECT_EQ(*world_.keeper.Run(), 1);
  auto rows = (*world_.store->BeginRead())->Query("SELECT number FROM secret_versions");
  EXPECT_TRUE(rows->empty());
}

TEST_F(SecretsTest, ANamesakeInheritsNothing) {
  const std::string old = world_.New("s", "old");
  world_.policies.Allow(world_.stranger, R"("secretsmanager:*","kms:*")");
  const std::string open = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},)"
                           R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";
  ASSERT_EQ(world_.Refused<PutResourcePolicy>(admin(), {.secret_id = "s", .resource_policy = open}), "");
  ASSERT_EQ(world_.Refused<DeleteSecret>(admin(), {.secret_id = "s", .force_delete_without_recovery = true}), "");
  const std::string now = world_.New("s", "new");
  EXPECT_NE(old, now);
  EXPECT_FALSE(world_.Run<GetResourcePolicy>(admin(), {.secret_id = "s"})->resource_policy);
  EXPECT_EQ(world_.Read(world_.stranger, now), "[AccessDenied]");
  EXPECT_EQ(world_.Read(admin(), old), "[NotFound]");
}

TEST_F(SecretsTest, AnotherAccountTakesTheSecretsPolicyToo) {
  const std::string arn = world_.New("s", "first", "k");
  world_.policies.Allow(world_.stranger, R"("secretsmanager:GetSecretValue","kms:*")");
  EXPECT_EQ(world_.Read(world_.stranger, arn), "[AccessDenied]");
  const std::string policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},)"
                             R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";
  ASSERT_EQ(world_.Refused<PutResourcePolicy>(admin(), {.secret_id = arn, .resource_policy = policy}), "");
  EXPECT_EQ(world_.Read(world_.stranger, arn), "first");
  ASSERT_EQ(world_.Refused<DeleteResourcePolicy>(admin(), {.secret_id = arn}), "");
  EXPECT_EQ(world_.Read(world_.stranger, arn), "[AccessDenied]");
}

TEST_F(SecretsTest, APublicPolicyIsRefusedWhereThatIsAsked) {
  world_.New("s");
  const std::string everybody = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",)"
                                R"("Action":"secretsmanager:GetSecretValue","Resource":"*"}]})";
  PutResourcePolicy::Wire::Input put{.secret_id = "s", .resource_policy = everybody, .block_public_policy = true};
  EXPECT_EQ(world_.Refused<PutResourcePolicy>(admin(), put), "PublicPolicyException");
  EXPECT_FALSE(*world_.Run<ValidateResourcePolicy>(admin(), {.resource_policy = everybody})->policy_validation_passed);
  put.resource_policy = "{";
  EXPECT_EQ(world_.Refused<PutResourcePolicy>(admin(), put), "MalformedPolicyDocumentException");
}

TEST_F(SecretsTest, ABatchTellsOfEachWhatItsReaderMay) {
  const std::string one = world_.New("one", "1"), two = world_.New("two", "2");
  world_.policies.Allow(world_.worker, R"("secretsmanager:BatchGetSecretValue")");
  BatchGetSecretValue::Wire::Input in{.secret_id_list = std::vector<std::string>{"one", two, "three"}};
  auto closed = world_.Run<BatchGetSecretValue>(world_.worker, in);
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->secret_values->empty());
  for (const auto& error : *closed->errors) EXPECT_EQ(error.error_code, "AccessDeniedException");
  auto open = world_.Run<BatchGetSecretValue>(admin(), in);
  ASSERT_TRUE(open);
  ASSERT_EQ(open->secret_values->size(), 2u);
  EXPECT_EQ(open->secret_values->back().secret_string, "2");
  ASSERT_EQ(open->errors->size(), 1u);
  EXPECT_EQ(open->errors->front().error_code, "ResourceNotFoundException");
}

TEST_F(SecretsTest, ListsAreFilteredSortedAndPaged) {
  for (const char* name : {"b", "a", "c"}) {
    CreateSecret::Wire::Input in{.name = name, .description = std::string("The key of ") + name};
    in.tags = std::vector<ws::Tag>{{.key = "domain", .value = std::string("of-") + name}};
    ASSERT_EQ(world_.Refused<CreateSecret>(admin(), std::move(in)), "");
  }
  auto names = [&](ListSecrets::Wire::Input in) {
    std::string text;
    do {
      auto page = world_.Run<ListSecrets>(admin(), in);
      EXPECT_TRUE(page);
      for (const auto& entry : *page->secret_list) text += *entry.name;
      in.next_token = page->next_token;
    } while (in.next_token);
    return text;
  };
  auto filter = [](const std::string& key, const std::string& value) {
    return std::vector<ws::Filter>{{.key = key, .values = std::vector<std::string>{value}}};
  };
  EXPECT_EQ(names({}), "cab");
  EXPECT_EQ(names({.max_results = 1, .sort_by = "name"}), "abc");
  EXPECT_EQ(names({.max_results = 2, .sort_order = "desc", .sort_by = "name"}), "cba");
  EXPECT_EQ(names({.filters = filter("tag-value", "of-a")}), "a");
  EXPECT_EQ(names({.filters = filter("name", "!a"), .sort_by = "name"}), "bc");
  EXPECT_EQ(names({.filters = filter("description", "KEY"), .sort_by = "name"}), "abc");
  EXPECT_EQ(names({.filters = filter("all", "of-c")}), "c");
  EXPECT_EQ(world_.Refused<ListSecrets>(admin(), {.next_token = "forged"}), "InvalidNextTokenException");
}

TEST_F(SecretsTest, APasswordHasWhatWasAskedFor) {
  auto made = world_.Run<GetRandomPassword>(admin(), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->random_password->size(), 32u);
  for (int i = 0; i < 50; ++i) {
    auto four = world_.Run<GetRandomPassword>(admin(), {.password_length = 4, .exclude_characters = "abc123"});
    ASSERT_TRUE(four);
    EXPECT_EQ(four->random_password->find_first_of("abc123"), std::string::npos);
    EXPECT_NE(four->random_password->find_first_of("0456789"), std::string::npos) << *four->random_password;
  }
  EXPECT_EQ(world_.Refused<GetRandomPassword>(admin(), {.password_length = 3}), "Invalid");
  EXPECT_EQ(world_.Refused<GetRandomPassword>(world_.worker, {}), "AccessDenied");
}

}  // namespace
}  // namespace hanse::secrets
