#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audit/test_journal.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "blob/memory_blobs.h"
#include "gate/gate.h"
#include "model/arn.h"
#include "objects/bucket_policy.h"
#include "objects/buckets.h"
#include "objects/inside.h"
#include "objects/objects.h"
#include "objects/staging.h"
#include "objects/uploads.h"
#include "store/test_store.h"

// For the tests of this folder: everything behind the gate that S3 needs, small and in memory; callers whose policies are what the
// test says.
namespace hanse::objects {

// Policies by the caller's ARN; nobody unknown may anything.
class TestPolicies final : public gate::PolicySource {
 public:
  void Set(const Caller& caller, const std::string& document) { documents_[caller.arn] = document; }
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    policy::Facts facts;
    facts.caller = caller;
    if (auto at = documents_.find(caller.arn); at != documents_.end()) {
      TRY_ASSIGN(policy::DocumentPtr document, policy::ParseDocument(at->second, policy::DocumentKind::kIdentity));
      facts.identity.push_back({"inline:test", std::move(document)});
    }
    return facts;
  }

 private:
  std::map<std::string, std::string> documents_;
};

// Keys as TestKeys has them; by default the account's own principals use one through S3, and nobody else. What a test puts into
// `statement` is the policy instead.
class TestKeyPolicies final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction&, const Caller&, std::string_view, std::string_view arn) override {
    std::optional<Arn> key = ParseArn(arn);
    if (!key) return std::optional<Found>();
    std::string text = statement;
    if (text.empty()) {
      const std::string condition = R"("kms:CallerAccount":")" + key->account + R"(","kms:ViaService":"s3.)" + key->region;
      text = R"({"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{)" + condition +
             R"(.amazonaws.com"}}})";
    }
    TRY_ASSIGN(auto document,
               policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[)" + text + "]}", policy::DocumentKind::kResource));
    return std::optional(
        Found{key->account, policy::NamedDocument{"key policy", std::move(document)}, policy::Delegation::kResource});
  }
  std::string statement;
};

// A key an account; it can be shut.
class TestKeys final : public DataKeys {
 public:
  Result<std::string> Domain(store::Transaction&, std::string_view account, std::string_view region, TimeMs) override {
    return "arn:aws:kms:" + std::string(region) + ":" + std::string(account) + ":key/domain";
  }
  Result<std::optional<std::string>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                          std::string_view region) override {
    if (name != "alias/domain") return std::optional<std::string>();
    TRY_ASSIGN(std::string arn, Domain(tx, account, region, 0));
    return std::optional(arn);
  }
  Result<std::string> Wrap(store::Transaction&, std::string_view, const crypto::Key& key, std::string_view context) override {
    TRY(Check());
    return Hex(std::string(key.bytes()) + std::string(context));
  }
  Result<crypto::Key> Unwrap(store::Transaction&, std::string_view, std::string_view wrapped, std::string_view context) override {
    TRY(Check());
    std::string bytes;
    if (!UnHex(wrapped, &bytes) || bytes.size() < 32 || bytes.substr(32) != context) return Fail(ErrorCode::kInternal, "damaged");
    return crypto::Key::FromBytes(std::string_view(bytes).substr(0, 32));
  }
  bool disabled = false;

 private:
  Result<void> Check() const {
    if (disabled) return FailAs(ErrorCode::kConflict, "KMS.DisabledException", "disabled");
    return {};
  }
};

class World {
 public:
  static constexpr const char* kOwner = "111122223333";
  static constexpr const char* kFriend = "444455556666";

  World() : admin(User(kOwner, "admin")), stranger(User(kFriend, "stranger")), guest(User(kOwner, "guest")) {
    Allow(admin, R"("s3:*")");
    Allow(stranger, R"("s3:*")");
  }

  static Caller User(const std::string& account, const std::string& name) {
    Caller caller;
    caller.kind = CallerKind::kUser;
    caller.account = account;
    caller.name = name;
    caller.arn = caller.principal_arn = "arn:aws:iam::" + account + ":user/" + name;
    std::string letters = name;
    for (char& c : letters) c = static_cast<char>(c - 'a' + 'A');
    caller.unique_id = "AIDA" + letters + std::string(17 - letters.size(), 'A');
    return caller;
  }
  // Replaces what the caller may: actions as JSON, on a resource.
  void Allow(const Caller& caller, const std::string& actions, const std::string& resource = "*",
             const std::string& condition = "{}") {
    policies.Set(caller, R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[)" + actions + R"(],"Resource":")" +
                             resource + R"(","Condition":)" + condition + "}]}");
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

  template <class Op>
  Result<typename Op::Answer> Run(const Caller& caller, Op op) {
    gate::Context context{caller, {}};
    context.info.service = "s3";
    context.info.operation = std::string(Op::kRule.name);
    context.info.region = region;
    context.info.now_ms = clock.NowMs();
    return gate.Run(context, op, ServiceFor<Op>());
  }
  template <class Op>
  Result<typename Op::Answer> Run(Op op) {
    return Run(admin, std::move(op));
  }
  // The name of the error, "" where there is none.
  template <class Op>
  std::string Refused(const Caller& caller, Op op) {
    auto done = Run(caller, std::move(op));
    if (done) return "";
    if (!done.error().name.empty()) return done.error().name;
    return done.error().code == ErrorCode::kAccessDenied ? "AccessDenied" : done.error().message;
  }

  // Verbs that most tests share.
  void MakeBucket(const std::string& bucket) {
    CreateBucket op;
    op.in.bucket = bucket;
    if (!Run(op)) std::abort();
  }
  static PutObject Put(const std::string& bucket, const std::string& key, const std::string& body) {
    PutObject op;
    op.in.bucket = bucket;
    op.in.key = key;
    op.in.body = std::make_shared<TextSource>(body);
    return op;
  }
  template <class Op>
  static Op Of(const std::string& bucket, const std::string& key, std::optional<std::string> version = {}) {
    Op op;
    op.in.bucket = bucket;
    op.in.key = key;
    op.in.version_id = std::move(version);
    return op;
  }
  static std::string Text(const s3::GetObjectOutput& out) {
    std::string text(static_cast<std::size_t>((*out.body)->size().value_or(0)), '\0');
    std::size_t at = 0;
    while (at < text.size()) {
      auto got = (*out.body)->Read(std::span(text).subspan(at));
      if (!got || *got == 0) return "broken stream";
      at += *got;
    }
    return text;
  }
  // The content, or the name of the refusal in brackets.
  std::string Get(const Caller& caller, const std::string& bucket, const std::string& key,
                  std::optional<std::string> version = {}) {
    auto got = Run(caller, Of<GetObject>(bucket, key, std::move(version)));
    if (got) return Text(*got);
    return "[" + (got.error().name.empty() ? std::string("AccessDenied") : got.error().name) + "]";
  }

  store::TestStore store;
  SeededRandom random{17};
  ManualClock clock;
  blob::MemoryBlobs blobs{random};
  TestKeys keys;
  audit::TestJournal journal;
  TestPolicies policies;
  BucketPolicies bucket_policies;
  TestKeyPolicies key_policies;
  gate::Gate gate{{*store, journal, clock, random, policies, {{"s3", &bucket_policies}, {"kms", &key_policies}}}};
  Parts parts{*store, blobs, keys, random, crypto::Key::Draw(random)};
  Buckets buckets{keys, random, parts.token_key};
  Objects objects{parts};
  Uploads uploads{parts};
  Inside inside{parts};
  Staging staging{parts};
  const Caller admin, stranger, guest;
  std::string region = "us-east-1";  // For which requests are signed.

 private:
  template <class Op>
  auto& ServiceFor() {
    if constexpr (requires(Inside i, const gate::Authorized<Op>& call) { i.Do(call); }) {
      return inside;
    } else if constexpr (std::is_same_v<Op, StoreObjects>) {
      return staging;
    } else if constexpr (requires(Buckets b, const gate::Authorized<Op>& call) { b.Do(call); }) {
      return buckets;
    } else if constexpr (
        requires(Objects o, const gate::Authorized<Op>& call) { o.Do(call); } ||
        requires(Objects o, const Op& op, const gate::Context& context) { o.Receive(op, context); }) {
      return objects;
    } else {
      return uploads;
    }
  }
};

}  // namespace hanse::objects
