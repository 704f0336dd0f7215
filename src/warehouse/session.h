#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "warehouse/address.h"

struct pg_conn;
struct pg_result;

namespace hanse::warehouse {

// How long a warehouse may take.
struct Patience {
  int connect_ms = 10'000;       // Until it has let us in.
  int statement_ms = 1'800'000;  // A statement of its own.
};

// One connection to a warehouse, which only reads there: the session is READ ONLY. It waits at most as Patience says, and ends
// soon after `stop`. One thread at a time; any.
//
// THE SECURITY RULE of errors. What a warehouse or the client library says is never repeated: it may hold values of rows, which
// the reader of an error may not see. Errors are this file's own words, by what kind of failure it is.
class Session {
 public:
  // `certificates`: a file of those that are trusted (PEM), for Encryption::kVerified.
  static Result<Session> Open(const Address& address, const std::string& certificates, std::stop_token stop,
                              Patience patience = {});
  Session(Session&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)), stop_(std::move(other.stop_)) {}
  Session& operator=(Session&&) = delete;
  ~Session();

  Result<void> Command(const std::string& sql);
  // Rows of texts; nothing is NULL. At most kRowsMax.
  static constexpr std::size_t kRowsMax = 1'000'000;
  using Row = std::vector<std::optional<std::string>>;
  Result<std::vector<Row>> Query(const std::string& sql, const std::vector<std::string>& parameters = {});
  struct Column {
    std::string name;
    unsigned type = 0;  // Its number in pg_type.
  };
  // What a statement would answer. It is not run, and nothing of it is read.
  Result<std::vector<Column>> Describe(const std::string& sql);
  // COPY … TO STDOUT: the bytes as they come.
  Result<void> CopyOut(const std::string& sql, const std::function<Result<void>(std::string_view bytes)>& sink);

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Answer = std::unique_ptr<pg_result, Clear>;
  Session(pg_conn* connection, std::stop_token stop) : connection_(connection), stop_(std::move(stop)) {}
  Result<void> Connect(Patience patience, const Address& address);
  // Waits until there is something to read.
  Result<void> Wait();
  Result<Answer> Hear();
  // The one answer of a statement that was sent; what follows it is taken off.
  Result<Answer> HearOnly();
  Result<void> Drain();
  Error ErrorOf(const pg_result* result) const;

  pg_conn* connection_;
  std::stop_token stop_;
};

// "a""b": a name as SQL writes it, whatever is in it.
std::string Quoted(std::string_view name);

}  // namespace hanse::warehouse
