#include <charconv>
#include <map>
#include <memory>
#include <string>

#include "base/text.h"
#include "wire/json_codec.h"
#include "wire/parse.h"
#include "wire/text_value.h"

namespace hanse::wire {
namespace {

// "Tags.member.1.Key=a" as a tree: Tags -> member -> 1 -> Key.
struct Node {
  const std::string* value = nullptr;
  std::map<std::string, Node, std::less<>> parts;

  const Node* Part(std::string_view name) const {
    const auto found = parts.find(name);
    return found == parts.end() ? nullptr : &found->second;
  }
};

bool Insert(Node& root, const std::pair<std::string, std::string>& parameter) {
  Node* node = &root;
  std::string_view name = parameter.first;
  for (int depth = 0; depth < kNestingMax; ++depth) {
    const std::size_t dot = name.find('.');
    node = &node->parts.try_emplace(std::string(name.substr(0, dot))).first->second;
    if (dot == std::string_view::npos) {
      node->value = &parameter.second;
      return true;
    }
    name.remove_prefix(dot + 1);
  }
  return false;
}

// Elements by their numbers: "10" comes after "9".
std::map<int, const Node*> Numbered(const Node& node) {
  std::map<int, const Node*> elements;
  for (const auto& [name, part] : node.parts) {
    int number = 0;
    const char* end = name.data() + name.size();
    if (std::from_chars(name.data(), end, number).ptr == end) elements.emplace(number, &part);
  }
  return elements;
}

Result<void> Value(const Shape& shape, const std::string& path, bool flattened, const Node& node, void* value);

Result<void> List(const Shape& shape, const std::string& path, bool flattened, const Node& node, void* list) {
  const Node* numbers = flattened ? &node : node.Part(shape.element_name);
  if (numbers == nullptr) return {};  // "PolicyArns=" is the empty list.
  for (const auto& [number, element] : Numbered(*numbers)) {
    TRY(Value(*shape.element, path + "." + std::to_string(number), false, *element, shape.list->add(list)));
  }
  return {};
}

Result<void> Map(const Shape& shape, const std::string& path, bool flattened, const Node& node, void* map) {
  const Node* numbers = flattened ? &node : node.Part("entry");
  if (numbers == nullptr) return {};
  for (const auto& [number, entry] : Numbered(*numbers)) {
    const Node* key = entry->Part(shape.key_name);
    const Node* value = entry->Part(shape.element_name);
    if (key == nullptr || key->value == nullptr || value == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "'" + path + "' must have keys and values");
    }
    TRY_ASSIGN(std::string name, ReadKey(path, *key->value));
    TRY(Value(*shape.element, path + "." + name, false, *value, shape.map->add(map, name)));
  }
  return {};
}

Result<void> Structure(const Shape& shape, const std::string& path, const Node& node, void* structure) {
  for (const Member& member : shape.members) {
    if (const Node* part = node.Part(member.wire)) {
      const std::string inner = path.empty() ? std::string(member.name) : path + "." + std::string(member.name);
      TRY(Value(*member.shape, inner, member.flattened, *part, MakeMember(member, structure)));
    }
  }
  return {};
}

// The tree is not deeper than kNestingMax, and every step goes down it.
Result<void> Value(const Shape& shape, const std::string& path, bool flattened, const Node& node, void* value) {
  switch (shape.kind) {
    case Kind::kList: return List(shape, path, flattened, node, value);
    case Kind::kMap: return Map(shape, path, flattened, node, value);
    case Kind::kStructure: return Structure(shape, path, node, value);
    default: break;
  }
  if (node.value == nullptr) return Fail(ErrorCode::kInvalidArgument, "'" + path + "' must be a single value");
  return ReadText(shape, path, *node.value, value);
}

}  // namespace

Result<void> ParseQuery(const Shape& shape, const Pairs& parameters, void* input) {
  Node root;
  for (const auto& parameter : parameters) {
    if (!Insert(root, parameter)) return Fail(ErrorCode::kInvalidArgument, "A parameter's name has too many parts.");
  }
  return Structure(shape, {}, root, input);
}

}  // namespace hanse::wire
