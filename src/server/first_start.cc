#include "server/first_start.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "identity/access_keys.h"
#include "identity/baseline.h"
#include "server/profile_file.h"

namespace hanse::server {
namespace {

constexpr std::string_view kAdministrator = "administrator";

// The administrator's key: made with him at the first start; a new one where he is there and the files are not.
Result<identity::NewAccessKey> KeyOfAdministrator(store::Transaction& tx, const ServeOptions& options, const crypto::Key& key,
                                                  Random& random, TimeMs now_ms) {
  TRY_ASSIGN(auto there, store::FindPrincipalByName(tx, options.management_account, "user", kAdministrator));
  if (!there) return identity::CreateFirstAdministrator(tx, key, random, options.management_account, kAdministrator, now_ms);
  return identity::InsertAccessKey(tx, key.Derive("identity/access-keys"), random, there->id, now_ms);
}

std::string ReadFile(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

}  // namespace

Result<void> FirstStart(const Directory& directory, const ServeOptions& options, store::Store& store, const crypto::Key& key,
                        Random& random, const Clock& clock, organisation::Organisation& organisation,
                        const std::string& endpoint_url) {
  TRY_ASSIGN(auto tx, store.BeginWrite());
  TRY(organisation.Found(*tx, options.management_account, clock.NowMs()));
  std::string credentials = directory.Path("credentials"), config = directory.Path("config");
  TRY(WritePrivateFile(config, WithEndpoint(ReadFile(config), options.region, endpoint_url)));
  if (std::filesystem::exists(credentials)) return tx->Commit();
  TRY_ASSIGN(identity::NewAccessKey made, KeyOfAdministrator(*tx, options, key, random, clock.NowMs()));
  TRY(tx->Commit());
  return WritePrivateFile(
      credentials, fmt::format("[management]\naws_access_key_id = {}\naws_secret_access_key = {}\n", made.access_key, made.secret));
}

}  // namespace hanse::server
