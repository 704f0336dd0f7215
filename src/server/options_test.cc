#include "server/options.h"

#include <gtest/gtest.h>

namespace hanse::server {
namespace {

TEST(Options, AddressesAreReadAndBadOnesNameTheirOption) {
  auto address = ParseHostPort("--listen", "[::1]:7700");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->port, 7700);
  for (const char* bad : {"7700", ":7700", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"}) {
    auto refused = ParseHostPort("--listen", bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_NE(refused.error().message.find("--listen"), std::string::npos);
  }
}

TEST(Options, NothingListensBeyondThisMachineWithoutTls) {
  ServeOptions options;
  EXPECT_TRUE(CheckListeners(options));
  for (auto member : {&ServeOptions::listen, &ServeOptions::portal_listen, &ServeOptions::pg_listen}) {
    ServeOptions open;
    open.*member = "0.0.0.0:7700";
    auto refused = CheckListeners(open);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("--tls-cert"), std::string::npos);
    open.tls_cert = "cert.pem";
    EXPECT_FALSE(CheckListeners(open)) << "a certificate without its key";
    open.tls_key = "key.pem";
    EXPECT_TRUE(CheckListeners(open));
  }
}

}  // namespace
}  // namespace hanse::server
