#include <algorithm>

#include "crypto/key.h"
#include "secrets/secrets.h"

// Passwords that are drawn by lot. Source: Secrets Manager API Reference, "GetRandomPassword".
namespace hanse::secrets {
namespace {

constexpr std::int64_t kPasswordLength = 32;

// The kinds of characters that the password may have, none of them empty.
Result<std::vector<std::string>> KindsOf(const ws::GetRandomPasswordRequest& in) {
  const std::pair<std::string_view, bool> all[] = {{"abcdefghijklmnopqrstuvwxyz", in.exclude_lowercase.value_or(false)},
                                                   {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", in.exclude_uppercase.value_or(false)},
                                                   {"0123456789", in.exclude_numbers.value_or(false)},
                                                   {R"(!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~)", in.exclude_punctuation.value_or(false)},
                                                   {" ", !in.include_space.value_or(false)}};
  std::vector<std::string> kinds;
  for (const auto& [letters, excluded] : all) {
    if (excluded) continue;
    std::string left;
    for (char c : letters) {
      if (in.exclude_characters.value_or("").find(c) == std::string::npos) left += c;
    }
    if (!left.empty()) kinds.push_back(std::move(left));
  }
  if (kinds.empty()) return Fail(ErrorCode::kInvalidArgument, "All characters of the desired type have been excluded");
  return kinds;
}

}  // namespace

Result<GetRandomPassword::Answer> Secrets::Do(const gate::Authorized<GetRandomPassword>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto kinds, KindsOf(in));
  const auto length = static_cast<std::size_t>(in.password_length.value_or(kPasswordLength));
  const bool each = in.require_each_included_type.value_or(true);
  if (each && length < kinds.size()) {
    return Fail(ErrorCode::kInvalidArgument, "The password length is too short for the types that it must have.");
  }
  const std::string letters = Join(kinds, "");
  // Drawn anew until it has one of each kind: every such password is as likely as any other.
  while (true) {
    std::string password = random_.Text(length, letters);
    const bool fits = !each || std::ranges::all_of(kinds, [&](const std::string& kind) {
      return password.find_first_of(kind) != std::string::npos;
    });
    if (fits) return GetRandomPassword::Answer{.random_password = std::move(password)};
    crypto::Wipe(&password);
  }
}

}  // namespace hanse::secrets
