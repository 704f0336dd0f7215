#include "doors/pgwire/message.h"

#include <algorithm>

namespace hanse::pgwire {
namespace {

constexpr std::uint32_t kCancelCode = 80877102, kSslCode = 80877103, kGssCode = 80877104;
constexpr std::size_t kStartupParametersMax = 100;

// After a failed read every further one gives zeros and ok() stays false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t Number(std::size_t bytes) {
    std::string_view taken = Bytes(bytes);
    std::uint32_t value = 0;
    for (char c : taken) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::size_t Int16() { return Number(2); }
  std::uint32_t Int32() { return Number(4); }
  std::string Text() {
    std::size_t end = rest_.find('\0');
    if (!ok_ || end == std::string_view::npos) return ok_ = false, std::string();
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }
  std::string_view Bytes(std::size_t size) {
    if (!ok_ || size > rest_.size()) return ok_ = false, std::string_view();
    std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view Rest() { return Bytes(rest_.size()); }
  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::unexpected<Error> Broken(const char* what) {
  return Fail(ErrorCode::kInvalidArgument, std::string("invalid message format: ") + what);
}

std::vector<bool> Formats(Reader& in) {
  std::vector<bool> binary;
  for (std::size_t count = in.Int16(); count > 0 && in.ok(); --count) binary.push_back(in.Int16() != 0);
  return binary;
}

Result<Frontend> ParseParse(Reader& in) {
  Parse parse;
  parse.name = in.Text();
  parse.sql = in.Text();
  for (std::size_t count = in.Int16(); count > 0 && in.ok(); --count) parse.types.push_back(in.Int32());
  return parse;
}

Result<Frontend> ParseBind(Reader& in) {
  constexpr std::uint32_t kNull = 0xffffffff;
  Bind bind;
  bind.portal = in.Text();
  bind.statement = in.Text();
  bind.binary = Formats(in);
  for (std::size_t count = in.Int16(); count > 0 && in.ok(); --count) {
    std::uint32_t size = in.Int32();
    bind.values.push_back(size == kNull ? std::nullopt : std::optional(std::string(in.Bytes(size))));
  }
  bind.binary_results = Formats(in);
  if (bind.binary.size() > 1 && bind.binary.size() != bind.values.size()) return Broken("Bind has formats of other values");
  return bind;
}

template <class T>
Result<Frontend> ParseNamed(Reader& in) {
  char kind = static_cast<char>(in.Number(1));
  if (kind != 'S' && kind != 'P') return Broken("neither a statement nor a portal");
  return T{static_cast<Named>(kind), in.Text()};
}

Result<Frontend> ParseBody(char type, Reader& in) {
  switch (type) {
    case 'Q': return Query{in.Text()};
    case 'P': return ParseParse(in);
    case 'B': return ParseBind(in);
    case 'D': return ParseNamed<Describe>(in);
    case 'C': return ParseNamed<Close>(in);
    case 'E': {
      std::string portal = in.Text();
      return Execute{std::move(portal), in.Int32()};
    }
    case 'S': return Sync{};
    case 'H': return Flush{};
    case 'X': return Terminate{};
    case 'F': in.Rest(); return FunctionCall{};
    case 'd':
    case 'c':
    case 'f': in.Rest(); return CopyPart{};
    case 'p': return Authentication{std::string(in.Rest())};
    default: return Broken("unknown type");
  }
}

}  // namespace

Result<Startup> ParseStartup(std::string_view packet) {
  Reader in(packet);
  Startup startup;
  const std::uint32_t code = in.Int32();
  if (code == kSslCode || code == kGssCode) {
    startup.kind = code == kSslCode ? Startup::Kind::kSsl : Startup::Kind::kGss;
  } else if (code == kCancelCode) {
    startup.kind = Startup::Kind::kCancel;
    startup.process = in.Int32();
    startup.secret = in.Int32();
  } else {
    if (code >> 16 != 3) return Broken("unsupported frontend protocol: this server speaks 3.0");
    startup.minor = code & 0xffff;
    while (in.ok()) {
      std::string name = in.Text();
      if (name.empty()) break;
      startup.parameters.emplace_back(std::move(name), in.Text());
      if (startup.parameters.size() > kStartupParametersMax) return Broken("too many parameters");
    }
  }
  if (!in.AtEnd()) return Broken("startup packet");
  return startup;
}

Result<Frontend> ParseMessage(char type, std::string_view body) {
  Reader in(body);
  auto message = ParseBody(type, in);
  if (message && !in.AtEnd()) return Broken("length");
  return message;
}

Result<std::pair<std::string, std::string>> ParseSaslInitial(std::string_view body) {
  Reader in(body);
  std::string mechanism = in.Text();
  const std::uint32_t size = in.Int32();
  std::string first(in.Bytes(size));
  if (!in.AtEnd()) return Broken("SASL");
  return std::pair(std::move(mechanism), std::move(first));
}

void Writer::Begin(char type) {
  bytes_ += type;
  begin_ = bytes_.size();
  Int32(0);
}

void Writer::Int16(std::size_t value) {
  bytes_ += static_cast<char>(value >> 8 & 0xff);
  bytes_ += static_cast<char>(value & 0xff);
}

void Writer::Int32(std::uint32_t value) {
  Int16(value >> 16);
  Int16(value & 0xffff);
}

void Writer::Text(std::string_view text) {
  bytes_ += text.substr(0, text.find('\0'));
  bytes_ += '\0';
}

void Writer::End() {
  auto size = static_cast<std::uint32_t>(bytes_.size() - begin_);
  for (std::size_t i = 0; i < 4; ++i) bytes_[begin_ + i] = static_cast<char>(size >> (24 - 8 * i) & 0xff);
}

void Writer::Empty(char type) {
  Begin(type);
  End();
}

void PutRefusal(Writer& out, const Refusal& refusal) {
  const char* severity = refusal.fatal ? "FATAL" : "ERROR";
  out.Begin('E');
  for (const auto& [field, text] :
       {std::pair<char, std::string_view>{'S', severity}, {'V', severity}, {'C', refusal.state}, {'M', refusal.message}}) {
    out.Byte(field);
    out.Text(text);
  }
  out.Byte('\0');
  out.End();
}

void PutReady(Writer& out, char transaction) {
  out.Begin('Z');
  out.Byte(transaction);
  out.End();
}

void PutComplete(Writer& out, std::string_view tag) {
  out.Begin('C');
  out.Text(tag);
  out.End();
}

void PutSetting(Writer& out, std::string_view name, std::string_view value) {
  out.Begin('S');
  out.Text(name);
  out.Text(value);
  out.End();
}

}  // namespace hanse::pgwire
