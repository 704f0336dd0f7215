#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hanse::engine {

// The rows of a binary COPY (PostgreSQL's manual, "COPY", "Binary Format"), from bytes that nobody vouches for: whatever they are,
// each row has as many fields as it must, each field lies in what came, and a stream that is cut is an error. One thread.
class CopyRows {
 public:
  static constexpr std::size_t kRowBytesMax = 256u << 20;
  using Field = std::optional<std::string_view>;  // Nothing is NULL.

  // `more` appends what comes next to its argument; false at the end of the stream.
  using More = std::function<Result<bool>(std::string& bytes)>;
  CopyRows(std::size_t columns, More more) : columns_(columns), more_(std::move(more)) {}

  // The next row, good until the next call; false after the last one. An error ends the stream.
  Result<bool> Next(std::vector<Field>& fields);

 private:
  Result<void> ReadHead();
  Result<void> Need(std::size_t bytes);  // That so many lie at at_.
  template <class T>
  Result<T> Number();

  std::size_t columns_;
  More more_;
  std::string bytes_;
  std::vector<std::pair<std::size_t, std::int32_t>> places_;  // Of the row's fields: from its beginning, and their sizes.
  std::size_t at_ = 0, row_ = 0;                              // Of bytes_: what is read next; where the row begins.
  bool begun_ = false, ended_ = false;
};

// A big-endian number of exactly its size; nothing where `field` has another.
template <class T>
std::optional<T> NumberOfField(std::string_view field) {
  if (field.size() != sizeof(T)) return std::nullopt;
  std::make_unsigned_t<T> number = 0;
  for (char c : field) number = static_cast<std::make_unsigned_t<T>>(number << 8 | static_cast<unsigned char>(c));
  return static_cast<T>(number);
}

// A field of type numeric as decimal text ("-12.50", "NaN", "Infinity"); nothing where it is none, or would be absurdly long.
std::optional<std::string> NumericText(std::string_view field);

}  // namespace hanse::engine
