#include "catalog/query_authorization.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/sealed.h"

namespace hanse::catalog {
namespace {

constexpr std::string_view kAuthorization = "query authorization";
constexpr std::size_t kDigestChars = 32;

// Whom it is for and what was in force, without the end.
std::string Meaning(const Caller& reader, Id table, const policy::TableAccess& access) {
  std::string in_force = Join(access.columns, ",") + "\n" + access.row_filter;
  for (const auto& [column, rows] : access.cell_filters) in_force += "\n" + column + ":" + rows;
  in_force += "\n" + std::to_string(access.permissions.bits());
  return fmt::format("{}/{}/{}", reader.principal, table, crypto::Sha256Hex(in_force).substr(0, kDigestChars));
}

}  // namespace

std::string QueryAuthorizations::Give(const Caller& reader, Id table, const policy::TableAccess& access, TimeMs now_ms) const {
  return crypto::SealToken(key_, random_, kAuthorization, fmt::format("{}/{}", now_ms + kLife_ms, Meaning(reader, table, access)));
}

bool QueryAuthorizations::Fits(const std::string& authorization, const Caller& reader, Id table, const policy::TableAccess& access,
                               TimeMs now_ms) const {
  auto opened = crypto::OpenToken(key_, kAuthorization, authorization);
  if (!opened) return false;
  const std::size_t slash = opened->find('/');
  TimeMs until_ms = 0;
  if (slash == std::string::npos || std::from_chars(opened->data(), opened->data() + slash, until_ms).ec != std::errc())
    return false;
  return now_ms < until_ms && opened->substr(slash + 1) == Meaning(reader, table, access);
}

}  // namespace hanse::catalog
