// TLS, with a certificate made on the spot.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "doors/http/server.h"

namespace hanse::http {
namespace {

using testing::HasSubstr;

void WritePem(const std::string& path, auto&& write) {
  FILE* file = std::fopen(path.c_str(), "w");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(write(file), 1);
  std::fclose(file);
}

void MakeCertificate(const std::string& certificate_file, const std::string& key_file) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  ASSERT_GT(X509_sign(certificate.get(), key.get(), EVP_sha256()), 0);
  WritePem(certificate_file, [&](FILE* file) { return PEM_write_X509(file, certificate.get()); });
  WritePem(key_file, [&](FILE* file) { return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

// A TLS client of one version; `established` tells whether the handshake was done.
struct TlsClient {
  TlsClient(std::uint16_t port, int version)
      : context(SSL_CTX_new(TLS_client_method())), socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    SSL_CTX_set_security_level(context, 0);  // Old versions are to be refused by the server, not by this client.
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ssl = SSL_new(context);
    SSL_set_fd(ssl, socket);
    established = SSL_connect(ssl) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl);
    SSL_CTX_free(context);
    ::close(socket);
  }
  std::string Ask(const std::string& text, std::size_t wanted) {
    EXPECT_EQ(SSL_write(ssl, text.data(), static_cast<int>(text.size())), static_cast<int>(text.size()));
    std::string answer;
    char piece[16384];
    while (answer.size() < wanted) {
      const int count = SSL_read(ssl, piece, sizeof piece);
      if (count <= 0) break;
      answer.append(piece, static_cast<std::size_t>(count));
    }
    return answer;
  }

  SSL_CTX* context;
  int socket;
  SSL* ssl = nullptr;
  bool established = false;
};

class Tls : public testing::Test {
 protected:
  Tls() {
    MakeCertificate(Path("certificate.pem"), Path("key.pem"));
    const auto port = server_.Listen({"127.0.0.1", 0, Path("certificate.pem"), Path("key.pem")},
                                     [](Request& request) { return Answer(request); });
    EXPECT_TRUE(port) << port.error().message;
    port_ = *port;
    server_.Start();
  }
  ~Tls() override {
    server_.Stop(1000);
    std::filesystem::remove_all(folder_);
  }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  static Response Answer(Request& request) {
    Response response;
    response.body = request.tls ? "over TLS " : "in plain ";
    if (request.stream) request.body = *ReadWhole(*request.stream, 10'000'000);
    response.body += std::to_string(request.body.size());
    if (request.target == "/large") response.stream = SourceOf(std::string(3'000'000, 'x'));
    return response;
  }

  SystemClock clock_;
  std::string folder_ = std::filesystem::temp_directory_path() / ("hanse_tls_" + std::to_string(::getpid()));
  const bool made_ = std::filesystem::create_directories(folder_);
  Server server_{clock_};
  std::uint16_t port_ = 0;
};

TEST_F(Tls, ServesVersions12And13AndNoneBefore) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(port_, version);
    ASSERT_TRUE(client.established);
    EXPECT_THAT(client.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 86), HasSubstr("over TLS 0"));
    EXPECT_THAT(client.Ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 86), HasSubstr("over TLS 0"));
  }
  EXPECT_FALSE(TlsClient(port_, TLS1_1_VERSION).established);
  EXPECT_FALSE(TlsClient(port_, TLS1_VERSION).established);
}

TEST_F(Tls, CarriesLargeBodiesBothWays) {
  TlsClient client(port_, TLS1_3_VERSION);
  const std::string body(5'000'000, 'b');
  EXPECT_THAT(client.Ask("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n" + body, 86), HasSubstr("over TLS 5000000"));
  EXPECT_GT(client.Ask("GET /large HTTP/1.1\r\nHost: h\r\n\r\n", 3'000'080).size(), 3'000'000u);
}

TEST_F(Tls, AKeyThatDoesNotBelongToTheCertificateIsTold) {
  MakeCertificate(Path("other.pem"), Path("other_key.pem"));
  Server other(clock_);
  const auto port = other.Listen({"127.0.0.1", 0, Path("certificate.pem"), Path("other_key.pem")}, Answer);
  ASSERT_FALSE(port);
  EXPECT_EQ(port.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace hanse::http
