#pragma once
#include <string>

#include "gate/gate.h"
#include "policy/document.h"

namespace hanse::insight {

// One statement for every caller, changed by the test.
class OnePolicy final : public gate::PolicySource {
 public:
  std::string action = "*", condition = "{}";
  Result<policy::Facts> FactsOf(store::Transaction&, const Caller& caller) override {
    TRY_ASSIGN(auto document, policy::ParseDocument(R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":")" +
                                                        action + R"(","Resource":"*","Condition":)" + condition + "}]}",
                                                    policy::DocumentKind::kIdentity));
    policy::Facts facts;
    facts.caller = caller;
    facts.identity.push_back({"inline:test", document});
    return facts;
  }
};

}  // namespace hanse::insight
