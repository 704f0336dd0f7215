#include "catalog/partition_projection.h"

#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/names.h"
#include "catalog/projected_date.h"

namespace hanse::catalog {
namespace {

std::unexpected<Error> BrokenProjection(const wire::glue::Table& table, const std::string& what) {
  return FailAs(ErrorCode::kInvalidArgument, "INVALID_TABLE_PROPERTY",
                fmt::format("INVALID_TABLE_PROPERTY: the partition projection of {} is broken: {}", table.name.value_or(""), what));
}

std::string ParameterOf(const wire::glue::Table& table, const std::string& name) {
  if (!table.parameters) return {};
  auto found = table.parameters->find(name);
  return found == table.parameters->end() ? std::string() : found->second;
}

std::string KeyParameter(const wire::glue::Table& table, const std::string& key, std::string_view what) {
  return ParameterOf(table, fmt::format("projection.{}.{}", key, what));
}

std::optional<std::int64_t> WholeNumber(std::string_view text) {
  text = Trim(text);
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool PartitionProjection::Enabled(const wire::glue::Table& table) {
  return EqualsIgnoreCase(ParameterOf(table, "projection.enabled"), "true") && table.partition_keys &&
         !table.partition_keys->empty();
}

Result<PartitionProjection::Domain> PartitionProjection::IntegerDomain(const wire::glue::Table& table, const std::string& key) {
  Domain domain{.kind = Kind::kInteger};
  std::vector<std::string> range = Split(KeyParameter(table, key, "range"), ',');
  auto first = WholeNumber(range.front()), last = WholeNumber(range.back());
  if (range.size() != 2 || !first || !last || *first > *last)
    return BrokenProjection(table, fmt::format("projection.{}.range is not two numbers", key));
  domain.first = *first;
  domain.last = *last;
  if (std::string text = KeyParameter(table, key, "interval"); !text.empty()) {
    auto interval = WholeNumber(text);
    if (!interval || *interval < 1) return BrokenProjection(table, fmt::format("projection.{}.interval is no number", key));
    domain.interval = *interval;
  }
  if (std::string text = KeyParameter(table, key, "digits"); !text.empty()) {
    auto digits = WholeNumber(text);
    if (!digits || *digits < 1 || *digits > 19)
      return BrokenProjection(table, fmt::format("projection.{}.digits is no number", key));
    domain.digits = static_cast<std::size_t>(*digits);
  }
  return domain;
}

Result<PartitionProjection::Domain> PartitionProjection::DateDomain(const wire::glue::Table& table, const std::string& key,
                                                                    TimeMs now_ms) {
  Domain domain{.kind = Kind::kDate, .format = KeyParameter(table, key, "format")};
  if (!IsDatePattern(domain.format)) {
    return BrokenProjection(table, fmt::format("projection.{}.format must be made of yyyy, MM, dd, HH, mm and ss", key));
  }
  std::vector<std::string> range = Split(KeyParameter(table, key, "range"), ',');
  auto first = ParseDateBound(domain.format, range.front(), now_ms / 1000);
  auto last = ParseDateBound(domain.format, range.back(), now_ms / 1000);
  if (range.size() != 2 || !first || !last)
    return BrokenProjection(table, fmt::format("projection.{}.range is not two dates of the format", key));
  domain.first = *first;
  domain.last = *last;
  std::string unit = KeyParameter(table, key, "interval.unit"), interval = KeyParameter(table, key, "interval");
  if (unit.empty()) return domain;
  auto step = DateUnit(unit);
  auto count = interval.empty() ? std::optional<std::int64_t>(1) : WholeNumber(interval);
  if (!step || !count || *count < 1 || *count > 1'000'000) {
    return BrokenProjection(table, fmt::format("projection.{}.interval is no number of a known unit", key));
  }
  domain.unit = step->months ? Unit::kMonths : Unit::kSeconds;
  domain.interval = *count * step->count;
  return domain;
}

Result<PartitionProjection::Domain> PartitionProjection::DomainOf(const wire::glue::Table& table, const std::string& key,
                                                                  TimeMs now_ms) {
  std::string type = Lower(KeyParameter(table, key, "type"));
  if (type == "injected") return Domain{};
  if (type == "integer") return IntegerDomain(table, key);
  if (type == "date") return DateDomain(table, key, now_ms);
  if (type != "enum") return BrokenProjection(table, fmt::format("projection.{}.type is not enum, integer, date or injected", key));
  Domain domain{.kind = Kind::kEnum};
  for (const std::string& value : Split(KeyParameter(table, key, "values"), ',')) {
    if (std::string_view trimmed = Trim(value); !trimmed.empty()) domain.values.emplace(trimmed);
  }
  if (domain.values.empty()) return BrokenProjection(table, fmt::format("projection.{}.values is empty", key));
  return domain;
}

Result<void> PartitionProjection::ReadTemplate(std::string_view text, const std::vector<std::string>& keys) {
  while (!text.empty()) {
    std::size_t open = text.find("${");
    if (open != 0) parts_.push_back({std::string(text.substr(0, open)), {}});
    if (open == std::string_view::npos) break;
    std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return Fail(ErrorCode::kInvalidArgument, "storage.location.template is not ended");
    std::string key = Lower(text.substr(open + 2, close - open - 2));
    auto found = std::ranges::find(keys, key);
    if (found == keys.end()) return Fail(ErrorCode::kInvalidArgument, "storage.location.template names a column that is no key");
    parts_.push_back({{}, static_cast<std::size_t>(found - keys.begin())});
    text.remove_prefix(close + 1);
  }
  for (std::size_t key = 0; key < keys.size(); ++key) {
    bool named = std::ranges::any_of(parts_, [&](const Part& part) { return part.key == key; });
    if (!named) return Fail(ErrorCode::kInvalidArgument, "storage.location.template leaves out " + keys[key]);
  }
  if (parts_.front().key) return Fail(ErrorCode::kInvalidArgument, "storage.location.template does not begin with a bucket");
  const std::string& begin = parts_.front().text;
  common_place_ = begin.substr(0, begin.rfind('/') + 1);
  return {};
}

Result<PartitionProjection> PartitionProjection::Of(const wire::glue::Table& table, TimeMs now_ms) {
  PartitionProjection projection;
  std::vector<std::string> keys;
  for (const wire::glue::Column& key : *table.partition_keys) {
    keys.push_back(Lower(key.name.value_or("")));
    TRY_ASSIGN(projection.domains_.emplace_back(), DomainOf(table, keys.back(), now_ms));
  }
  std::string layout = ParameterOf(table, "storage.location.template");
  if (layout.empty()) {
    layout = NormalLocation(table.storage_descriptor ? table.storage_descriptor->location.value_or("") : "");
    if (!layout.ends_with('/')) layout += '/';
    for (const std::string& key : keys) layout += fmt::format("{}=${{{}}}/", key, key);
  }
  if (!layout.ends_with('/')) layout += '/';
  if (auto read = projection.ReadTemplate(layout, keys); !read) return BrokenProjection(table, read.error().message);
  return projection;
}

bool PartitionProjection::HoldsDate(const Domain& domain, std::string_view value) {
  auto at = ParseDate(domain.format, value);
  if (!at || *at < domain.first || *at > domain.last) return false;
  if (domain.unit == Unit::kMonths) return MonthsBetween(domain.first, *at) % domain.interval == 0;
  return (*at - domain.first) % domain.interval == 0;
}

bool PartitionProjection::Holds(const Domain& domain, std::string_view value) {
  switch (domain.kind) {
    case Kind::kEnum: return domain.values.contains(std::string(value));
    case Kind::kDate: return HoldsDate(domain, value);
    case Kind::kInjected: return !value.empty() && value.find('/') == std::string_view::npos;
    case Kind::kInteger: break;
  }
  auto number = WholeNumber(value);
  if (!number || *number < domain.first || *number > domain.last) return false;
  // A range may be wider than the greatest number of 64 bits with a sign.
  const std::uint64_t above = static_cast<std::uint64_t>(*number) - static_cast<std::uint64_t>(domain.first);
  if (above % static_cast<std::uint64_t>(domain.interval) != 0) return false;
  return value == fmt::format("{:0{}}", *number, domain.digits);
}

bool PartitionProjection::MatchFrom(std::size_t part, std::string_view rest, std::vector<std::string>* values) const {
  if (part == parts_.size()) return true;
  const Part& here = parts_[part];
  if (!here.key) return rest.starts_with(here.text) && MatchFrom(part + 1, rest.substr(here.text.size()), values);
  const Domain& domain = domains_[*here.key];
  std::string& value = (*values)[*here.key];
  const std::string before = value;
  // A date has one length and may hold slashes; other values end before the next one.
  std::size_t longest = domain.kind == Kind::kDate ? DateLength(domain.format) : std::min(rest.find('/'), rest.size());
  std::size_t shortest = domain.kind == Kind::kDate ? longest : 1;
  for (std::size_t length = std::min(longest, rest.size()); length >= shortest && length > 0; --length) {
    std::string_view candidate = rest.substr(0, length);
    if (!Holds(domain, candidate) || (!before.empty() && before != candidate)) continue;
    value = candidate;
    if (MatchFrom(part + 1, rest.substr(length), values)) return true;
    value = before;
  }
  return false;
}

std::optional<std::vector<std::string>> PartitionProjection::ValuesOf(std::string_view s3_path) const {
  std::vector<std::string> values(domains_.size());
  if (!MatchFrom(0, s3_path, &values)) return std::nullopt;
  return values;
}

}  // namespace hanse::catalog
