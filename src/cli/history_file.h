#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hanse::cli {

// What was typed at prompts, a line each, oldest first. Several prompts may be open at once: each adds its lines to those of the
// others. Readable by its owner alone. What cannot be read or written is left out: a history is no reason to fail. One thread.
class HistoryFile {
 public:
  static constexpr int kLinesMax = 2000;  // What is read; of more than twice as many the older ones go.

  // Empty: nothing is kept.
  explicit HistoryFile(std::string path) : path_(std::move(path)) {}
  std::vector<std::string> Read() const;
  void Append(std::string_view line) const;  // Without a line's end in it.

 private:
  std::string path_;
};

}  // namespace hanse::cli
