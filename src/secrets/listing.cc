#include <algorithm>
#include <charconv>
#include <type_traits>

#include <fmt/format.h>

#include "crypto/sealed.h"
#include "secrets/secrets.h"
#include "wire/json.h"

// Lists of secrets and the filters over them. Source: Secrets Manager API Reference, "Filter".
namespace hanse::secrets {
namespace {

constexpr std::size_t kSecretsShown = 100, kBatchMax = 20;
// Rows that are looked at for one page; then it is short, with a token.
constexpr std::size_t kSecretsScannedMax = 5'000;

// Whether a text, or a word of it, begins with the value.
enum class Letters { kAsTheyAre, kAnyCase };
bool BeginsWith(std::string_view text, std::string_view value, Letters letters) {
  auto begins = [&](std::string_view from) {
    return letters == Letters::kAsTheyAre ? from.starts_with(value)
                                          : from.size() >= value.size() && EqualsIgnoreCase(from.substr(0, value.size()), value);
  };
  if (begins(text)) return true;
  for (std::size_t at = text.find(' '); at != std::string_view::npos; at = text.find(' ', at + 1)) {
    if (begins(text.substr(at + 1))) return true;
  }
  return false;
}

bool TagBegins(const Secret& secret, std::string_view value, std::optional<std::string> ws::Tag::* member) {
  const auto tags = secret.details.tags.value_or(std::vector<ws::Tag>());
  return std::ranges::any_of(tags, [&](const ws::Tag& tag) { return (tag.*member).value_or("").starts_with(value); });
}

bool FitsValue(const Secret& secret, std::string_view key, std::string_view value) {
  const std::string description = secret.details.description.value_or("");
  if (key == "name") return secret.name.starts_with(value);
  if (key == "description") return BeginsWith(description, value, Letters::kAnyCase);
  if (key == "tag-key") return TagBegins(secret, value, &ws::Tag::key);
  if (key == "tag-value") return TagBegins(secret, value, &ws::Tag::value);
  if (key != "all") return false;  // No secret has another primary region or an owning service.
  return BeginsWith(secret.name, value, Letters::kAnyCase) || BeginsWith(description, value, Letters::kAnyCase) ||
         TagBegins(secret, value, &ws::Tag::key) || TagBegins(secret, value, &ws::Tag::value);
}

// Any of a filter's values; all of the filters. "!" turns a value round.
bool FitsFilters(const Secret& secret, const std::optional<std::vector<ws::Filter>>& filters) {
  return std::ranges::all_of(filters.value_or(std::vector<ws::Filter>()), [&](const ws::Filter& filter) {
    return std::ranges::any_of(filter.values.value_or(std::vector<std::string>()), [&](std::string_view value) {
      const bool negated = value.starts_with('!');
      if (negated) value.remove_prefix(1);
      return FitsValue(secret, filter.key.value_or("all"), value) != negated;
    });
  });
}

Result<Order> OrderOf(const ws::ListSecretsRequest& in) {
  const bool down = in.sort_order.value_or("desc") == "desc";
  const std::string by = in.sort_by.value_or("created-date");
  if (by == "created-date") return down ? Order::kMadeDown : Order::kMade;
  if (by == "name") return in.sort_order.value_or("asc") == "desc" ? Order::kNameDown : Order::kName;
  return Fail(ErrorCode::kUnsupported, "SortBy " + by);
}

ws::SecretListEntry Entry(const Secret& secret, const std::vector<SecretVersion>& versions) {
  ws::SecretListEntry entry = secret.details;
  entry.arn = secret.arn;
  entry.name = secret.name;
  entry.created_date = wire::Timestamp{secret.created_ms};
  for (const SecretVersion& version : versions) {
    if (version.stages.empty()) continue;
    if (!entry.secret_versions_to_stages) entry.secret_versions_to_stages.emplace();
    (*entry.secret_versions_to_stages)[version.version] = version.stages;
  }
  return entry;
}

}  // namespace

template <class Input>
Result<Secrets::Listed> Secrets::NextPage(const gate::Call& call, const Input& in, Order order, bool deleted_too) const {
  const AccountId& account = call.caller().account;
  // A token is good for the same question alone.
  Input question = in;
  question.next_token.reset();
  question.max_results.reset();
  const std::string list = fmt::format("{}/{}/{}", account, call.info().region, wire::ToJson(question));
  SecretCursor after;
  if (in.next_token) {
    auto cursor = crypto::OpenToken(key_, list, *in.next_token);
    if (!cursor) return FailAs(ErrorCode::kInvalidArgument, "InvalidNextTokenException", "The NextToken value is invalid.");
    auto [end, error] = std::from_chars(cursor->data(), cursor->data() + cursor->size(), after.id);
    if (error == std::errc() && *end == '/') after.name = end + 1;
  }
  constexpr std::size_t kMost = std::is_same_v<Input, ws::BatchGetSecretValueRequest> ? kBatchMax : kSecretsShown;
  const std::size_t size = std::min(kMost, static_cast<std::size_t>(in.max_results.value_or(kMost)));
  Listed listed;
  std::size_t scanned = 0;
  while (true) {
    TRY_ASSIGN(auto rows, NextSecrets(call.tx(), account, call.info().region, order, after, static_cast<std::int64_t>(size) + 1));
    for (Secret& secret : rows) {
      if (listed.secrets.size() == size || scanned == kSecretsScannedMax) {
        listed.next_token = crypto::SealToken(key_, random_, list, fmt::format("{}/{}", after.id, after.name));
        return listed;
      }
      ++scanned;
      after = {secret.name, secret.id};
      const bool over = secret.deletion_ms != 0 && secret.deletion_ms <= call.now_ms();
      if (over || (secret.deletion_ms != 0 && !deleted_too) || !FitsFilters(secret, in.filters)) continue;
      listed.secrets.push_back(std::move(secret));
    }
    if (rows.size() <= size) return listed;
  }
}

Result<ListSecrets::Answer> Secrets::Do(const gate::Authorized<ListSecrets>& call) const {
  TRY_ASSIGN(Order order, OrderOf(call->in));
  TRY_ASSIGN(Listed page, NextPage(call, call->in, order, call->in.include_planned_deletion.value_or(false)));
  ListSecrets::Answer answer{.secret_list = std::vector<ws::SecretListEntry>(), .next_token = std::move(page.next_token)};
  for (const Secret& secret : page.secrets) {
    TRY_ASSIGN(auto versions, VersionsOf(call.tx(), secret.id));
    answer.secret_list->push_back(Entry(secret, versions));
  }
  return answer;
}

Result<BatchGetSecretValue::Answer> Secrets::Do(const gate::Authorized<BatchGetSecretValue>& call) const {
  const auto& in = call->in;
  const bool by_filter = in.filters && !in.filters->empty();
  if (by_filter == (in.secret_id_list && !in.secret_id_list->empty())) {
    return Fail(ErrorCode::kInvalidArgument, "You must specify either SecretIdList or Filters.");
  }
  BatchGetSecretValue::Answer answer{.secret_values = std::vector<ws::SecretValueEntry>(),
                                     .errors = std::vector<ws::APIErrorType>()};
  if (!by_filter) {
    for (const std::string& id : *in.secret_id_list) TRY(AddToBatch(call, id, &answer));
    return answer;
  }
  TRY_ASSIGN(Listed page, NextPage(call, in, Order::kMadeDown, false));
  answer.next_token = std::move(page.next_token);
  for (const Secret& secret : page.secrets) TRY(AddToBatch(call, secret.arn, &answer));
  return answer;
}

}  // namespace hanse::secrets
