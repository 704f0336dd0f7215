#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

// The messages of the PostgreSQL protocol 3.0 as values (PostgreSQL 15, "Message Formats"). Pure; any thread. What does not parse
// is kInvalidArgument and ends the connection.
namespace hanse::pgwire {

using Oid = std::uint32_t;

// The first packet of a connection.
struct Startup {
  enum class Kind { kSession, kSsl, kGss, kCancel };
  Kind kind = Kind::kSession;
  std::uint32_t minor = 0;                                      // Of kSession: the protocol is 3.minor.
  std::vector<std::pair<std::string, std::string>> parameters;  // Of kSession: "user", "database", "options"…
  std::uint32_t process = 0, secret = 0;                        // Of kCancel.
};

struct Query {
  std::string sql;
};
struct Parse {
  std::string name, sql;
  std::vector<Oid> types;  // 0: not said.
};
struct Bind {
  std::string portal, statement;
  std::vector<bool> binary;  // Of each value; none: all text, one: for all.
  std::vector<std::optional<std::string>> values;
  std::vector<bool> binary_results;  // Likewise of each column of the answer.
};
enum class Named : char { kStatement = 'S', kPortal = 'P' };
struct Describe {
  Named kind = Named::kStatement;
  std::string name;
};
struct Execute {
  std::string portal;
  std::uint32_t rows_max = 0;  // 0: all.
};
struct Close {
  Named kind = Named::kStatement;
  std::string name;
};
struct Sync {};
struct Flush {};
struct Terminate {};
struct FunctionCall {};
struct CopyPart {};  // 'd', 'c', 'f': without a COPY under way they are passed over.
struct Authentication {
  std::string bytes;  // 'p': its meaning hangs on what was asked.
};
using Frontend =
    std::variant<Query, Parse, Bind, Describe, Execute, Close, Sync, Flush, Terminate, FunctionCall, CopyPart, Authentication>;

// Of the packet without its length.
Result<Startup> ParseStartup(std::string_view packet);
// Of one message without its type and length.
Result<Frontend> ParseMessage(char type, std::string_view body);
// SASLInitialResponse: mechanism and first message.
Result<std::pair<std::string, std::string>> ParseSaslInitial(std::string_view body);

// One message to the client, or several: type, length, what is put in.
class Writer {
 public:
  void Begin(char type);
  void Byte(char value) { bytes_ += value; }
  void Int16(std::size_t value);
  void Int32(std::uint32_t value);
  void Text(std::string_view text);  // Ended by a zero byte; a zero inside ends it sooner.
  void Bytes(std::string_view bytes) { bytes_ += bytes; }
  void End();
  // A message of a type and nothing else.
  void Empty(char type);

  std::size_t size() const { return bytes_.size(); }
  std::string Take() { return std::exchange(bytes_, {}); }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;
};

// An error as clients read it: SQLSTATE and text (PostgreSQL 15, appendix A).
struct Refusal {
  std::string state, message;
  bool fatal = false;  // The connection ends.
};
void PutRefusal(Writer& out, const Refusal& refusal);
void PutReady(Writer& out, char transaction);  // 'I', 'T', 'E'
void PutComplete(Writer& out, std::string_view tag);
void PutSetting(Writer& out, std::string_view name, std::string_view value);

}  // namespace hanse::pgwire
