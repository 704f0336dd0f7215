#pragma once
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "policy/evaluate.h"

// What the tests of policy/ share: documents in a few words, callers, one question.
namespace hanse::policy::lab {

inline constexpr char kBucket[] = "arn:aws:s3:::lake";

inline std::string Whole(const std::string& statements, const std::string& version = "2012-10-17") {
  return R"({"Version":")" + version + R"(","Statement":[)" + statements + "]}";
}

inline std::string Say(const std::string& effect, const std::string& action, const std::string& resource = "*",
                       const std::string& more = "") {
  return R"({"Effect":")" + effect + R"(","Action":")" + action + R"(","Resource":")" + resource + R"(")" +
         (more.empty() ? "" : "," + more) + "}";
}

inline NamedDocument Doc(const std::string& statements, DocumentKind kind = DocumentKind::kIdentity,
                         const std::string& version = "2012-10-17") {
  auto parsed = ParseDocument(Whole(statements, version), kind);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message) << " " << statements;
  return {"test", parsed ? *parsed : nullptr};
}

inline Context ContextOf(const std::vector<std::pair<std::string, std::vector<std::string>>>& entries) {
  Context context;
  for (const auto& [key, values] : entries) context[key] = values;
  return context;
}

// "allowed", "explicitDeny" or "implicitDeny", as the policy simulator says it.
inline std::string Word(const Decision& decision) {
  return decision.allowed() ? "allowed" : decision.explicit_deny() ? "explicitDeny" : "implicitDeny";
}

inline Caller UserOf(const std::string& account, const std::string& name = "ana", const std::string& id = "AIDAAAAAAAAAAAAAAAAA") {
  Caller caller;
  caller.kind = CallerKind::kUser;
  caller.account = account;
  caller.arn = caller.principal_arn = "arn:aws:iam::" + account + ":user/" + name;
  caller.unique_id = id;
  caller.name = name;
  return caller;
}

inline Caller SessionOf(const std::string& account, const std::string& role = "reader",
                        const std::string& id = "AROAAAAAAAAAAAAAAAAA") {
  Caller caller;
  caller.kind = CallerKind::kSession;
  caller.account = account;
  caller.arn = "arn:aws:sts::" + account + ":assumed-role/" + role + "/worker";
  caller.principal_arn = "arn:aws:iam::" + account + ":role/" + role;
  caller.unique_id = id + ":worker";
  caller.name = role;
  caller.session_name = "worker";
  return caller;
}

inline std::string Simulate(const std::string& statements, const std::string& action, const std::string& resource,
                            const Context& context = {}, const std::string& version = "2012-10-17") {
  Facts facts{.caller = UserOf("111122223333"), .identity = {Doc(statements, DocumentKind::kIdentity, version)}};
  return Word(Decide(facts, Question{.action = action, .resource = resource, .context = context}));
}

}  // namespace hanse::policy::lab
