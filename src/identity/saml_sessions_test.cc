#include "identity/saml_sessions.h"

#include <gtest/gtest.h>

#include "identity/saml_lab.h"
#include "identity/test_world.h"

namespace hanse::identity {
namespace {

const SamlLab& Idp() {
  static const SamlLab lab;
  return lab;
}

class SamlTest : public testing::Test {
 protected:
  SamlTest() {
    provider_ = Provide("idp", Idp());
    role_ = world_.Role(world_.city, "analyst", World::Allow("s3:ListAllMyBuckets"), TrustsSaml(provider_));
  }

  std::string Provide(const std::string& name, const SamlLab& lab) {
    auto made = world_.Run<CreateSAMLProvider>(world_.city, {.saml_metadata_document = lab.Metadata(), .name = name});
    EXPECT_TRUE(made) << made.error().message;
    return made ? *made->saml_provider_arn : "";
  }
  static std::string TrustsSaml(
      const std::string& provider, const std::string& actions = R"("sts:AssumeRoleWithSAML")",
      const std::string& conditions = R"({"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}})") {
    return R"({"Effect":"Allow","Principal":{"Federated":")" + provider + R"("},"Action":[)" + actions + R"(],"Condition":)" +
           conditions + "}";
  }
  SamlLab::Words Words() { return Idp().About(world_.clock.NowMs(), role_, provider_); }
  Result<AssumeRoleWithSAML::Answer> Assume(const SamlLab::Words& words, const SamlLab& lab = Idp()) {
    return world_.Run<AssumeRoleWithSAML>(Caller{},
                                          {.role_arn = role_, .principal_arn = provider_, .saml_assertion = lab.Signed(words)});
  }
  Result<AssumeDecoratedRoleWithSAML::Answer> Decorate(const SamlLab::Words& words) {
    return world_.Run<AssumeDecoratedRoleWithSAML>(
        Caller{}, {.saml_assertion = Idp().Signed(words), .role_arn = role_, .principal_arn = provider_});
  }
  std::string LastRecord() { return world_.journal.records.back(); }

  World world_;
  std::string provider_, role_;
};

TEST_F(SamlTest, WhomTheProviderVouchesForTakesOnTheRoleThatTrustsIt) {
  auto made = Assume(Words());
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->subject, "ana@example.com");
  EXPECT_EQ(made->subject_type, "persistent");
  EXPECT_EQ(made->issuer, Idp().entity_id());
  EXPECT_EQ(made->audience, "https://signin.aws.amazon.com/saml");
  EXPECT_EQ(made->assumed_role_user->arn, "arn:aws:sts::111122223333:assumed-role/analyst/ana");
  auto caller = world_.SignedIn(*made->credentials);
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_TRUE(world_.May(*caller, "s3:ListAllMyBuckets"));
  EXPECT_FALSE(world_.May(*caller, "s3:CreateBucket"));
  // Not decorated: whom grants name is the role alone.
  EXPECT_TRUE(caller->saml->user.empty());
  EXPECT_EQ(caller->saml->provider_arn, provider_);
  // It is taken on within five minutes as often as is asked, as STS does.
  EXPECT_TRUE(Assume(Words()));
}

TEST_F(SamlTest, TheTrustPolicyDecides) {
  const auto trust = [&](const std::string& statements) {
    auto put =
        world_.Run<UpdateAssumeRolePolicy>(world_.city, {.role_name = "analyst", .policy_document = World::Document(statements)});
    ASSERT_TRUE(put) << put.error().message;
  };
  EXPECT_TRUE(Assume(Words()));
  trust(TrustsSaml(provider_, R"("sts:AssumeRoleWithSAML")", R"({"StringEquals":{"SAML:aud":"https://mesh.example.com/saml"}})"));
  EXPECT_FALSE(Assume(Words()));
  trust(
      TrustsSaml(provider_, R"("sts:AssumeRoleWithSAML")", R"({"StringLike":{"saml:sub":"ana@*","saml:doc":"111122223333/idp"}})"));
  EXPECT_TRUE(Assume(Words()));
  trust(TrustsSaml(provider_, R"("sts:AssumeRoleWithSAML")", R"({"StringEquals":{"SAML:iss":"https://other.example.com"}})"));
  EXPECT_FALSE(Assume(Words()));
  trust(TrustsSaml(provider_, R"("sts:TagSession")", "{}"));
  EXPECT_FALSE(Assume(Words()));
  // Everybody and the account are not the provider; a Deny for everybody is.
  trust(R"({"Effect":"Allow","Principal":"*","Action":"sts:*"},)"
        R"({"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:*"})");
  EXPECT_FALSE(Assume(Words()));
  trust(TrustsSaml(provider_, R"("sts:AssumeRoleWithSAML")", "{}") +
        R"(,{"Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{"StringEquals":{"saml:sub":"ana@example.com"}}})");
  EXPECT_FALSE(Assume(Words()));
  // A provider that is not there cannot be trusted.
  EXPECT_FALSE(world_.Run<UpdateAssumeRolePolicy>(
      world_.city, {.role_name = "analyst", .policy_document = World::Document(TrustsSaml(provider_ + "2"))}));
  auto shown = world_.Run<GetRole>(world_.city, {.role_name = "analyst"});
  EXPECT_NE(shown->role->assume_role_policy_document->find("saml-provider"), std::string::npos);
}

TEST_F(SamlTest, AnotherProviderOfTheSameNameIsNobody) {
  auto before = Assume(Words());
  ASSERT_TRUE(before);
  ASSERT_TRUE(world_.SignedIn(*before->credentials));
  ASSERT_TRUE(world_.Run<DeleteSAMLProvider>(world_.city, {.saml_provider_arn = provider_}));
  EXPECT_FALSE(Assume(Words()));
  EXPECT_FALSE(world_.SignedIn(*before->credentials));  // Who nobody vouches for any more.
  ASSERT_EQ(Provide("idp", Idp()), provider_);
  EXPECT_FALSE(Assume(Words()));
  EXPECT_FALSE(world_.SignedIn(*before->credentials));
  ASSERT_TRUE(world_.Run<UpdateAssumeRolePolicy>(
      world_.city, {.role_name = "analyst", .policy_document = World::Document(TrustsSaml(provider_))}));
  EXPECT_TRUE(Assume(Words()));
}

TEST_F(SamlTest, OnlyTheRolesThatTheAssertionNames) {
  SamlLab::Words words = Words();
  words.attributes[0].second = {provider_ + "," + role_};  // Either order.
  EXPECT_TRUE(Assume(words));
  words.attributes[0].second = {role_ + "2," + provider_};
  EXPECT_FALSE(Assume(words));
  words.attributes[0].second = {role_ + ",arn:aws:iam::111122223333:saml-provider/other"};
  EXPECT_FALSE(Assume(words));
}

// A stranger learns neither which roles there are nor which providers.
TEST_F(SamlTest, MissingAndClosedReadTheSame) {
  const std::string closed = world_.Role(world_.city, "closed", "", World::Trusts("arn:aws:iam::111122223333:root"));
  auto refusal = [&](const std::string& role) {
    SamlLab::Words words = Idp().About(world_.clock.NowMs(), role, provider_);
    auto made = world_.Run<AssumeRoleWithSAML>(
        Caller{}, {.role_arn = role, .principal_arn = provider_, .saml_assertion = Idp().Signed(words)});
    EXPECT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::kAccessDenied);
    std::string text = made.error().message;
    return text.replace(text.find(role), role.size(), "ROLE");
  };
  EXPECT_EQ(refusal(closed), refusal("arn:aws:iam::111122223333:role/missing"));
  const SamlLab other;
  auto unknown = world_.Run<AssumeRoleWithSAML>(
      Caller{}, {.role_arn = role_, .principal_arn = provider_ + "2", .saml_assertion = other.Signed(Words())});
  auto unproven = Assume(Words(), other);
  ASSERT_FALSE(unknown || unproven);
  EXPECT_EQ(unknown.error().message, unproven.error().message);
  EXPECT_EQ(unproven.error().name, "InvalidIdentityToken");
  // A role of another account never trusts this account's provider.
  const std::string abroad = world_.Role(world_.foreign, "abroad", "", TrustsSaml(provider_));
  ASSERT_FALSE(abroad.empty());
  EXPECT_NE(refusal(abroad), "");
}

TEST_F(SamlTest, TagsAndSourceIdentityNeedTheirActions) {
  SamlLab::Words tagged = Words(), sourced = Words();
  tagged.attributes.push_back({SamlLab::Aws("PrincipalTag:Project"), {"lake"}});
  tagged.attributes.push_back({SamlLab::Aws("TransitiveTagKeys"), {"Project"}});
  sourced.attributes.push_back({SamlLab::Aws("SourceIdentity"), {"ana.k"}});
  EXPECT_FALSE(Assume(tagged));
  EXPECT_FALSE(Assume(sourced));
  ASSERT_TRUE(world_.Run<UpdateAssumeRolePolicy>(
      world_.city, {.role_name = "analyst",
                    .policy_document = World::Document(
                        TrustsSaml(provider_, R"("sts:AssumeRoleWithSAML","sts:SetSourceIdentity")", "{}") + "," +
                        TrustsSaml(provider_, R"("sts:TagSession")", R"({"StringEquals":{"aws:RequestTag/Project":"lake"}})"))}));
  auto made = Assume(tagged);
  ASSERT_TRUE(made) << made.error().message;
  auto caller = world_.SignedIn(*made->credentials);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->principal_tags["Project"], "lake");
  EXPECT_EQ(caller->transitive_tag_keys, std::vector<std::string>{"Project"});
  tagged.attributes[2].second = {"other"};
  EXPECT_FALSE(Assume(tagged));
  made = Assume(sourced);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->source_identity, "ana.k");
  EXPECT_EQ(world_.SignedIn(*made->credentials)->source_identity, "ana.k");
}

TEST_F(SamlTest, ASessionEndsAsTheRoleAndTheProviderSay) {
  auto lasts = [&](const SamlLab::Words& words, std::optional<std::int32_t> asked) -> std::int64_t {
    auto made = world_.Run<AssumeRoleWithSAML>(
        Caller{},
        {.role_arn = role_, .principal_arn = provider_, .saml_assertion = Idp().Signed(words), .duration_seconds = asked});
    return made ? (made->credentials->expiration->ms - world_.clock.NowMs()) / 1000 : 0;
  };
  EXPECT_EQ(lasts(Words(), std::nullopt), 3600);
  EXPECT_EQ(lasts(Words(), 900), 900);
  EXPECT_EQ(lasts(Words(), 3601), 0);  // MaxSessionDuration of the role.
  SamlLab::Words short_lived = Words();
  short_lived.session_ends = R"( SessionNotOnOrAfter=")" + FormatIso8601(world_.clock.NowMs() + 600'000) + '"';
  EXPECT_EQ(lasts(short_lived, std::nullopt), 600);
  EXPECT_EQ(lasts(short_lived, 900), 600);
}

TEST_F(SamlTest, ADecoratedSessionCarriesItsUserAndGroups) {
  SamlLab::Words words = Words();
  EXPECT_FALSE(Decorate(words));  // Nobody to decorate it with.
  words.attributes.push_back({SamlLab::Lake("Username"), {"ana"}});
  words.attributes.push_back({SamlLab::Lake("Groups"), {"analysts", "finance"}});
  auto made = Decorate(words);
  ASSERT_TRUE(made) << made.error().message;
  auto caller = world_.SignedIn(*made->access_key_id, *made->session_token);
  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_EQ(caller->arn, "arn:aws:sts::111122223333:assumed-role/analyst/ana");
  EXPECT_EQ(caller->saml->user, "ana");
  EXPECT_EQ(caller->saml->groups, (std::vector<std::string>{"analysts", "finance"}));
  // The same assertion, shown to STS, decorates nobody; nor does a role that the session goes on to.
  auto plain = Assume(words);
  ASSERT_TRUE(plain);
  EXPECT_TRUE(world_.SignedIn(*plain->credentials)->saml->groups.empty());
  const std::string next = world_.Role(world_.city, "next", "", World::Trusts(role_));
  auto chained = world_.Become(*caller, next);
  ASSERT_TRUE(chained) << chained.error().message;
  EXPECT_EQ(chained->saml, nullptr);
}

TEST_F(SamlTest, TheJournalSaysWhoAndKeepsNoAssertion) {
  ASSERT_TRUE(Assume(Words()));
  const std::string record = LastRecord();
  EXPECT_NE(record.find(R"("type":"SAMLUser")"), std::string::npos) << record;
  EXPECT_NE(record.find(R"("userName":"ana@example.com")"), std::string::npos) << record;
  EXPECT_NE(record.find(R"("sAMLAssertionID":"_a1")"), std::string::npos) << record;
  EXPECT_NE(record.find(provider_), std::string::npos) << record;
  EXPECT_EQ(record.find("PHNhbWxwOl"), std::string::npos) << record;  // "<samlp:" in Base64.
  EXPECT_EQ(record.find("SignatureValue"), std::string::npos) << record;
  SamlLab::Words words = Words();
  ASSERT_TRUE(world_.Run<UpdateAssumeRolePolicy>(
      world_.city, {.role_name = "analyst", .policy_document = World::Document(World::Trusts("arn:aws:iam::111122223333:root"))}));
  EXPECT_FALSE(Assume(words));
  EXPECT_NE(LastRecord().find("AccessDenied"), std::string::npos) << LastRecord();
}

TEST_F(SamlTest, ProvidersAreKeptListedChangedAndTagged) {
  auto got = world_.Run<GetSAMLProvider>(world_.city, {.saml_provider_arn = provider_});
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->saml_metadata_document, Idp().Metadata());
  EXPECT_EQ(got->saml_provider_uuid->size(), 22u);
  EXPECT_FALSE(world_.Run<CreateSAMLProvider>(world_.city, {.saml_metadata_document = Idp().Metadata(), .name = "idp"}));
  EXPECT_FALSE(world_.Run<CreateSAMLProvider>(world_.city, {.saml_metadata_document = std::string(1000, 'x'), .name = "none"}));
  EXPECT_FALSE(world_.Run<GetSAMLProvider>(world_.foreign, {.saml_provider_arn = provider_}));
  EXPECT_EQ(world_.Run<ListSAMLProviders>(world_.city, {})->saml_provider_list->size(), 1u);
  EXPECT_TRUE(world_.Run<ListSAMLProviders>(world_.foreign, {})->saml_provider_list->empty());
  ASSERT_TRUE(
      world_.Run<TagSAMLProvider>(world_.city, {.saml_provider_arn = provider_, .tags = {{{.key = "team", .value = "hr"}}}}));
  EXPECT_EQ(world_.Run<ListSAMLProviderTags>(world_.city, {.saml_provider_arn = provider_})->tags->size(), 1u);
  ASSERT_TRUE(world_.Run<UntagSAMLProvider>(world_.city, {.saml_provider_arn = provider_, .tag_keys = {{"team"}}}));
  EXPECT_TRUE(world_.Run<ListSAMLProviderTags>(world_.city, {.saml_provider_arn = provider_})->tags->empty());
  // New keys: what the old ones sign is believed no more; the provider, and who trusts it, stay.
  const SamlLab next(Idp().entity_id());
  ASSERT_TRUE(
      world_.Run<UpdateSAMLProvider>(world_.city, {.saml_metadata_document = next.Metadata(), .saml_provider_arn = provider_}));
  EXPECT_FALSE(Assume(Words()));
  EXPECT_TRUE(Assume(Words(), next));
  EXPECT_FALSE(
      world_.Run<UpdateSAMLProvider>(world_.foreign, {.saml_metadata_document = next.Metadata(), .saml_provider_arn = provider_}));
}

TEST_F(SamlTest, MetadataThatIsOverProvesNothing) {
  const std::string until = FormatIso8601(world_.clock.NowMs() + 60'000);
  ASSERT_TRUE(world_.Run<UpdateSAMLProvider>(
      world_.city, {.saml_metadata_document = Idp().Metadata(R"( validUntil=")" + until + '"'), .saml_provider_arn = provider_}));
  EXPECT_TRUE(Assume(Words()));
  world_.clock.Advance(60'000);
  EXPECT_FALSE(Assume(Words()));
}

TEST_F(SamlTest, WithoutAProvenAssertionNobodyMay) {
  gate::Context context{Caller{}, {}};
  context.info.now_ms = world_.clock.NowMs();
  AssumeRoleWithSAML op;
  op.in = {.role_arn = role_, .principal_arn = provider_, .saml_assertion = "AAAA"};
  EXPECT_FALSE(world_.gate.Run(context, op, world_.saml));
  context.caller = world_.city;
  EXPECT_FALSE(world_.gate.Run(context, op, world_.saml));
}

}  // namespace
}  // namespace hanse::identity
