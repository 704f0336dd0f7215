#pragma once
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::keys {

// Whether a missing root key may be drawn. On a later start it may not: all that was sealed under the lost one would be lost too,
// and a new one would hide that.
enum class MissingRoot { kDraw, kRefuse };

// The key under which every other key lies sealed: 32 bytes in the file DIR/keys/root, the operator's alone (0600). Refuses a file
// that others may read, naming it (kConflict), and one that is missing or cut. `directory` is DIR/keys; it is made where missing.
Result<crypto::Key> LoadRootKey(const std::string& directory, Random& random, MissingRoot missing);

}  // namespace hanse::keys
