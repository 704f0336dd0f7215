#include "objects/acl.h"

#include "crypto/digest.h"

namespace hanse::objects {

std::string CanonicalId(const AccountId& account) { return crypto::Sha256Hex("canonical user of account " + account); }

wire::s3::Owner OwnerOf(const AccountId& account) { return {.id = CanonicalId(account)}; }

}  // namespace hanse::objects
