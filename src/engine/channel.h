#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::engine {

// What server and worker say to each other over the socket pair.
enum class MessageType : std::uint8_t {
  kReady,     // worker: prepared and confined; payload: what confines it, for the log.
  kJob,       // server
  kResolve,   // worker: view or 0, database, table, conditions -> kTable | kRefused
  kOpen,      // worker: object                   -> kObject (with a descriptor) | kRefused
  kList,      // worker                           -> kListing | kRefused
  kLocate,    // worker: object, places           -> kPlaces | kRefused
  kReadRows,  // worker: object, columns          -> kRowStream (with a descriptor, row_stream.h) | kRefused
  kSpill,     // worker                           -> kSpillFile (with a descriptor) | kRefused
  kTable,
  kObject,
  kListing,
  kPlaces,
  kRowStream,
  kSpillFile,
  kRefused,  // server: code, message
  kColumns,
  kRows,
  kOutput,     // worker: the columns that its files have
  kFile,       // worker: a file begins: number, values of the partition keys
  kFileBytes,  // worker: number, bytes
  kFileEnd,    // worker: number
  kOutcome,    // worker: the end of a query
};
inline constexpr std::uint8_t kMessageTypes = static_cast<std::uint8_t>(MessageType::kOutcome) + 1;

struct Message {
  MessageType type = MessageType::kReady;
  std::string payload;
  int fd = -1;  // A descriptor that came with it; the receiver owns it.
};

inline constexpr std::uint32_t kMessageBytesMax = 64u << 20;

// One end of the pair: whole messages, at most one descriptor with each (SCM_RIGHTS). Owns its descriptor. One thread sends and
// one receives at a time.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // `fd` stays the caller's. kUnavailable where the other side is gone, kTimeout after `timeout_ms` (negative: never).
  Result<void> Send(MessageType type, std::string_view payload, int fd = -1);
  Result<Message> Receive(int timeout_ms = -1);
  int fd() const { return fd_; }

 private:
  Result<void> ReadAll(char* bytes, std::size_t size, int* fd);
  int fd_;
};

}  // namespace hanse::engine
