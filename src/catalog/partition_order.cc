#include "catalog/partition_order.h"

#include <algorithm>

#include <fmt/format.h>

#include "catalog/partition_nodes.h"

namespace hanse::catalog {
namespace {

constexpr std::string_view kNullForm = "z", kUnreadableForm = "!";
// More ranges are not taken apart by the next key.
constexpr std::size_t kRangesMax = 64;

char LetterOf(KeyType type) {
  switch (type) {
    case KeyType::kText: return 's';
    case KeyType::kInteger: return 'i';
    case KeyType::kDecimal: return 'n';
    case KeyType::kDate: return 'd';
    case KeyType::kTimestamp: return 't';
  }
  return kUnreadableForm[0];
}

// Without the bytes that ends are made of, and none for NUL, which no store keeps.
std::string Escaped(std::string_view text) {
  std::string form;
  for (char c : text) {
    if (c >= 0 && c <= kAfterFormEnd) {
      form += {kAfterFormEnd, static_cast<char>(kAfterFormEnd + c)};
    } else {
      form += c;
    }
  }
  return form;
}

// Negative ones with all digits turned, and an end above every digit.
std::string DecimalForm(const KeyValue& value) {
  if (value.number == 0) return "1";
  std::string digits = fmt::format("{:02}{}", value.text.size(), value.text) + value.fraction;
  if (value.number > 0) return "2" + digits;
  for (char& c : digits) c = static_cast<char>('0' + '9' - c);
  return "0" + digits + "~";
}

// Without its end.
std::string FormOf(KeyType type, const KeyValue& value) {
  const std::string letter(1, LetterOf(type));
  switch (type) {
    case KeyType::kInteger:
      return letter + fmt::format("{:016x}", static_cast<std::uint64_t>(value.number) ^ std::uint64_t{1} << 63);
    case KeyType::kDecimal: return letter + DecimalForm(value);
    default: return letter + Escaped(value.text);
  }
}

std::string StoredForm(const PartitionKey& key, const std::string& text) {
  if (text == kHiveNull) return std::string(kNullForm);
  const auto type = ParseKeyType(key.type);
  if (!type) return std::string(kUnreadableForm);
  const auto value = ParseKeyValue(*type, text);
  return value ? FormOf(*type, *value) : std::string(kUnreadableForm);
}

TextRange Just(const std::string& form) { return {form + kFormEnd, form + kAfterFormEnd}; }

// What begins as a pattern of LIKE does before its first wildcard.
TextRange Beginning(const std::string& pattern, const TextRange& typed) {
  TextRange range{"s" + Escaped(pattern.substr(0, pattern.find_first_of("%_"))), typed.until};
  if (const char last = range.from.back(); last > kAfterFormEnd && last < 0x7f) {
    range.until = range.from;
    ++range.until.back();
  }
  return range;
}

// Forms of a key for which a test can hold.
TextRanges Tested(const PartitionExpression::Node& node) {
  if (node.test == Test::kIsNull) return node.negated ? AllForms() : TextRanges{Just(std::string(kNullForm))};
  const char letter = LetterOf(node.type);
  const TextRange typed{std::string(1, letter), std::string(1, static_cast<char>(letter + 1))};
  // Of another type, or unreadable: for the expression to say. NULL fits nothing.
  TextRanges reached = {{std::string(kUnreadableForm), typed.from}, {typed.until, std::string(kNullForm)}};
  if (node.negated || node.test == Test::kNotEqual) return Either(std::move(reached), {typed});
  std::vector<TextRange> just;
  for (const KeyValue& literal : node.literals) just.push_back(Just(FormOf(node.type, literal)));
  const TextRange& first = just.front();
  switch (node.test) {
    case Test::kLess: return Either(std::move(reached), {{typed.from, first.from}});
    case Test::kLessOrEqual: return Either(std::move(reached), {{typed.from, first.until}});
    case Test::kGreater: return Either(std::move(reached), {{first.until, typed.until}});
    case Test::kGreaterOrEqual: return Either(std::move(reached), {{first.from, typed.until}});
    case Test::kLike: return Either(std::move(reached), {Beginning(node.literals.front().text, typed)});
    case Test::kBetween: return Either(std::move(reached), {{first.from, just.back().until}});
    default: return Either(std::move(reached), std::move(just));
  }
}

TextRanges Reached(const PartitionExpression::Node* node, std::size_t key) {
  using Kind = PartitionExpression::Node::Kind;
  if (!node) return AllForms();
  if (node->kind == Kind::kTest) return node->key == key ? Tested(*node) : AllForms();
  TextRanges reached = node->kind == Kind::kAnd ? AllForms() : TextRanges();
  for (const auto& part : node->parts) {
    TextRanges one = Reached(part.get(), key);
    reached = node->kind == Kind::kAnd ? Both(reached, one) : Either(std::move(reached), one);
  }
  return reached;
}

bool IsOneForm(const TextRange& range) {
  return range.from.ends_with(kFormEnd) && range.until.ends_with(kAfterFormEnd) && range.from.size() == range.until.size() &&
         range.until.starts_with(std::string_view(range.from).substr(0, range.from.size() - 1));
}

// Where the values so far are single ones, the next key divides what has them.
TextRanges ReachedInOrder(const PartitionExpression::Node* node, std::size_t keys) {
  TextRanges ranges = Reached(node, 0);
  for (std::size_t key = 1; key < keys && ranges.size() <= kRangesMax; ++key) {
    const TextRanges next = Reached(node, key);
    if (next == AllForms() || next.size() * ranges.size() > kRangesMax) break;
    TextRanges divided;
    for (const TextRange& range : ranges) {
      if (!IsOneForm(range)) {
        divided.push_back(range);
        continue;
      }
      for (const TextRange& part : next) divided.push_back({range.from + part.from, range.from + part.until});
    }
    if (divided.size() == ranges.size() && divided == ranges) break;
    ranges = std::move(divided);
  }
  return ranges;
}

}  // namespace

PartitionOrder OrderOf(const std::vector<PartitionKey>& keys, const std::vector<std::string>& values) {
  PartitionOrder order;
  for (std::size_t i = 0; i < std::min(keys.size(), values.size()); ++i) {
    const std::string form = StoredForm(keys[i], values[i]) + kFormEnd;
    order[0] += form;
    if (i > 0 && i < order.size()) order[i] = form;
  }
  return order;
}

TextRanges AllForms() { return {{std::string(kUnreadableForm), "~"}}; }

TextRanges Both(const TextRanges& one, const TextRanges& other) {
  TextRanges both;
  for (auto a = one.begin(), b = other.begin(); a != one.end() && b != other.end();) {
    TextRange range{std::max(a->from, b->from), std::min(a->until, b->until)};
    if (range.from < range.until) both.push_back(std::move(range));
    a->until < b->until ? ++a : ++b;
  }
  return both;
}

TextRanges Either(TextRanges one, const TextRanges& other) {
  one.insert(one.end(), other.begin(), other.end());
  std::ranges::sort(one, {}, &TextRange::from);
  TextRanges either;
  for (TextRange& range : one) {
    if (range.from >= range.until) continue;
    if (!either.empty() && range.from <= either.back().until) {
      either.back().until = std::max(either.back().until, range.until);
    } else {
      either.push_back(std::move(range));
    }
  }
  return either;
}

TextRanges RangesOf(const PartitionExpression& expression, std::size_t column, std::size_t keys) {
  if (column == 0) return ReachedInOrder(expression.root(), keys);
  return column < keys ? Reached(expression.root(), column) : AllForms();
}

}  // namespace hanse::catalog
