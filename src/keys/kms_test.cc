#include "keys/kms.h"

#include <gtest/gtest.h>

#include "keys/ciphertext.h"
#include "keys/test_world.h"

namespace hanse::keys {
namespace {

class KmsTest : public testing::Test {
 protected:
  std::string StateOf(const std::string& key) {
    return *world_.Run<DescribeKey>(world_.admin, {.key_id = key}).value().key_metadata->key_state;
  }
  const Caller& admin() const { return world_.admin; }

  World world_;
  const std::string key_ = world_.Key();
  const std::string id_ = key_.substr(key_.rfind('/') + 1);
};

TEST_F(KmsTest, AKeyDescribesItself) {
  auto made = world_.Run<CreateKey>(admin(), {.description = "orders", .tags = {{{.tag_key = "domain", .tag_value = "sales"}}}});
  ASSERT_TRUE(made) << made.error().message;
  const wk::KeyMetadata& key = *made->key_metadata;
  EXPECT_EQ(*key.arn, "arn:aws:kms:us-east-1:111122223333:key/" + *key.key_id);
  EXPECT_EQ(*key.key_state, "Enabled");
  EXPECT_EQ(*key.description, "orders");
  EXPECT_EQ(world_.Run<ListResourceTags>(admin(), {.key_id = key.key_id})->tags->front().tag_value, "sales");
  EXPECT_EQ(world_.Refused<UntagResource>(admin(), {.key_id = key.key_id, .tag_keys = {{"domain"}}}), "");
  EXPECT_TRUE(world_.Run<ListResourceTags>(admin(), {.key_id = key.key_id})->tags->empty());
  EXPECT_EQ(world_.Refused<CreateKey>(world_.worker, {}), "AccessDenied");
}

TEST_F(KmsTest, WhatIsNotBuiltIsRefusedByName) {
  EXPECT_EQ(world_.Refused<CreateKey>(admin(), {.key_usage = "SIGN_VERIFY", .key_spec = "RSA_2048"}), "NotImplemented");
  EXPECT_EQ(world_.Refused<CreateKey>(admin(), {.key_usage = "SIGN_VERIFY"}), "ValidationException");
  EXPECT_EQ(world_.Refused<CreateKey>(admin(), {.origin = "EXTERNAL"}), "NotImplemented");
  EXPECT_EQ(world_.Refused<CreateKey>(admin(), {.multi_region = true}), "NotImplemented");
}

TEST_F(KmsTest, ListsOfKeysGoOnWhereTheyEnded) {
  const std::string second = world_.Key();
  auto first = world_.Run<ListKeys>(admin(), {.limit = 1});
  ASSERT_TRUE(first && *first->truncated);
  auto rest = world_.Run<ListKeys>(admin(), {.limit = 1, .marker = first->next_marker});
  ASSERT_TRUE(rest && !*rest->truncated);
  EXPECT_NE(first->keys->front().key_arn, rest->keys->front().key_arn);
  EXPECT_EQ(world_.Refused<ListKeys>(admin(), {.marker = "forged"}), "InvalidMarkerException");
  EXPECT_EQ(world_.Refused<ListAliases>(admin(), {.marker = first->next_marker}), "InvalidMarkerException");
  EXPECT_EQ(world_.Refused<ListKeys>(world_.worker, {}), "AccessDenied");
}

TEST_F(KmsTest, WhatWasSealedOpensForItsContextAlone) {
  const std::string blob = world_.Sealed(key_, "secret", {{"table", "orders"}, {"column", "email"}});
  EXPECT_EQ(world_.Opened(admin(), blob, {{"column", "email"}, {"table", "orders"}}), "secret");
  using Context = std::map<std::string, std::string>;
  for (const Context& context : {Context{}, Context{{"table", "orders"}}, Context{{"table", "orders"}, {"column", "emaiL"}},
                                 Context{{"table", "orders"}, {"column", "email"}, {"more", ""}}}) {
    EXPECT_EQ(world_.Opened(admin(), blob, context), "[InvalidCiphertextException]");
  }
  EXPECT_EQ(world_.Opened(world_.worker, blob, {{"table", "orders"}, {"column", "email"}}), "[AccessDenied]");
}

TEST_F(KmsTest, ACiphertextThatWasChangedDoesNotOpen) {
  const std::string blob = world_.Sealed(key_, "secret");
  ASSERT_EQ(world_.Opened(admin(), blob), "secret");
  for (std::size_t bit = 0; bit < blob.size() * 8; ++bit) {
    std::string spoilt = blob;
    spoilt[bit / 8] = static_cast<char>(spoilt[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(world_.Opened(admin(), spoilt).starts_with("[")) << bit;
  }
  for (const std::string& spoilt : {std::string(), blob.substr(0, 40), blob.substr(0, blob.size() - 1), blob + "x"}) {
    EXPECT_EQ(world_.Opened(admin(), spoilt), "[InvalidCiphertextException]");
  }
  EXPECT_EQ(blob.find("secret"), std::string::npos);
}

TEST_F(KmsTest, ACiphertextIsCarriedToAnotherKey) {
  const std::string other = world_.Key(), blob = world_.Sealed(key_, "secret", {{"a", "1"}});
  wk::ReEncryptRequest in{.ciphertext_blob = blob, .source_encryption_context = {{{"a", "1"}}}, .destination_key_id = other};
  auto moved = world_.Run<ReEncrypt>(admin(), in);
  ASSERT_TRUE(moved) << moved.error().message;
  EXPECT_EQ(*moved->source_key_id, key_);
  EXPECT_EQ(world_.Opened(admin(), *moved->ciphertext_blob), "secret");
  in.source_key_id = other;
  EXPECT_EQ(world_.Refused<ReEncrypt>(admin(), in), "IncorrectKeyException");
  EXPECT_EQ(world_.Refused<ReEncrypt>(world_.worker, in), "AccessDenied");
}

TEST_F(KmsTest, DataKeys) {
  auto pair = world_.Run<GenerateDataKey>(admin(), {.key_id = id_, .key_spec = "AES_256"});
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->plaintext->size(), 32u);
  EXPECT_EQ(world_.Opened(admin(), *pair->ciphertext_blob), *pair->plaintext);
  auto bare = world_.Run<GenerateDataKeyWithoutPlaintext>(admin(), {.key_id = id_, .number_of_bytes = 100});
  EXPECT_EQ(world_.Opened(admin(), *bare->ciphertext_blob).size(), 100u);
  EXPECT_EQ(world_.Refused<GenerateDataKey>(admin(), {.key_id = id_}), "ValidationException");
  EXPECT_EQ(world_.Refused<GenerateDataKey>(admin(), {.key_id = id_, .number_of_bytes = 32, .key_spec = "AES_256"}),
            "ValidationException");
  EXPECT_EQ(world_.Refused<GenerateDataKey>(admin(), {.key_id = id_, .key_spec = "AES_256", .dry_run = true}),
            "DryRunOperationException");
  EXPECT_EQ(world_.Run<GenerateRandom>(admin(), {.number_of_bytes = 24})->plaintext->size(), 24u);
}

TEST_F(KmsTest, ADisabledKeyDoesNothingUntilItIsEnabled) {
  const std::string blob = world_.Sealed(key_, "secret");
  ASSERT_EQ(world_.Refused<DisableKey>(admin(), {.key_id = id_}), "");
  EXPECT_EQ(StateOf(key_), "Disabled");
  EXPECT_EQ(world_.Opened(admin(), blob), "[DisabledException]");
  EXPECT_EQ(world_.MayEncrypt(admin(), key_), "DisabledException");
  EXPECT_EQ(world_.Refused<EnableKeyRotation>(admin(), {.key_id = id_}), "DisabledException");
  EXPECT_EQ(world_.Refused<EnableKey>(world_.worker, {.key_id = id_}), "AccessDenied");
  ASSERT_EQ(world_.Refused<EnableKey>(admin(), {.key_id = id_}), "");
  EXPECT_EQ(world_.Opened(admin(), blob), "secret");
}

TEST_F(KmsTest, AKeyWaitsBeforeItDies) {
  const std::string blob = world_.Sealed(key_, "secret");
  for (int days : {6, 31}) {
    EXPECT_EQ(world_.Refused<ScheduleKeyDeletion>(admin(), {.key_id = id_, .pending_window_in_days = days}), "ValidationException");
  }
  auto answer = world_.Run<ScheduleKeyDeletion>(admin(), {.key_id = id_, .pending_window_in_days = 7});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->deletion_date->ms, world_.clock.NowMs() + 7 * 24 * 3600 * TimeMs{1000});
  EXPECT_EQ(world_.Opened(admin(), blob), "[KMSInvalidStateException]");
  EXPECT_EQ(world_.Refused<EnableKey>(admin(), {.key_id = id_}), "KMSInvalidStateException");
  ASSERT_EQ(world_.Refused<CancelKeyDeletion>(admin(), {.key_id = id_}), "");
  EXPECT_EQ(StateOf(key_), "Disabled");
  EXPECT_EQ(world_.Refused<CancelKeyDeletion>(admin(), {.key_id = id_}), "KMSInvalidStateException");
  ASSERT_EQ(world_.Refused<EnableKey>(admin(), {.key_id = id_}), "");
  EXPECT_EQ(world_.Opened(admin(), blob), "secret");
}

TEST_F(KmsTest, AliasesMoveAndCiphertextsKeepTheirKey) {
  const std::string other = world_.Key();
  ASSERT_EQ(world_.Refused<CreateAlias>(admin(), {.alias_name = "alias/k", .target_key_id = key_}), "");
  EXPECT_EQ(world_.Refused<CreateAlias>(admin(), {.alias_name = "alias/k", .target_key_id = other}), "AlreadyExistsException");
  const std::string old = world_.Sealed("alias/k", "secret");
  ASSERT_EQ(world_.Refused<UpdateAlias>(admin(), {.alias_name = "alias/k", .target_key_id = other}), "");
  EXPECT_EQ(*world_.Run<Encrypt>(admin(), {.key_id = "alias/k", .plaintext = "x"})->key_id, other);
  EXPECT_EQ(world_.Opened(admin(), old), "secret");
  EXPECT_EQ(world_.Refused<Decrypt>(admin(), {.ciphertext_blob = old, .key_id = "alias/k"}), "IncorrectKeyException");
  EXPECT_EQ(world_.Run<ListAliases>(admin(), {.key_id = other})->aliases->front().alias_name, "alias/k");
  EXPECT_EQ(world_.Refused<DeleteAlias>(world_.worker, {.alias_name = "alias/k"}), "AccessDenied");
  ASSERT_EQ(world_.Refused<DeleteAlias>(admin(), {.alias_name = "alias/k"}), "");
  EXPECT_EQ(world_.Refused<DescribeKey>(admin(), {.key_id = "alias/k"}), "NotFoundException");
  for (const char* name : {"alias/aws/mine", "mine", "alias/"}) {
    EXPECT_EQ(world_.Refused<CreateAlias>(admin(), {.alias_name = name, .target_key_id = key_}), "InvalidAliasNameException")
        << name;
  }
}

TEST_F(KmsTest, NewMaterialLeavesTheOldReadable) {
  const std::string old = world_.Sealed(key_, "secret");
  EXPECT_FALSE(*world_.Run<GetKeyRotationStatus>(admin(), {.key_id = id_})->key_rotation_enabled);
  ASSERT_EQ(world_.Refused<EnableKeyRotation>(admin(), {.key_id = id_, .rotation_period_in_days = 90}), "");
  EXPECT_EQ(*world_.Run<GetKeyRotationStatus>(admin(), {.key_id = id_})->rotation_period_in_days, 90);
  ASSERT_EQ(world_.Refused<RotateKeyOnDemand>(admin(), {.key_id = id_}), "");
  const std::string fresh = world_.Sealed(key_, "secret");
  EXPECT_EQ(ParseCiphertext(old)->version, 1);
  EXPECT_EQ(ParseCiphertext(fresh)->version, 2);
  EXPECT_EQ(world_.Opened(admin(), old) + world_.Opened(admin(), fresh), "secretsecret");
  auto rotations = world_.Run<ListKeyRotations>(admin(), {.key_id = id_});
  ASSERT_EQ(rotations->rotations->size(), 1u);
  EXPECT_EQ(rotations->rotations->front().rotation_type, "ON_DEMAND");
  ASSERT_EQ(world_.Refused<DisableKeyRotation>(admin(), {.key_id = id_}), "");
  EXPECT_FALSE(*world_.Run<GetKeyRotationStatus>(admin(), {.key_id = id_})->key_rotation_enabled);
}

TEST_F(KmsTest, NothingThatIsSecretStandsInTheJournal) {
  const std::string blob = world_.Sealed(key_, "marker-three-5e2d");
  EXPECT_EQ(world_.Opened(admin(), blob), "marker-three-5e2d");
  ASSERT_FALSE(world_.journal.records.empty());
  for (const std::string& record : world_.journal.records) EXPECT_EQ(record.find("marker"), std::string::npos);
  EXPECT_NE(world_.journal.records.back().find(key_), std::string::npos);
}

}  // namespace
}  // namespace hanse::keys
