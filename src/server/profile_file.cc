#include "server/profile_file.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::server {

std::string WithEndpoint(const std::string& config, const std::string& region, const std::string& endpoint_url) {
  const std::string now = fmt::format("endpoint_url = {}", endpoint_url);
  const std::vector<std::string> lines = Split(config, '\n');
  const auto management = std::ranges::find(lines, "[profile management]");
  if (management == lines.end()) return fmt::format("[profile management]\nregion = {}\noutput = json\n{}\n", region, now) + config;
  const auto end = std::find_if(management + 1, lines.end(), [](const std::string& line) { return line.starts_with('['); });
  const auto before = std::find_if(management, end, [](const std::string& line) { return line.starts_with("endpoint_url"); });
  if (before == end) return config;
  const std::string old = *before;
  std::string text;
  for (const std::string& line : lines) text += (line == old ? now : line) + '\n';
  text.pop_back();  // What Split() takes for a last line, empty.
  return text;
}

}  // namespace hanse::server
