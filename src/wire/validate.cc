#include "wire/validate.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "base/text.h"
#include "wire/pattern.h"

namespace hanse::wire {
namespace {

constexpr std::size_t kShownBytesMax = 256;
constexpr std::int64_t kNoMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoMax = std::numeric_limits<std::int64_t>::max();

std::int64_t Characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
}

std::string MemberPath(std::string_view parent, std::string_view name) {
  std::string path(parent);
  if (!path.empty()) path += '.';
  const std::size_t at = path.size();
  path += name;
  if (path[at] >= 'A' && path[at] <= 'Z') path[at] = static_cast<char>(path[at] | 0x20);
  return path;
}

class Checker {
 public:
  // `path` is built only where a value has parts or a problem, by the callers below.
  void Value(const Shape& shape, const void* value, const std::string& path) {
    switch (shape.kind) {
      case Kind::kString: return Text(shape, *static_cast<const std::string*>(value), path);
      case Kind::kBlob:
        return Size(shape, static_cast<std::int64_t>(static_cast<const std::string*>(value)->size()), "length", path, {});
      case Kind::kInteger: return Number(shape, *static_cast<const std::int32_t*>(value), path);
      case Kind::kLong: return Number(shape, *static_cast<const std::int64_t*>(value), path);
      case Kind::kDouble: return Double(shape, *static_cast<const double*>(value), path);
      case Kind::kBoolean:
      case Kind::kTimestamp:
      case Kind::kStream:
      case Kind::kDocument: return;
      case Kind::kList: return List(shape, value, path);
      case Kind::kMap: return Map(shape, value, path);
      case Kind::kStructure: return Structure(shape, value, path);
    }
  }

  Result<void> Outcome() const {
    if (count_ == 0) return {};
    std::string head = std::to_string(count_) + (count_ == 1 ? " validation error detected: " : " validation errors detected: ");
    return Fail(ErrorCode::kInvalidArgument, head + Join(problems_, "; "));
  }

 private:
  void Problem(const Shape& shape, std::string_view shown, const std::string& path, const std::string& constraint) {
    ++count_;
    if (problems_.size() >= kProblemsMax) return;
    std::string value = "Value";
    if (!shape.sensitive) {
      std::size_t size = std::min(shown.size(), kShownBytesMax);
      while (size < shown.size() && size > 0 && (shown[size] & 0xC0) == 0x80) --size;
      value += " '" + std::string(shown.substr(0, size)) + (size < shown.size() ? "..." : "") + "'";
    }
    problems_.push_back(value + " at '" + path + "' failed to satisfy constraint: Member must " + constraint);
  }

  void Size(const Shape& shape, std::int64_t size, std::string_view what, const std::string& path, std::string_view shown) {
    if (shape.min != kNoMin && size < shape.min) {
      Problem(shape, shown, path, "have " + std::string(what) + " greater than or equal to " + std::to_string(shape.min));
    } else if (shape.max != kNoMax && size > shape.max) {
      Problem(shape, shown, path, "have " + std::string(what) + " less than or equal to " + std::to_string(shape.max));
    }
  }

  void Text(const Shape& shape, const std::string& text, const std::string& path) {
    if (shape.min != kNoMin || shape.max != kNoMax) Size(shape, Characters(text), "length", path, text);
    if (!shape.values.empty() && !std::ranges::binary_search(shape.values, std::string_view(text))) {
      Problem(shape, text, path,
              "satisfy enum value set: [" + Join(std::vector<std::string>(shape.values.begin(), shape.values.end()), ", ") + "]");
    } else if (!shape.pattern.empty() && !MatchesPattern(shape.pattern, text)) {
      Problem(shape, text, path, "satisfy regular expression pattern: " + std::string(shape.pattern));
    }
  }

  void Number(const Shape& shape, std::int64_t number, const std::string& path) {
    Size(shape, number, "value", path, std::to_string(number));
  }

  void Double(const Shape& shape, double number, const std::string& path) {
    const std::string shown = std::to_string(number);
    if (shape.min != kNoMin && !(number >= static_cast<double>(shape.min))) {
      Problem(shape, shown, path, "have value greater than or equal to " + std::to_string(shape.min));
    } else if (shape.max != kNoMax && !(number <= static_cast<double>(shape.max))) {
      Problem(shape, shown, path, "have value less than or equal to " + std::to_string(shape.max));
    }
  }

  void List(const Shape& shape, const void* list, const std::string& path) {
    const std::size_t size = shape.list->size(list);
    Size(shape, static_cast<std::int64_t>(size), "length", path, "[...]");
    for (std::size_t i = 0; i < size && problems_.size() < kProblemsMax; ++i) {
      Value(*shape.element, shape.list->at(list, i), path + "." + std::to_string(i + 1) + ".member");
    }
  }

  void Map(const Shape& shape, const void* map, const std::string& path) {
    Size(shape, static_cast<std::int64_t>(shape.map->size(map)), "length", path, "{...}");
    struct Visit {
      Checker& checker;
      const Shape& shape;
      const std::string& path;
    } visit{*this, shape, path};
    shape.map->each(map, &visit, [](void* context, const std::string& key, const void* value) {
      auto& [checker, shape, path] = *static_cast<Visit*>(context);
      if (checker.problems_.size() >= kProblemsMax) return;
      checker.Text(*shape.key, key, path + ".key");
      checker.Value(*shape.element, value, path + "." + key + ".member");
    });
  }

  void Structure(const Shape& shape, const void* structure, const std::string& path) {
    for (const Member& member : shape.members) {
      const void* value = MemberOf(member, structure);
      if (value != nullptr) {
        Value(*member.shape, value, MemberPath(path, member.name));
      } else if (member.required && member.shape->kind != Kind::kStream) {
        ++count_;
        if (problems_.size() >= kProblemsMax) continue;
        problems_.push_back("Value null at '" + MemberPath(path, member.name) +
                            "' failed to satisfy constraint: Member must not be null");
      }
    }
  }

  int count_ = 0;
  std::vector<std::string> problems_;
};

}  // namespace

Result<void> Validate(const Shape& shape, const void* value) {
  Checker checker;
  checker.Value(shape, value, {});
  return checker.Outcome();
}

}  // namespace hanse::wire
