#pragma once
#include <string_view>
#include <vector>

#include "steward/decided.h"
#include "steward/subject.h"

// Users and groups of SAML providers who are asked about. They read as the sessions of the roles whose trust policies name their
// provider, decorated as them (AssumeDecoratedRoleWithSAML). What a trust policy asks of an assertion is not asked here: nobody has
// shown one.
namespace hanse::steward {

// Whom an ARN means: a user or role; a user or group of a SAML provider once for each such role. kNotFound where there is none.
Result<std::vector<Subject>> FindSubjects(store::Transaction& tx, gate::PolicySource& policies, std::string_view arn);

// A role as those whom grants name: users and groups of the providers that its trust policy names. At most 500 of a provider.
Result<std::vector<Subject>> DecoratedFrom(store::Transaction& tx, const Subject& role);

// As Decide, of the one of them who sees most.
struct Judged {
  const Subject* subject = nullptr;
  Decided decided;
};
Result<Judged> DecideMost(const Doors& doors, store::Transaction& tx, const RequestInfo& now, const std::vector<Subject>& subjects,
                          const AskedTable& asked, Ask ask);

}  // namespace hanse::steward
