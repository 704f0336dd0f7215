#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace hanse::cli {

// Lines in, statements out: a statement ends at a ";" that stands in no quotes and no comment. One thread.
class StatementReader {
 public:
  void Add(std::string_view line);  // Without its line feed.
  // The next whole statement, trimmed and without its ";"; none: more lines are needed. Empty statements are passed over.
  std::optional<std::string> Next();
  // What stands there without an end: the last statement of a file may lack its ";".
  std::string Rest() const;
  bool empty() const { return Rest().empty(); }
  void Clear() { text_.clear(); }

 private:
  std::string text_;
};

}  // namespace hanse::cli
