#pragma once
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The rows of a table in a warehouse on their way from the server, which calls it, to the worker, which may call nobody: a stream
// socket of frames. First the fields' types (PostgreSQL's numbers of them), then bytes of a binary COPY, then how it ended: without
// that the worker takes the rows for incomplete.
namespace hanse::engine {

enum class RowFrame : std::uint8_t { kTypes, kBytes, kEnd, kFailed };
inline constexpr std::uint32_t kRowFrameBytesMax = 256u << 20;  // A row is one frame; PostgreSQL's fields have at most 1 GB.

// The server's end. One thread.
class RowStreamWriter {
 public:
  // The two ends of a new stream: a writer, and the descriptor that is handed to the worker.
  static Result<std::pair<RowStreamWriter, int>> Open(std::stop_token stop);
  RowStreamWriter(RowStreamWriter&& other) noexcept;
  RowStreamWriter& operator=(RowStreamWriter&&) = delete;
  ~RowStreamWriter();

  Result<void> Types(const std::vector<unsigned>& types);
  // Gathers what it is given into frames. kUnavailable where the worker has closed its end.
  Result<void> Bytes(std::string_view bytes);
  // Last. `how`: an error's text is for the query's caller.
  void Ended(const Result<void>& how);

 private:
  RowStreamWriter(int fd, std::stop_token stop) : fd_(fd), stop_(std::move(stop)) {}
  Result<void> Send(RowFrame frame, std::string_view payload);
  Result<void> SendAll(std::string_view bytes);
  int fd_;
  std::stop_token stop_;
  std::string gathered_;
};

// The worker's end; owns its descriptor. One thread.
class RowStreamReader {
 public:
  explicit RowStreamReader(int fd) : fd_(fd) {}
  ~RowStreamReader();
  RowStreamReader(const RowStreamReader&) = delete;
  RowStreamReader& operator=(const RowStreamReader&) = delete;

  struct Frame {
    RowFrame kind = RowFrame::kEnd;
    std::string payload;
  };
  // `ended` is asked while nothing comes: true ends the wait with kTimeout.
  Result<Frame> Next(const std::function<bool()>& ended);

 private:
  Result<void> ReadAll(char* bytes, std::size_t size, const std::function<bool()>& ended);
  int fd_;
};

std::string EncodeTypes(const std::vector<unsigned>& types);
Result<std::vector<unsigned>> DecodeTypes(std::string_view bytes);

}  // namespace hanse::engine
