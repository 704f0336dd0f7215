#pragma once
#include <set>
#include <string>

#include "catalog/policy.h"
#include "governance/governance_lab.h"
#include "steward/access_review.h"

// For the tests of this folder: governance's lab, with people whose policies allow everything or, where the test says so, nothing.
namespace hanse::steward {

class People final : public gate::PolicySource {
 public:
  Result<policy::Facts> FactsOf(store::Transaction& tx, const Caller& caller) override {
    if (barred.contains(caller.name)) return policy::Facts{.caller = caller};
    TRY_ASSIGN(policy::Facts facts, everything_.FactsOf(tx, caller));
    facts.caller.organization = "o-lab";
    facts.caller.organization_path = {"r-lab"};
    return facts;
  }
  std::set<std::string> barred;  // By name.

 private:
  governance::OpenDoor everything_;
};

// Roles trust one account, whole.
class Trust final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction&, const Caller&, std::string_view, std::string_view resource) override {
    auto arn = ParseArn(resource);
    Found found{.owner = arn ? arn->account : AccountId(), .document = {}, .delegation = policy::Delegation::kResource};
    if (trusted.empty()) return std::optional(found);
    TRY_ASSIGN(auto document,
               policy::ParseDocument(R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::)" +
                                         trusted + R"(:root"},"Action":"sts:AssumeRole"}})",
                                     policy::DocumentKind::kTrust));
    found.document = policy::NamedDocument{"trust", std::move(document)};
    return std::optional(std::move(found));
  }
  std::string trusted;  // An account; empty: nobody.
};

// A store without a past.
class NoMoments final : public Moments {
 public:
  Result<std::unique_ptr<Moment>> At(store::Transaction&, TimeMs) override {
    return Fail(ErrorCode::kNotFound, "history does not reach back so far");
  }
};

struct StewardLab {
  static constexpr const char* kOwner = "111122223333";
  static constexpr const char* kConsumer = "444455556666";

  template <class Op, class Service>
  Result<typename Op::Answer> Call(const Caller& caller, const Op& op, Service& service) {
    return gate.Run(gate::Context{caller, Request(Op::kRule)}, op, service);
  }
  RequestInfo Request(const gate::Rule& rule) {
    return {.id = "request",
            .service = std::string(rule.service),
            .operation = std::string(rule.name),
            .region = std::string(governance::kTestRegion),
            .now_ms = lab.clock_.NowMs()};
  }

  Result<ExplainAccess::Answer> Explain(const Caller& by, const Caller& who, const std::string& table,
                                        const std::string& column = {}) {
    ExplainAccess op;
    op.in = {.principal_arn = who.principal_arn, .catalog_id = kOwner, .database_name = "sales", .table_name = table};
    if (!column.empty()) op.in.column_name = column;
    return Call(by, op, review);
  }
  Result<ListWhoCan::Answer> WhoCan(const Caller& by, const std::string& table, const std::string& column = {}) {
    ListWhoCan op;
    op.in = {.catalog_id = kOwner, .database_name = "sales", .table_name = table};
    if (!column.empty()) op.in.column_name = column;
    return Call(by, op, review);
  }
  Result<ListWhatCan::Answer> WhatCan(const Caller& by, const Caller& who) {
    ListWhatCan op;
    op.in.principal_arn = who.principal_arn;
    return Call(by, op, review);
  }

  governance::Lab lab;
  People people;
  Trust trust;
  catalog::CatalogPolicies catalog_policies{lab.lake_};
  gate::Gate gate{{*lab.store_, lab.journal_, lab.clock_, lab.random_, people, {{"glue", &catalog_policies}, {"sts", &trust}}}};
  NoMoments moments;
  AccessReview review{{gate, people, lab.lake_}, moments};
};

}  // namespace hanse::steward
