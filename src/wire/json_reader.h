#pragma once
#include <string>
#include <string_view>

// Reads JSON (RFC 8259) token by token, without a tree between the text and the structs. Every function returns false at the first
// thing that is wrong and then stays where it is; the caller says what it wanted. Text must be UTF-8. One thread.
namespace hanse::wire {

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  // The next byte that is not space; '\0' at the end.
  char Peek() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }
  // Takes `c`, after space, if it comes next.
  bool Take(char c) {
    if (Peek() != c || at_ == end_) return false;
    ++at_;
    return true;
  }
  bool TakeWord(std::string_view word);  // true, false, null
  bool TakeString(std::string* text);
  // A string that need not be kept: of the text itself, or in `space` where it has escapes.
  bool TakeName(std::string_view* name, std::string* space);
  // The text of a number as it stands.
  bool TakeNumber(std::string_view* number);
  // Any value, not deeper than `depth`.
  bool Skip(int depth);
  bool AtEnd() { return Peek() == '\0' && at_ == end_; }
  const char* position() const { return at_; }

 private:
  bool TakeRest(std::size_t plain, std::string* text);
  bool TakeEscape(std::string* text);
  bool TakeHex4(unsigned* code);
  bool TakeCharacter(std::string* text);

  const char* at_;
  const char* end_;
};

}  // namespace hanse::wire
