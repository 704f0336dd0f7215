#include "wire/pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace hanse::wire {
namespace {

// RE2 has no look-ahead; these patterns have one: what must match, and what must not be found.
struct Rewritten {
  std::string_view pattern, matches, without;
};
constexpr Rewritten kRewritten[] = {
    {R"(^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$)", "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "--"},
    {R"((?!.*[/:\\])[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]+)",
     R"([\x{20}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}\t]+)", R"([/:\\])"},
    {R"(^(?!(.*[.\/\\]|aws:)).*$)", ".*", R"([./\\]|^aws:)"},
    {R"(^(?![0-9_])\w+$|^_\w*[a-zA-Z0-9]\w*$)", R"([a-zA-Z]\w*|_\w*[a-zA-Z0-9]\w*)", ""},
};

// Java writes characters as \uXXXX, and those above U+FFFF as a range between two pairs of surrogates.
std::string ToRe2(std::string_view pattern) {
  std::string out;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    constexpr std::string_view kPlanes = R"(\uD800\uDC00-\uDBFF\uDFFF)";
    if (pattern.substr(at).starts_with(kPlanes)) {
      out += R"(\x{10000}-\x{10FFFF})";
      at += kPlanes.size() - 1;
    } else if (pattern[at] == '\\' && at + 5 < pattern.size() && pattern[at + 1] == 'u') {
      out += "\\x{" + std::string(pattern.substr(at + 2, 4)) + "}";
      at += 5;
    } else if (pattern[at] == '\\' && at + 1 < pattern.size() && pattern[at + 1] == '_') {
      out += '_';
      ++at;
    } else if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      out += pattern.substr(at++, 2);
    } else {
      out += pattern[at];
    }
  }
  return out;
}

class Compiled {
 public:
  explicit Compiled(std::string_view pattern) {
    const auto* rewritten = std::ranges::find(kRewritten, pattern, &Rewritten::pattern);
    if (rewritten == std::end(kRewritten)) {
      matches_ = Compile(ToRe2(pattern));
    } else {
      matches_ = Compile(rewritten->matches);
      if (!rewritten->without.empty()) without_ = Compile(rewritten->without);
    }
  }

  bool known() const { return matches_->ok() && (!without_ || without_->ok()); }
  bool Matches(std::string_view text) const {
    const re2::StringPiece piece(text.data(), text.size());
    return known() && RE2::FullMatch(piece, *matches_) && !(without_ && RE2::PartialMatch(piece, *without_));
  }

 private:
  static std::unique_ptr<RE2> Compile(std::string_view pattern) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_dot_nl(true);
    return std::make_unique<RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  }
  std::unique_ptr<RE2> matches_, without_;
};

const Compiled& Find(std::string_view pattern) {
  static std::shared_mutex mutex;
  static std::unordered_map<const char*, Compiled> compiled;  // Nodes stay where they are.
  {
    const std::shared_lock lock(mutex);
    if (const auto found = compiled.find(pattern.data()); found != compiled.end()) return found->second;
  }
  const std::unique_lock lock(mutex);
  return compiled.try_emplace(pattern.data(), pattern).first->second;
}

}  // namespace

bool MatchesPattern(std::string_view pattern, std::string_view text) { return Find(pattern).Matches(text); }
bool PatternIsKnown(std::string_view pattern) { return Find(pattern).known(); }

}  // namespace hanse::wire
