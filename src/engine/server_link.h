#pragma once
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/channel.h"
#include "engine/query_job.h"

namespace hanse::engine {

// The worker's way to ask the server, and to give it the answer of a query. Any thread of the worker; one question at a time.
class ServerLink {
 public:
  explicit ServerLink(Channel& channel) : channel_(channel) {}

  // `view`: beneath which definer's view it is asked for; 0: none.
  Result<TableSource> Resolve(std::uint64_t view, std::string_view database, std::string_view table,
                              const ColumnConditions& conditions);
  // Asks for all before it hears the first answer; one result an object, in their order. Each is a question of its own to the
  // server.
  std::vector<Result<OpenObject>> Open(const std::vector<std::uint64_t>& objects);
  Result<std::vector<ListedTable>> List();
  Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places);
  // The worker's end of a row stream; the caller closes it.
  Result<int> ReadRows(std::uint64_t object, const std::vector<std::string>& columns);
  // A file without a name, to read and write; the caller closes it.
  Result<int> NewSpillFile();
  Result<void> Send(MessageType type, std::string_view payload);

 private:
  Result<Message> Ask(MessageType question, std::string_view payload, MessageType answer);
  Result<int> AskForDescriptor(MessageType question, std::string_view payload, MessageType answer);
  Result<Message> Hear(MessageType answer);  // With mutex_ held.
  Result<OpenObject> HearObject();
  Channel& channel_;
  std::mutex mutex_;
};

}  // namespace hanse::engine
