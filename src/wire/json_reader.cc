#include "wire/json_reader.h"

#include <cstdint>

#include "base/utf8.h"

namespace hanse::wire {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendUtf8(unsigned code, std::string* text) {
  if (code < 0x80) {
    *text += static_cast<char>(code);
  } else if (code < 0x800) {
    *text += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
  } else if (code < 0x10000) {
    *text += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
              static_cast<char>(0x80 | (code & 0x3F))};
  } else {
    *text += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)),
              static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
  }
}

}  // namespace

bool JsonReader::TakeWord(std::string_view word) {
  Peek();
  if (!std::string_view(at_, end_).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool JsonReader::TakeString(std::string* text) {
  std::string_view plain;
  if (!TakeName(&plain, text)) return false;
  if (plain.data() != text->data()) text->assign(plain);
  return true;
}

bool JsonReader::TakeName(std::string_view* name, std::string* space) {
  if (!Take('"')) return false;
  const std::size_t plain = PlainBytes({at_, end_});
  if (at_ + plain != end_ && at_[plain] == '"') {
    *name = {at_, plain};
    at_ += plain + 1;
    return true;
  }
  if (!TakeRest(plain, space)) return false;
  *name = *space;
  return true;
}

// Of a string with more than plain bytes, of which there are `plain` in front.
bool JsonReader::TakeRest(std::size_t plain, std::string* text) {
  text->clear();
  while (true) {
    text->append(at_, plain);
    at_ += plain;
    if (at_ == end_ || static_cast<unsigned char>(*at_) < 0x20) return false;
    if (*at_ == '"') break;
    if (*at_ == '\\' ? !TakeEscape(text) : !TakeCharacter(text)) return false;
    plain = PlainBytes({at_, end_});
  }
  ++at_;
  return true;
}

bool JsonReader::TakeCharacter(std::string* text) {
  const std::size_t size = Utf8Bytes({at_, end_});
  if (size == 0) return false;
  text->append(at_, size);
  at_ += size;
  return true;
}

bool JsonReader::TakeHex4(unsigned* code) {
  if (end_ - at_ < 4) return false;
  *code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = at_[i];
    const int digit = IsDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return false;
    *code = *code << 4 | static_cast<unsigned>(digit);
  }
  at_ += 4;
  return true;
}

bool JsonReader::TakeEscape(std::string* text) {
  if (end_ - at_ < 2) return false;
  const char kind = at_[1];
  at_ += 2;
  switch (kind) {
    case '"':
    case '\\':
    case '/': *text += kind; return true;
    case 'b': *text += '\b'; return true;
    case 'f': *text += '\f'; return true;
    case 'n': *text += '\n'; return true;
    case 'r': *text += '\r'; return true;
    case 't': *text += '\t'; return true;
    case 'u': break;
    default: return false;
  }
  unsigned code = 0;
  if (!TakeHex4(&code)) return false;
  if (code >= 0xD800 && code < 0xDC00) {
    unsigned low = 0;
    if (end_ - at_ < 2 || at_[0] != '\\' || at_[1] != 'u') return false;
    at_ += 2;
    if (!TakeHex4(&low) || low < 0xDC00 || low > 0xDFFF) return false;
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  } else if (code >= 0xDC00 && code <= 0xDFFF) {
    return false;
  }
  AppendUtf8(code, text);
  return true;
}

bool JsonReader::TakeNumber(std::string_view* number) {
  Peek();
  const char* from = at_;
  const char* at = at_;
  if (at != end_ && *at == '-') ++at;
  if (at == end_ || !IsDigit(*at)) return false;
  if (*at == '0' && at + 1 != end_ && IsDigit(at[1])) return false;
  while (at != end_ && IsDigit(*at)) ++at;
  if (at != end_ && *at == '.') {
    if (++at == end_ || !IsDigit(*at)) return false;
    while (at != end_ && IsDigit(*at)) ++at;
  }
  if (at != end_ && (*at == 'e' || *at == 'E')) {
    if (++at != end_ && (*at == '+' || *at == '-')) ++at;
    if (at == end_ || !IsDigit(*at)) return false;
    while (at != end_ && IsDigit(*at)) ++at;
  }
  at_ = at;
  *number = std::string_view(from, at_);
  return true;
}

bool JsonReader::Skip(int depth) {
  std::string space;
  std::string_view text;
  if (depth <= 0) return false;
  switch (Peek()) {
    case '"': return TakeName(&text, &space);
    case 't': return TakeWord("true");
    case 'f': return TakeWord("false");
    case 'n': return TakeWord("null");
    case '[':
      Take('[');
      if (Take(']')) return true;
      do {
        if (!Skip(depth - 1)) return false;
      } while (Take(','));
      return Take(']');
    case '{':
      Take('{');
      if (Take('}')) return true;
      do {
        if (!TakeName(&text, &space) || !Take(':') || !Skip(depth - 1)) return false;
      } while (Take(','));
      return Take('}');
    default: return TakeNumber(&text);
  }
}

}  // namespace hanse::wire
