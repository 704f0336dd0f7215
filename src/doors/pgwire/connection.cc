#include "doors/pgwire/connection.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "doors/pgwire/errors.h"
#include "doors/pgwire/scram.h"
#include "model/ids.h"

namespace hanse::pgwire {
namespace {

constexpr int kSignInMs = 20'000;                 // From the first byte to the proof, in all.
constexpr int kProgressMs = 30'000;               // Each wait within a message, either way.
constexpr int kIdleMs = 3'600'000;                // Between messages.
constexpr std::size_t kStartupBytesMax = 10'000;  // As PostgreSQL's; a session token is in it.
constexpr std::size_t kPasswordBytesMax = 10'000;
constexpr std::size_t kMessageBytesMax = 16 * 1024 * 1024;
constexpr std::string_view kCatalogName = "awsdatacatalog";

std::uint32_t NumberOf(std::string_view bytes) {
  std::uint32_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// "-c name=value --name=value", words parted by blanks that no backslash stands before.
std::vector<std::pair<std::string, std::string>> OptionsOf(std::string_view text) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      words.back() += text[++i];
    } else if (text[i] == ' ') {
      words.emplace_back();
    } else {
      words.back() += text[i];
    }
  }
  std::vector<std::pair<std::string, std::string>> options;
  for (std::string_view word : words) {
    if (word.starts_with("-c") || word.starts_with("--")) word.remove_prefix(2);
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos) options.emplace_back(Lower(word.substr(0, equals)), word.substr(equals + 1));
  }
  return options;
}

std::unexpected<Error> WrongPassword() { return FailAs(ErrorCode::kUnauthenticated, "28P01", "password authentication failed"); }

}  // namespace

void Connection::Run() {
  socket_.EndIn(kSignInMs);
  auto startup = Greet();
  if (startup && !*startup) return;
  Result<void> ended = startup ? Result<void>() : std::unexpected(startup.error());
  if (ended) {
    auto wanted = Read(**startup);
    ended = wanted ? SignIn(*wanted) : std::unexpected(wanted.error());
    if (ended && !host_.admit(wanted->access_key)) {
      ended = FailAs(ErrorCode::kThrottled, "53300", "sorry, too many clients already");
    }
    if (ended) ended = Welcome(std::move(*wanted), **startup);
    socket_.EndIn(-1);
    if (ended) ended = Serve();
  }
  if (ended || ended.error().name == "closed") return;
  Refusal refusal = RefusalOf(ended.error());
  refusal.fatal = true;
  Tell(refusal);
}

void Connection::Tell(const Refusal& refusal) {
  Writer out;
  PutRefusal(out, refusal);
  (void)Send(out.Take());  // Nobody is left to hear of it.
}

Result<void> Connection::Send(std::string_view bytes) { return socket_.Write(bytes, kProgressMs); }

Result<std::optional<Startup>> Connection::Greet() {
  for (int packets = 0; packets < 3; ++packets) {
    auto length = socket_.Read(4, kSignInMs);
    const std::uint32_t size = length ? NumberOf(*length) : 0;
    if (!length) return FailAs(ErrorCode::kUnavailable, "closed", "nobody is there");
    if (size < 8 || size > kStartupBytesMax)
      return FailAs(ErrorCode::kInvalidArgument, "08P01", "invalid length of startup packet");
    TRY_ASSIGN(std::string packet, socket_.Read(size - 4, kSignInMs));
    auto startup = ParseStartup(packet);
    if (!startup) return FailAs(ErrorCode::kInvalidArgument, "08P01", startup.error().message);
    switch (startup->kind) {
      case Startup::Kind::kCancel: host_.cancel(startup->process, startup->secret); return std::optional<Startup>();
      case Startup::Kind::kSession:
        // With a certificate nothing is said in plain, as on the other listeners.
        if (host_.tls != nullptr && !socket_.secure()) {
          return FailAs(ErrorCode::kUnauthenticated, "28000", "this server takes TLS connections only: sslmode=require");
        }
        return std::optional(std::move(*startup));
      case Startup::Kind::kSsl: {
        const bool secures = host_.tls != nullptr && !socket_.secure();
        TRY(Send(secures ? "S" : "N"));
        if (secures) TRY(socket_.Secure(*host_.tls, kSignInMs));
        break;
      }
      case Startup::Kind::kGss: TRY(Send("N")); break;
    }
  }
  return FailAs(ErrorCode::kInvalidArgument, "08P01", "a startup packet is missing");
}

Result<Connection::Wanted> Connection::Read(const Startup& startup) const {
  Wanted wanted;
  std::vector<std::pair<std::string, std::string>> settings;
  for (const auto& [name, value] : startup.parameters) {
    if (name == "user") {
      wanted.access_key = value;
    } else if (name == "database") {
      wanted.database = value;
    } else if (name == "replication") {
      return FailAs(ErrorCode::kUnsupported, "0A000", "there is no replication here");
    } else if (name == "options") {
      for (auto& option : OptionsOf(value)) settings.push_back(std::move(option));
    } else if (!name.starts_with("_pq_.")) {
      settings.emplace_back(Lower(name), value);
    }
  }
  if (wanted.access_key.empty()) return FailAs(ErrorCode::kInvalidArgument, "28000", "no user: give an access key id");
  // The one database is the catalog; the name of another is the database that names without one mean.
  if (wanted.database.empty() || wanted.database == wanted.access_key) wanted.database = kCatalogName;
  if (!EqualsIgnoreCase(wanted.database, kCatalogName)) TRY(wanted.settings.Set("search_path", wanted.database));
  for (const auto& [name, value] : settings) {
    if (name == "hanse.session_token") {
      wanted.session_token = value;
    } else {
      TRY(wanted.settings.Set(name, value));
    }
  }
  wanted.settings.Started();
  return wanted;
}

Result<std::pair<char, std::string>> Connection::ReadMessage(std::size_t bytes_max, int first_timeout_ms) {
  auto type = socket_.Peek(first_timeout_ms);
  if (!type) return FailAs(type.error().code, "closed", "the client has gone");
  TRY_ASSIGN(std::string head, socket_.Read(5, kProgressMs));
  const std::uint32_t size = NumberOf(std::string_view(head).substr(1));
  if (size < 4 || size - 4 > bytes_max) return FailAs(ErrorCode::kInvalidArgument, "08P01", "invalid message length");
  TRY_ASSIGN(std::string body, socket_.Read(size - 4, kProgressMs));
  return std::pair(head[0], std::move(body));
}

Result<std::string> Connection::AskPassword(std::uint32_t kind, std::string_view data) {
  Writer out;
  out.Begin('R');
  out.Int32(kind);
  out.Bytes(data);
  out.End();
  TRY(Send(out.Take()));
  TRY_ASSIGN(auto message, ReadMessage(kPasswordBytesMax, kSignInMs));
  if (message.first != 'p') return FailAs(ErrorCode::kInvalidArgument, "08P01", "a password message is expected");
  return std::move(message.second);
}

// The exchange up to the server's final message, for `secret`.
Result<std::string> Connection::Exchange(const Wanted& wanted, std::string* secret) {
  constexpr std::uint32_t kSasl = 10, kContinue = 11;
  Random& random = host_.parts.random;
  std::string mechanisms;
  if (socket_.secure()) mechanisms.append(kScramPlus).append(1, '\0');
  mechanisms.append(kScram).append(2, '\0');
  TRY_ASSIGN(std::string initial, AskPassword(kSasl, mechanisms));
  TRY_ASSIGN(auto first, ParseSaslInitial(initial));
  const bool plus = first.first == kScramPlus;
  if (first.first != kScram && !(plus && socket_.secure())) {
    return FailAs(ErrorCode::kInvalidArgument, "08P01", "client selected an invalid SASL authentication mechanism");
  }
  Scram scram({.salt = random.Bytes(16),
               .nonce = Base64(random.Bytes(18)),
               .certificate = socket_.secure() ? host_.tls->certificate_digest() : std::string()});
  TRY_ASSIGN(std::string challenge, scram.First(plus, first.second));
  TRY_ASSIGN(std::string proof, AskPassword(kContinue, challenge));
  // Looked up now, so that an unknown key takes the same steps as a known one; its secret is one that nobody has.
  auto found = host_.parts.authenticator.Find(wanted.access_key, wanted.session_token);
  *secret = found ? std::move(found->secret_key) : Hex(random.Bytes(20));
  return scram.Final(proof, *secret);
}

Result<void> Connection::SignIn(const Wanted& wanted) {
  std::string secret;
  auto final = Exchange(wanted, &secret);
  crypto::Wipe(&secret);
  if (!final && final.error().code == ErrorCode::kUnauthenticated) return WrongPassword();
  if (!final && final.error().name.empty()) final.error().name = "08P01";
  if (!final) return std::unexpected(std::move(final).error());
  constexpr std::uint32_t kFinal = 12;
  Writer out;
  out.Begin('R');
  out.Int32(kFinal);
  out.Bytes(*final);
  out.End();
  out.Begin('R');
  out.Int32(0);  // AuthenticationOk
  out.End();
  return Send(out.Take());
}

Result<void> Connection::Welcome(Wanted wanted, const Startup& startup) {
  Writer out;
  std::vector<std::string> ignored;
  for (const auto& [name, value] : startup.parameters) {
    if (name.starts_with("_pq_.")) ignored.push_back(name);
  }
  if (startup.minor > 0 || !ignored.empty()) {
    out.Begin('v');
    out.Int32(3 << 16);
    out.Int32(static_cast<std::uint32_t>(ignored.size()));
    for (const std::string& name : ignored) out.Text(name);
    out.End();
  }
  for (const auto& [name, value] : wanted.settings.Reported()) PutSetting(out, name, value);
  const std::string drawn = host_.parts.random.Bytes(8);
  out.Begin('K');
  out.Bytes(drawn);
  out.End();
  PutReady(out, 'I');

  const Client client{.access_key = wanted.access_key,
                      .session_token = wanted.session_token,
                      .address = address_,
                      .database = wanted.database,
                      .secure = socket_.secure(),
                      .process = NumberOf(drawn.substr(0, 4))};
  auto session = std::make_unique<Session>(host_.parts, host_.room, client, std::move(wanted.settings),
                                           [this](std::string_view bytes) { return Send(bytes); });
  if (auto found = host_.parts.authenticator.Find(client.access_key, client.session_token); found && host_.parts.key_used) {
    RequestInfo info{.id = NewRequestId(host_.parts.random), .service = "athena", .region = host_.parts.region};
    info.now_ms = host_.parts.clock.NowMs();
    host_.parts.key_used(found->caller, info);
    crypto::Wipe(&found->secret_key);
  }
  {
    const std::lock_guard lock(mutex_);
    session_ = std::move(session);
    secret_ = drawn;
    access_key_ = client.access_key;
  }
  return Send(out.Take());
}

Result<void> Connection::Serve() {
  while (true) {
    auto heard = socket_.Peek(static_cast<int>(session_->idle_ms(kIdleMs)));
    if (!heard && heard.error().code == ErrorCode::kTimeout) {
      return FailAs(ErrorCode::kTimeout, "57P05", "terminating connection due to idle-session timeout");
    }
    TRY_ASSIGN(auto message, ReadMessage(kMessageBytesMax, kProgressMs));
    auto parsed = ParseMessage(message.first, message.second);
    if (!parsed) return FailAs(ErrorCode::kInvalidArgument, "08P01", parsed.error().message);
    TRY(session_->Handle(std::move(*parsed)));
  }
}

void Connection::Cancel(std::uint32_t process, std::uint32_t secret) {
  Writer asked;
  asked.Int32(process);
  asked.Int32(secret);
  const std::lock_guard lock(mutex_);
  if (session_ && crypto::SameSecret(asked.Take(), secret_)) session_->Cancel();
}

std::string Connection::access_key() const {
  const std::lock_guard lock(mutex_);
  return access_key_;
}

void Connection::Cut() {
  {
    const std::lock_guard lock(mutex_);
    if (session_) session_->End();
  }
  socket_.Cut();
}

void Connection::StopIfGone() {
  if (!socket_.gone()) return;
  const std::lock_guard lock(mutex_);
  if (session_) session_->End();
}

}  // namespace hanse::pgwire
