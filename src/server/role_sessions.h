#pragma once
#include "base/clock.h"
#include "catalog/crawl.h"
#include "identity/callers.h"

namespace hanse::server {

// Crawlers act as the roles that were passed to them.
class RoleSessions final : public catalog::RoleSessions {
 public:
  RoleSessions(identity::Callers& callers, const Clock& clock) : callers_(callers), clock_(clock) {}
  Result<Caller> Assume(store::Transaction& tx, std::string_view role_arn, std::string_view service) override {
    return callers_.AssumeForService(tx, role_arn, service, "AWS-Crawler", clock_.NowMs());
  }

 private:
  identity::Callers& callers_;
  const Clock& clock_;
};

}  // namespace hanse::server
