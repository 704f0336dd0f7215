#pragma once
#include <compare>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"

// The types of members that the service models have and C++ has not. Generated structs are made of these and of the standard's.
namespace hanse::wire {

struct Shape;      // wire/shape.h: describes a generated struct to the interpreter.
struct Operation;  // wire/shape.h: describes an operation.

struct Timestamp {
  TimeMs ms = 0;
  auto operator<=>(const Timestamp&) const = default;
};

// A free-form JSON value, kept as its text.
struct Document {
  std::string json;
  bool operator==(const Document&) const = default;
};

// The input or output of an operation that has none.
struct Empty {
  bool operator==(const Empty&) const = default;
  static const Shape& WireShape();
};

// A value that may contain its own type; copies are deep. Never empty, except after it was moved from.
template <class T>
class Box {
 public:
  Box() : value_(std::make_unique<T>()) {}
  Box(T value) : value_(std::make_unique<T>(std::move(value))) {}
  Box(const Box& other) : value_(std::make_unique<T>(*other.value_)) {}
  Box(Box&&) noexcept = default;
  Box& operator=(const Box& other) { return *this = Box(other); }
  Box& operator=(Box&&) noexcept = default;
  ~Box() = default;

  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }
  friend bool operator==(const Box& a, const Box& b) { return *a == *b; }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace hanse::wire
