#pragma once
#include <string>
#include <string_view>

#include "base/random.h"

namespace hanse {

// Ids that look as AWS's do, made in one place.
std::string NewIamId(Random& random,
                     std::string_view prefix);   // "AIDA", "AROA", "AGPA", "ANPA", "AKIA", "ASIA" + 16 or 17 of A-Z2-7.
std::string NewAccessKeySecret(Random& random);  // 40 characters.
std::string NewOrganizationId(Random& random);   // o- and 10 characters.
std::string NewRootId(Random& random);           // r- and 4.
std::string NewUnitId(Random& random, std::string_view root_id);  // ou-ROOT-8 characters.
std::string NewCreateAccountRequestId(Random& random);            // car- and 32.
std::string NewAccountId(Random& random);  // Twelve digits, the first not 0. The caller checks that it is free.
std::string NewRequestId(Random& random);  // A UUID.

}  // namespace hanse
