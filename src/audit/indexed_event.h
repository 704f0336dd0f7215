#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace hanse::audit {

// What the index keeps of a record.
struct IndexedEvent {
  TimeMs time_ms = 0;
  std::string account, region, event_id, name, source, username, access_key, category;
  bool read_only = true;
  std::vector<std::pair<std::string, std::string>> resources;  // (type, ARN or name)
};

// Nothing where the text is no record of an event.
std::optional<IndexedEvent> ReadEvent(std::string_view json);

}  // namespace hanse::audit
