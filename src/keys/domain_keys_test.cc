#include "keys/domain_keys.h"

#include <gtest/gtest.h>

#include "store/test_store.h"

namespace hanse::keys {
namespace {

constexpr const char* kAccount = "111122223333";
constexpr const char* kRegion = "us-east-1";

class DomainKeysTest : public testing::Test {
 protected:
  KmsKey Made() {
    auto tx = store_->BeginWrite().value();
    KmsKey key = keys_->Domain(*tx, kAccount, kRegion, 1).value();
    EXPECT_TRUE(tx->Commit());
    return key;
  }
  void SetState(const KmsKey& key, const std::string& state) {
    auto tx = store_->BeginWrite().value();
    EXPECT_TRUE(tx->Execute("UPDATE keys SET state = ? WHERE id = ?", {state, key.id}));
    EXPECT_TRUE(tx->Commit());
  }
  std::string Wrapped(const KmsKey& key, const std::string& context = "c") {
    auto tx = store_->BeginRead().value();
    return keys_->Wrap(*tx, key.arn, data_key_, context).value_or("refused");
  }
  std::string Unwrapped(const KmsKey& key, const std::string& wrapped, const std::string& context = "c") {
    auto tx = store_->BeginRead().value();
    auto opened = keys_->Unwrap(*tx, key.arn, wrapped, context);
    if (!opened) return opened.error().name.empty() ? "damaged" : opened.error().name;
    return opened->bytes() == data_key_.bytes() ? "opened" : "wrong";
  }

  store::TestStore store_;
  SeededRandom random_{3};
  crypto::Key root_ = crypto::Key::Draw(random_);
  crypto::Key data_key_ = crypto::Key::Draw(random_);
  void Restart(const crypto::Key& root) {
    materials_ = std::make_unique<Materials>(root, random_);
    keys_ = std::make_unique<DomainKeys>(*materials_, random_);
  }
  std::unique_ptr<Materials> materials_ = std::make_unique<Materials>(root_, random_);
  std::unique_ptr<DomainKeys> keys_ = std::make_unique<DomainKeys>(*materials_, random_);
};

TEST_F(DomainKeysTest, AnAccountHasOneDomainKeyInARegion) {
  KmsKey key = Made();
  EXPECT_EQ(key.arn, "arn:aws:kms:us-east-1:111122223333:key/" + key.key_id);
  EXPECT_EQ(Made().id, key.id);
  auto tx = store_->BeginWrite().value();
  EXPECT_NE(keys_->Domain(*tx, kAccount, "eu-west-1", 1)->id, key.id);
  EXPECT_NE(keys_->Domain(*tx, "444455556666", kRegion, 1)->id, key.id);
}

TEST_F(DomainKeysTest, AKeyIsFoundByEachOfItsNames) {
  KmsKey key = Made();
  auto tx = store_->BeginRead().value();
  for (const std::string& name :
       {key.key_id, key.arn, std::string("alias/domain"), "arn:aws:kms:us-east-1:111122223333:alias/domain" + std::string()}) {
    auto found = FindKey(*tx, name, kAccount, kRegion);
    ASSERT_TRUE(found && *found) << name;
    EXPECT_EQ((*found)->id, key.id);
  }
  for (const char* name : {"", "alias/other", "00000000-0000-4000-8000-000000000000", "arn:aws:s3:::domain",
                           "arn:aws:kms:eu-west-1:111122223333:alias/domain"}) {
    auto found = FindKey(*tx, name, kAccount, kRegion);
    EXPECT_TRUE(found && !*found) << name;
  }
  EXPECT_FALSE(*FindKey(*tx, key.key_id, "444455556666", kRegion));  // Ids are looked for in one's own account.
}

TEST_F(DomainKeysTest, ADataKeyOpensForItsContextAndKeyOnly) {
  KmsKey key = Made();
  std::string wrapped = Wrapped(key);
  EXPECT_EQ(Unwrapped(key, wrapped), "opened");
  EXPECT_EQ(Unwrapped(key, wrapped, "another object"), "damaged");
  EXPECT_EQ(Unwrapped(key, wrapped.substr(0, wrapped.size() - 4)), "damaged");
  EXPECT_EQ(Unwrapped(key, "1:"), "damaged");
  EXPECT_EQ(Unwrapped(key, ""), "damaged");
  EXPECT_EQ(Unwrapped(key, "9" + wrapped), "NotFoundException");
  EXPECT_NE(Wrapped(key), wrapped);
}

TEST_F(DomainKeysTest, ItOpensAfterARestartUnderTheSameRootAndUnderNoOther) {
  KmsKey key = Made();
  std::string wrapped = Wrapped(key);
  Restart(root_);
  EXPECT_EQ(Unwrapped(key, wrapped), "opened");
  Restart(crypto::Key::Draw(random_));
  EXPECT_EQ(Unwrapped(key, wrapped), "damaged");
}

TEST_F(DomainKeysTest, ADisabledKeyShutsAtOnceAndOpensAgain) {
  KmsKey key = Made();
  std::string wrapped = Wrapped(key);
  SetState(key, "Disabled");
  EXPECT_EQ(Unwrapped(key, wrapped), "DisabledException");
  EXPECT_EQ(Wrapped(key), "refused");
  SetState(key, "PendingDeletion");
  EXPECT_EQ(Unwrapped(key, wrapped), "KMSInvalidStateException");
  SetState(key, "Enabled");
  EXPECT_EQ(Unwrapped(key, wrapped), "opened");
}

TEST_F(DomainKeysTest, AKeyWhoseMakingWasRolledBackLeavesNoMaterialBehind) {
  // Its id comes again, with other material: what is sealed then must open after a restart.
  {
    auto tx = store_->BeginWrite().value();
    KmsKey lost = keys_->Domain(*tx, kAccount, kRegion, 1).value();
    EXPECT_TRUE(keys_->Wrap(*tx, lost.arn, data_key_, "c"));
  }
  KmsKey key = Made();
  std::string wrapped = Wrapped(key);
  Restart(root_);
  EXPECT_EQ(Unwrapped(key, wrapped), "opened");
}

TEST_F(DomainKeysTest, NoMaterialLiesInTheClear) {
  KmsKey key = Made();
  auto tx = store_->BeginRead().value();
  std::string sealed = tx->One("SELECT sealed FROM key_materials WHERE key = ?", {key.id})->Text(0);
  EXPECT_EQ(sealed.size(), 88u);  // Base64 of salt, key and tag.
}

}  // namespace
}  // namespace hanse::keys
