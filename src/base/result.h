#pragma once
#include <expected>
#include <source_location>
#include <string>
#include <utility>

namespace hanse {

// Every way in which an operation can end other than well. Each door has one table that maps all of them to its service's codes.
enum class ErrorCode {
  kInvalidArgument,  // The input is wrong by itself: the message names the member and what is allowed.
  kNotFound,         // There is no such thing, or the caller may not know that there is.
  kAlreadyExists,
  kAccessDenied,
  kUnauthenticated,  // Who asks is not proven: unknown key, wrong signature, expired token.
  kConflict,         // The state of the thing forbids it now: in use, not empty, changed meanwhile.
  kLimitExceeded,
  kThrottled,
  kUnsupported,  // Not built: answered as NotImplemented, by name.
  kTimeout,
  kUnavailable,  // A store, the journal or a worker cannot do its part; nothing was changed.
  kInternal,
};
inline constexpr int kErrorCodes = static_cast<int>(ErrorCode::kInternal) + 1;

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // For the caller: no secret, no data value, nothing that tells missing from forbidden.
  std::string name;     // The service's own code for this very case ("BucketNotEmpty"); empty: the door's table decides.
  std::source_location where;
};

// A value, or why there is none. We never throw; what libraries throw is caught where they are called.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> Fail(ErrorCode code, std::string message,
                                   std::source_location where = std::source_location::current()) {
  return std::unexpected(Error{code, std::move(message), {}, where});
}

// Fails with the service's own code, where its model has one for the very case.
inline std::unexpected<Error> FailAs(ErrorCode code, std::string name, std::string message,
                                     std::source_location where = std::source_location::current()) {
  return std::unexpected(Error{code, std::move(message), std::move(name), where});
}

}  // namespace hanse

#define HANSE_CAT_(a, b) a##b
#define HANSE_CAT(a, b) HANSE_CAT_(a, b)
// Returns the error of an expression, if it is one.
#define TRY(...)                                                                           \
  do {                                                                                     \
    if (auto try_ = (__VA_ARGS__); !try_) return std::unexpected(std::move(try_).error()); \
  } while (false)
// TRY_ASSIGN(Table table, Read(id)): declares `table`, or returns the error.
#define TRY_ASSIGN(lhs, ...) HANSE_TRY_ASSIGN(HANSE_CAT(try_, __COUNTER__), lhs, __VA_ARGS__)
#define HANSE_TRY_ASSIGN(tmp, lhs, ...)                     \
  auto tmp = (__VA_ARGS__);                                 \
  if (!tmp) return std::unexpected(std::move(tmp).error()); \
  lhs = *std::move(tmp)
