#include "doors/pgwire/settings.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::pgwire {
namespace {

constexpr std::size_t kValueBytesMax = 4096;
constexpr std::size_t kOwnMax = 100;  // Of names with a dot, which anybody may make up.

// As clients spell those that they are told of.
constexpr std::array<std::string_view, 15> kReported = {"application_name",
                                                        "client_encoding",
                                                        "DateStyle",
                                                        "default_transaction_read_only",
                                                        "in_hot_standby",
                                                        "integer_datetimes",
                                                        "IntervalStyle",
                                                        "is_superuser",
                                                        "scram_iterations",
                                                        "search_path",
                                                        "server_encoding",
                                                        "server_version",
                                                        "session_authorization",
                                                        "standard_conforming_strings",
                                                        "TimeZone"};

constexpr std::array<std::string_view, 7> kFixed = {"integer_datetimes", "is_superuser",       "server_encoding",
                                                    "server_version",    "server_version_num", "session_authorization",
                                                    "in_hot_standby"};

std::map<std::string, std::string> Defaults() {
  return {{"application_name", ""},
          {"backslash_quote", "safe_encoding"},
          {"bytea_output", "hex"},
          {"client_encoding", "UTF8"},
          {"client_min_messages", "notice"},
          {"datestyle", "ISO, MDY"},
          {"default_transaction_isolation", "read committed"},
          {"default_transaction_read_only", "on"},
          {"extra_float_digits", "1"},
          {"idle_in_transaction_session_timeout", "0"},
          {"idle_session_timeout", "0"},
          {"in_hot_standby", "off"},
          {"integer_datetimes", "on"},
          {"intervalstyle", "postgres"},
          {"is_superuser", "off"},
          {"jit", "off"},
          {"lc_collate", "C"},
          {"lc_ctype", "C"},
          {"lock_timeout", "0"},
          {"max_identifier_length", "255"},
          {"max_index_keys", "32"},
          {"hanse.session_token", ""},
          {"hanse.workgroup", "primary"},
          {"row_security", "on"},
          {"scram_iterations", "4096"},
          {"search_path", ""},
          {"server_encoding", "UTF8"},
          {"server_version", "15.4"},
          {"server_version_num", "150004"},
          {"session_authorization", ""},
          {"standard_conforming_strings", "on"},
          {"statement_timeout", "0"},
          {"synchronize_seqscans", "on"},
          {"timezone", "UTC"},
          {"transaction_isolation", "read committed"},
          {"transaction_read_only", "on"}};
}

// "30s", "500", "2min": milliseconds.
Result<std::uint64_t> DurationOf(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string unit = Lower(Trim(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
  const std::map<std::string, std::uint64_t> units = {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}};
  auto found = units.find(unit);
  if (error != std::errc() || found == units.end() || value > 1'000'000'000) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("invalid value for a time: \"{}\"", text));
  }
  return value * found->second;
}

}  // namespace

Settings::Settings() : values_(Defaults()), first_(values_) {}

Result<void> Settings::Set(const std::string& name, const std::string& value) {
  std::string key = Lower(name);
  if (key == "names") key = "client_encoding";
  auto found = values_.find(key);
  if (found == values_.end() && (key.find('.') == std::string::npos || values_.size() > Defaults().size() + kOwnMax)) {
    return Fail(ErrorCode::kNotFound, fmt::format("unrecognized configuration parameter \"{}\"", key));
  }
  if (value.size() > kValueBytesMax) return Fail(ErrorCode::kInvalidArgument, "the value is too long");
  if (Contains(kFixed, key)) return Fail(ErrorCode::kInvalidArgument, fmt::format("parameter \"{}\" cannot be changed", key));
  if (key == "client_encoding" && !Contains(std::array<std::string_view, 4>{"utf8", "utf-8", "unicode", "'utf-8'"}, Lower(value))) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("invalid value for parameter \"client_encoding\": \"{}\": this server speaks UTF8", value));
  }
  if (key == "statement_timeout" || key == "idle_session_timeout") TRY(DurationOf(value));
  std::string& kept = values_[key];
  const std::string taken = key == "client_encoding" ? "UTF8" : key == "datestyle" ? "ISO, MDY" : value;
  if (kept != taken) changed_.insert(key);
  kept = taken;
  return {};
}

void Settings::Reset(const std::string& name) {
  for (auto& [key, value] : values_) {
    if (!name.empty() && key != name) continue;
    auto before = first_.find(key);
    const std::string again = before == first_.end() ? std::string() : before->second;
    if (value != again) changed_.insert(key);
    value = again;
  }
}

Result<std::string> Settings::Show(const std::string& name) const {
  auto found = values_.find(Lower(name));
  if (found == values_.end() || found->first == "hanse.session_token") {
    return Fail(ErrorCode::kNotFound, fmt::format("unrecognized configuration parameter \"{}\"", name));
  }
  return found->second;
}

std::vector<std::pair<std::string, std::string>> Settings::Reported() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::string_view name : kReported) all.emplace_back(name, values_.at(Lower(name)));
  return all;
}

std::vector<std::pair<std::string, std::string>> Settings::TakeChanged() {
  std::vector<std::pair<std::string, std::string>> told;
  for (auto& [name, value] : Reported()) {
    if (changed_.contains(Lower(name))) told.emplace_back(name, value);
  }
  changed_.clear();
  return told;
}

std::string Settings::database() const {
  for (const std::string& part : Split(values_.at("search_path"), ',')) {
    std::string name(Trim(part));
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    if (!name.empty() && name != "$user" && name != "public" && !name.starts_with("pg_")) return Lower(name);
  }
  return {};
}

std::uint64_t Settings::idle_ms(std::uint64_t most) const {
  const std::uint64_t wanted = DurationOf(values_.at("idle_session_timeout")).value_or(0);
  return wanted == 0 ? most : std::min(wanted, most);
}

std::uint64_t Settings::timeout_ms() const { return DurationOf(values_.at("statement_timeout")).value_or(0); }

}  // namespace hanse::pgwire
