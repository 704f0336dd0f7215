#include "engine/server_link.h"

#include <openssl/crypto.h>
#include <unistd.h>

#include <cstring>

#include "engine/codec.h"

namespace hanse::engine {

Result<Message> ServerLink::Ask(MessageType question, std::string_view payload, MessageType answer) {
  std::lock_guard lock(mutex_);
  TRY(channel_.Send(question, payload));
  return Hear(answer);
}

Result<Message> ServerLink::Hear(MessageType answer) {
  TRY_ASSIGN(Message message, channel_.Receive());
  if (message.type == answer) return message;
  if (message.fd >= 0) close(message.fd);
  if (message.type != MessageType::kRefused) return Fail(ErrorCode::kInternal, "the server answered another question");
  Decoder in(message.payload);
  std::uint64_t code = in.Number();
  std::string text = in.Text();
  if (!in.AtEnd() || code >= kErrorCodes) return Fail(ErrorCode::kInternal, "a refusal of the server does not parse");
  return Fail(static_cast<ErrorCode>(code), std::move(text));
}

Result<TableSource> ServerLink::Resolve(std::uint64_t view, std::string_view database, std::string_view table,
                                        const ColumnConditions& conditions) {
  Encoder out;
  out.Number(view);
  out.Text(database);
  out.Text(table);
  Put(out, conditions);
  TRY_ASSIGN(Message message, Ask(MessageType::kResolve, out.Take(), MessageType::kTable));
  return DecodeTable(message.payload);
}

std::vector<Result<OpenObject>> ServerLink::Open(const std::vector<std::uint64_t>& objects) {
  std::vector<Result<OpenObject>> opened;
  std::lock_guard lock(mutex_);
  std::vector<Result<void>> asked;
  for (std::uint64_t object : objects) {
    Encoder out;
    out.Number(object);
    asked.push_back(channel_.Send(MessageType::kOpen, out.Take()));
  }
  for (Result<void>& sent : asked) {
    opened.push_back(sent ? HearObject() : Result<OpenObject>(std::unexpected(std::move(sent).error())));
  }
  return opened;
}

Result<OpenObject> ServerLink::HearObject() {
  TRY_ASSIGN(Message message, Hear(MessageType::kObject));
  if (message.fd < 0 || message.payload.size() != crypto::Key::kBytes) {
    if (message.fd >= 0) close(message.fd);
    return Fail(ErrorCode::kInternal, "an object came without its descriptor or key");
  }
  auto key = crypto::Key::FromBytes(message.payload);
  OPENSSL_cleanse(message.payload.data(), message.payload.size());
  if (!key) {
    close(message.fd);
    return std::unexpected(std::move(key).error());
  }
  return OpenObject{message.fd, *std::move(key)};
}

Result<std::vector<ListedTable>> ServerLink::List() {
  TRY_ASSIGN(Message message, Ask(MessageType::kList, {}, MessageType::kListing));
  return DecodeListing(message.payload);
}

Result<std::vector<std::uint64_t>> ServerLink::Locate(std::uint64_t metadata, const std::vector<std::string>& places) {
  TRY_ASSIGN(Message message, Ask(MessageType::kLocate, EncodeFile(metadata, places), MessageType::kPlaces));
  TRY_ASSIGN(std::vector<std::uint64_t> objects, DecodeNumbers(message.payload));
  if (objects.size() != places.size()) return Fail(ErrorCode::kInternal, "the server answered for other places");
  return objects;
}

Result<int> ServerLink::AskForDescriptor(MessageType question, std::string_view payload, MessageType answer) {
  TRY_ASSIGN(Message message, Ask(question, payload, answer));
  if (message.fd < 0) return Fail(ErrorCode::kInternal, "an answer of the server came without its descriptor");
  return message.fd;
}

Result<int> ServerLink::NewSpillFile() { return AskForDescriptor(MessageType::kSpill, {}, MessageType::kSpillFile); }

Result<int> ServerLink::ReadRows(std::uint64_t object, const std::vector<std::string>& columns) {
  return AskForDescriptor(MessageType::kReadRows, EncodeFile(object, columns), MessageType::kRowStream);
}

Result<void> ServerLink::Send(MessageType type, std::string_view payload) {
  std::lock_guard lock(mutex_);
  return channel_.Send(type, payload);
}

}  // namespace hanse::engine
