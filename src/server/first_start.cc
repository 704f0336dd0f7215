#include "server/first_start.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "identity/access_keys.h"
#include "identity/baseline.h"

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

// Replaces the endpoint of the profile in a config file that people may have added to.
std::string WithEndpoint(const std::string& config, const std::string& region, const std::string& endpoint_url) {
  std::istringstream lines(config);
  std::string text, line;
  bool inside = false, found = false;
  while (std::getline(lines, line)) {
    if (line.starts_with('[')) inside = line == "[profile management]";
    found = found || inside;
    if (inside && line.starts_with("endpoint_url")) line = fmt::format("endpoint_url = {}", endpoint_url);
    text += line + "\n";
  }
  if (found) return text;
  return fmt::format("[profile management]\nregion = {}\noutput = json\nendpoint_url = {}\n", region, endpoint_url) + text;
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
