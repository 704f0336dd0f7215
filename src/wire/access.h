#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wire/shape.h"

// The functions behind MemberAccess, ListAccess and MapAccess; for the generated tables alone.
namespace hanse::wire {

template <class T>
struct OptionalOf {
  static const void* Get(const void* optional) {
    const auto& value = *static_cast<const std::optional<T>*>(optional);
    return value ? &*value : nullptr;
  }
  static void* Make(void* optional) { return &static_cast<std::optional<T>*>(optional)->emplace(); }
  static void Clear(void* optional) { static_cast<std::optional<T>*>(optional)->reset(); }
  static constexpr MemberAccess kAccess{&Get, &Make, &Clear};
};

template <class T>
struct OptionalOf<Box<T>> {
  static const void* Get(const void* optional) {
    const auto& value = *static_cast<const std::optional<Box<T>>*>(optional);
    return value ? &**value : nullptr;
  }
  static void* Make(void* optional) { return &*static_cast<std::optional<Box<T>>*>(optional)->emplace(); }
  static void Clear(void* optional) { static_cast<std::optional<Box<T>>*>(optional)->reset(); }
  static constexpr MemberAccess kAccess{&Get, &Make, &Clear};
};

// std::vector<bool> packs its elements, so a list of booleans would need another type; the models have none.
template <class T>
struct ListOf {
  static_assert(!std::is_same_v<T, bool>);
  static std::size_t Size(const void* list) { return static_cast<const std::vector<T>*>(list)->size(); }
  static const void* At(const void* list, std::size_t index) { return &(*static_cast<const std::vector<T>*>(list))[index]; }
  static void* Add(void* list) { return &static_cast<std::vector<T>*>(list)->emplace_back(); }
  static void Pop(void* list) { static_cast<std::vector<T>*>(list)->pop_back(); }
  static constexpr ListAccess kAccess{&Size, &At, &Add, &Pop};
};

template <class T>
struct MapOf {
  using Map = std::map<std::string, T>;
  static std::size_t Size(const void* map) { return static_cast<const Map*>(map)->size(); }
  static void Each(const void* map, void* context, void (*visit)(void*, const std::string&, const void*)) {
    for (const auto& [key, value] : *static_cast<const Map*>(map)) visit(context, key, &value);
  }
  static void* Add(void* map, std::string key) {
    return &static_cast<Map*>(map)->insert_or_assign(std::move(key), T()).first->second;
  }
  static constexpr MapAccess kAccess{&Size, &Each, &Add};
};

// Of operations' inputs only: of every structure they would be half of the generated code.
template <class T>
AnyInput MakeInput() {
  return AnyInput(new T(), [](void* input) { delete static_cast<T*>(input); });
}

}  // namespace hanse::wire
