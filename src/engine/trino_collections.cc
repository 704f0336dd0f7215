#include <algorithm>

#include "duckdb/common/types/interval.hpp"
#include "duckdb/common/types/value_map.hpp"
#include "engine/hive_types.h"
#include "engine/trino_function_of.h"
#include "engine/trino_functions.h"

// Arrays and maps made value by value (Trino: "Array functions", "Map functions and operators").
namespace hanse::engine {

namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::Value;
using Values = duckdb::vector<Value>;

constexpr std::int64_t kSequenceMax = 10'000;
constexpr std::size_t kCombinationsMax = 100'000;

[[noreturn]] void BadCollection(const char* what) { throw duckdb::InvalidInputException("INVALID_FUNCTION_ARGUMENT: %s", what); }

// Any NULL argument makes a NULL.
template <Value (*kFunction)(const Values&, const LogicalType&)>
void ByValue(duckdb::DataChunk& in, duckdb::ExpressionState&, duckdb::Vector& out) {
  for (duckdb::idx_t row = 0; row < in.size(); ++row) {
    Values arguments;
    for (duckdb::Vector& column : in.data) arguments.push_back(column.GetValue(row));
    bool null = std::ranges::any_of(arguments, [](const Value& value) { return value.IsNull(); });
    out.SetValue(row, null ? Value(out.GetType()) : kFunction(arguments, out.GetType()));
  }
}

struct Entries {
  Values keys, values;
  duckdb::value_map_t<std::size_t> places;

  // Whether the key is new; its place.
  std::pair<bool, std::size_t> Place(const Value& key) {
    auto [at, made] = places.emplace(key, keys.size());
    if (made) keys.push_back(key);
    return {made, at->second};
  }
  Value Map(const LogicalType& type) {
    return Value::MAP(duckdb::MapType::KeyType(type), duckdb::MapType::ValueType(type), std::move(keys), std::move(values));
  }
};

// Of keys that come twice the first counts; a NULL is no key.
Value MapOf(const Values& arguments, const LogicalType& type) {
  Entries entries;
  const auto &keys = duckdb::ListValue::GetChildren(arguments[0]), &values = duckdb::ListValue::GetChildren(arguments[1]);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].IsNull() && entries.Place(keys[i]).first) entries.values.push_back(values[i]);
  }
  return entries.Map(type);
}

Value MultimapOf(const Values& arguments, const LogicalType& type) {
  Entries entries;
  std::vector<Values> lists;
  const auto &keys = duckdb::ListValue::GetChildren(arguments[0]), &values = duckdb::ListValue::GetChildren(arguments[1]);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].IsNull()) continue;
    auto [made, place] = entries.Place(keys[i]);
    if (made) lists.emplace_back();
    lists[place].push_back(values[i]);
  }
  const LogicalType& element = duckdb::ListType::GetChildType(duckdb::MapType::ValueType(type));
  for (Values& list : lists) entries.values.push_back(Value::LIST(element, std::move(list)));
  return entries.Map(type);
}

Value MapUnion(const Values& arguments, const LogicalType& type) {
  Entries entries;
  for (const Value& map : duckdb::ListValue::GetChildren(arguments[0])) {
    if (map.IsNull()) continue;
    for (const Value& entry : duckdb::ListValue::GetChildren(map)) {
      const auto& pair = duckdb::StructValue::GetChildren(entry);
      if (entries.Place(pair[0]).first) entries.values.push_back(pair[1]);
    }
  }
  return entries.Map(type);
}

// The most frequent of a histogram, most first.
Value Top(const Values& arguments, const LogicalType& type) {
  std::vector<std::pair<std::int64_t, Value>> all;
  for (const Value& entry : duckdb::ListValue::GetChildren(arguments[0])) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    all.emplace_back(pair[1].GetValue<std::int64_t>(), pair[0]);
  }
  auto wanted = arguments[1].GetValue<std::int64_t>();
  if (wanted < 2) BadCollection("approx_most_frequent bucket count must be greater than one");
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.first > b.first; });
  if (std::ssize(all) > wanted) all.resize(static_cast<std::size_t>(wanted));
  Entries entries;
  for (const auto& [count, key] : all) {
    entries.Place(key);
    entries.values.push_back(Value::BIGINT(count));
  }
  return entries.Map(type);
}

// In the order of their last element's place, then of the one before it …
Value Combinations(const Values& arguments, const LogicalType& type) {
  const auto& values = duckdb::ListValue::GetChildren(arguments[0]);
  auto size = arguments[1].GetValue<std::int64_t>();
  if (size < 0 || size > 5) BadCollection("combination size must be between 0 and 5");
  const LogicalType& inner = duckdb::ListType::GetChildType(type);
  Values all;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i) places.push_back(i);
  while (size <= std::ssize(values)) {
    Values one;
    for (std::size_t place : places) one.push_back(values[place]);
    all.push_back(Value::LIST(duckdb::ListType::GetChildType(inner), std::move(one)));
    if (all.size() > kCombinationsMax) BadCollection("combinations exceed max size");
    std::size_t moved = 0;
    while (moved < places.size() && places[moved] + 1 == (moved + 1 < places.size() ? places[moved + 1] : values.size())) ++moved;
    if (moved == places.size()) break;
    ++places[moved];
    for (std::size_t i = 0; i < moved; ++i) places[i] = i;
  }
  return Value::LIST(inner, std::move(all));
}

Value Ngrams(const Values& arguments, const LogicalType& type) {
  const auto& values = duckdb::ListValue::GetChildren(arguments[0]);
  auto wanted = arguments[1].GetValue<std::int64_t>();
  if (wanted <= 0) BadCollection("N must be positive");
  std::size_t size = std::min<std::size_t>(static_cast<std::size_t>(wanted), values.size());
  const LogicalType& inner = duckdb::ListType::GetChildType(type);
  Values all;
  for (std::size_t i = 0; i + size <= values.size(); ++i) {
    auto begin = values.begin() + static_cast<std::ptrdiff_t>(i);
    all.push_back(Value::LIST(duckdb::ListType::GetChildType(inner), Values(begin, begin + static_cast<std::ptrdiff_t>(size))));
    if (size == 0) break;
  }
  return Value::LIST(inner, std::move(all));
}

Value Reversed(const Values& arguments, const LogicalType& type) {
  Values values = duckdb::ListValue::GetChildren(arguments[0]);
  std::ranges::reverse(values);
  return Value::LIST(duckdb::ListType::GetChildType(type), std::move(values));
}

using Types = duckdb::vector<LogicalType>;

const LogicalType& ElementOf(const LogicalType& type) {
  if (type.id() != LogicalTypeId::LIST) throw duckdb::BinderException("the function is of arrays, not of %s", TrinoType(type));
  return duckdb::ListType::GetChildType(type);
}
LogicalType TypeOfMap(const Types& types) { return LogicalType::MAP(ElementOf(types[0]), ElementOf(types[1])); }
LogicalType TypeOfMultimap(const Types& types) {
  return LogicalType::MAP(ElementOf(types[0]), LogicalType::LIST(ElementOf(types[1])));
}
LogicalType TypeOfUnion(const Types& types) {
  if (ElementOf(types[0]).id() != LogicalTypeId::MAP) throw duckdb::BinderException("map_union is of maps");
  return ElementOf(types[0]);
}
LogicalType TypeOfTop(const Types& types) {
  return LogicalType::MAP(duckdb::MapType::KeyType(types[0]), LogicalType(LogicalTypeId::BIGINT));
}
LogicalType TypeOfSame(const Types& types) {
  ElementOf(types[0]);
  return types[0];
}
LogicalType TypeOfLists(const Types& types) {
  ElementOf(types[0]);
  return LogicalType::LIST(types[0]);
}

template <LogicalType (*kType)(const Types&)>
duckdb::unique_ptr<duckdb::FunctionData> BindType(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (function.arguments[i].id() == LogicalTypeId::ANY) function.arguments[i] = arguments[i]->return_type;
  }
  function.SetReturnType(kType(function.arguments));
  return nullptr;
}

template <Value (*kFunction)(const Values&, const LogicalType&), LogicalType (*kType)(const Types&)>
void RegisterByValue(duckdb::ClientContext& context, const char* name, Types arguments) {
  duckdb::ScalarFunction function(std::move(arguments), LogicalType(LogicalTypeId::ANY), ByValue<kFunction>, BindType<kType>);
  function.SetErrorMode(duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR);
  duckdb::ScalarFunctionSet set(name);
  set.AddFunction(std::move(function));
  Register(context, std::move(set));
}

std::vector<std::int64_t> Numbers(std::int64_t from, std::int64_t to, std::int64_t step) {
  if (step == 0) BadCollection("interval must not be zero");
  if ((step > 0) != (to >= from) && to != from) {
    BadCollection(
        "sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop "
        "should be less than or equal to start");
  }
  std::vector<std::int64_t> numbers;
  for (auto at = from; step > 0 ? at <= to : at >= to;) {
    numbers.push_back(at);
    if (std::ssize(numbers) > kSequenceMax) BadCollection("result of sequence function must not have more than 10000 entries");
    if (__builtin_add_overflow(at, step, &at)) break;
  }
  return numbers;
}
std::vector<std::int64_t> NumbersByOne(std::int64_t from, std::int64_t to) { return Numbers(from, to, from <= to ? 1 : -1); }

template <class T>
std::vector<T> Moments(T from, T to, duckdb::interval_t step) {
  T second = duckdb::Interval::Add(from, step);
  if (second == from) BadCollection("interval must not be zero");
  bool rising = second > from;
  if (to != from && rising != (to > from)) BadCollection("sequence stop value lies on the other side of its start");
  std::vector<T> moments;
  for (T at = from; rising ? at <= to : at >= to; at = duckdb::Interval::Add(at, step)) {
    moments.push_back(at);
    if (std::ssize(moments) > kSequenceMax) BadCollection("result of sequence function must not have more than 10000 entries");
  }
  return moments;
}
std::vector<duckdb::date_t> Days(duckdb::date_t from, duckdb::date_t to) {
  return Moments(from, to, duckdb::interval_t{0, from <= to ? 1 : -1, 0});
}

}  // namespace

void RegisterCollections(duckdb::ClientContext& context) {
  LogicalType any(LogicalTypeId::ANY), bigint(LogicalTypeId::BIGINT);
  RegisterByValue<MapOf, TypeOfMap>(context, "hanse_map_of", {any, any});
  RegisterByValue<MultimapOf, TypeOfMultimap>(context, "hanse_multimap_of", {any, any});
  RegisterByValue<MapUnion, TypeOfUnion>(context, "hanse_map_union", {any});
  RegisterByValue<Top, TypeOfTop>(context, "hanse_top", {any, bigint});
  RegisterByValue<Combinations, TypeOfLists>(context, "hanse_combinations", {any, bigint});
  RegisterByValue<Reversed, TypeOfSame>(context, "hanse_array_reverse", {any});
  RegisterByValue<Ngrams, TypeOfLists>(context, "hanse_ngrams", {any, bigint});
  Register(context,
           OverloadsOf<NumbersByOne, Numbers, Days, Moments<duckdb::date_t>, Moments<duckdb::timestamp_t>>("hanse_sequence"));
}

}  // namespace hanse::engine
