// Messages of PostgreSQL's clients: whatever comes is taken apart or refused, and a statement's text never leaves its bounds.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "doors/pgwire/copy.h"
#include "doors/pgwire/message.h"
#include "doors/pgwire/scram.h"
#include "doors/pgwire/statement.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hanse::pgwire;
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size), body = text.substr(1);
  (void)ParseStartup(body);
  (void)ParseSaslInitial(body);
  const auto message = ParseMessage(text[0], body);
  if (!message && message.error().message.empty()) std::abort();
  Scram scram({.salt = "salt", .nonce = "nonce", .iterations = 1});
  if (scram.First(false, body) && scram.Final(body, "secret")) std::abort();
  std::size_t bytes = 0;
  for (const std::string& sql : SplitStatements(body)) {
    bytes += sql.size();
    (void)ClassifyStatement(sql);
    (void)CatalogSql(sql);
    (void)ReadSetting(sql);
    (void)ReadCursor(sql);
    (void)ReadCopy(sql);
  }
  if (bytes > body.size()) std::abort();
  return 0;
}
