#include "doors/pgwire/socket.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

namespace hanse::pgwire {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

std::unexpected<Error> Ended() { return Fail(ErrorCode::kUnavailable, "the connection ended"); }

// By the digest of the certificate's own signature; SHA-256 where that is MD5 or SHA-1.
std::string DigestOfCertificate(X509* certificate) {
  int digest = NID_undef;
  OBJ_find_sigid_algs(X509_get_signature_nid(certificate), &digest, nullptr);
  const EVP_MD* kind = digest == NID_md5 || digest == NID_sha1 || digest == NID_undef ? EVP_sha256() : EVP_get_digestbynid(digest);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, kind == nullptr ? EVP_sha256() : kind, bytes, &size) != 1) return {};
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

Result<std::unique_ptr<Tls>> Tls::Open(const std::string& certificate_file, const std::string& key_file) {
  std::unique_ptr<Tls> tls(new Tls(SSL_CTX_new(TLS_server_method())));
  SSL_CTX* context = tls->context_;
  if (context == nullptr) return Fail(ErrorCode::kInternal, "TLS cannot be prepared");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("no certificate in {}", certificate_file));
  }
  if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(context) != 1) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("no key for the certificate in {}", key_file));
  }
  tls->certificate_digest_ = DigestOfCertificate(SSL_CTX_get0_certificate(context));
  return tls;
}

Tls::~Tls() { SSL_CTX_free(context_); }

Socket::Socket(int fd) : fd_(fd) { fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK); }

Socket::~Socket() {
  if (ssl_ != nullptr) SSL_free(ssl_);
  close(fd_);
}

void Socket::EndIn(int all_ms) {
  end_ = all_ms < 0 ? std::nullopt : std::optional(std::chrono::steady_clock::now() + std::chrono::milliseconds(all_ms));
}

Result<void> Socket::Wait(short events, int timeout_ms) {
  if (end_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*end_ - std::chrono::steady_clock::now()).count();
    if (left <= 0) return Fail(ErrorCode::kTimeout, "the client is too slow");
    timeout_ms = timeout_ms < 0 ? static_cast<int>(left) : std::min(timeout_ms, static_cast<int>(left));
  }
  pollfd wait{fd_, events, 0};
  int ready = 0;
  do {
    ready = poll(&wait, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) return Fail(ErrorCode::kTimeout, "the client is too slow");
  if (ready < 0) return Ended();
  return {};
}

// More bytes into the buffer, whatever comes first.
Result<void> Socket::Fill(int timeout_ms) {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t held = buffer_.size();
  while (true) {
    buffer_.resize(held + kReadBytes);
    short events = POLLIN;
    long got = 0;
    if (ssl_ != nullptr) {
      got = SSL_read(ssl_, buffer_.data() + held, static_cast<int>(kReadBytes));
      const int why = got > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_, static_cast<int>(got));
      if (why == SSL_ERROR_WANT_WRITE) events = POLLOUT;
      if (got <= 0 && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
        got = 0;
      else if (got <= 0)
        got = -1;
    } else {
      got = recv(fd_, buffer_.data() + held, kReadBytes, 0);
      if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) got = 0;
    }
    buffer_.resize(held + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got > 0) return {};
    if (got == 0) return Ended();
    TRY(Wait(events, timeout_ms));
  }
}

Result<char> Socket::Peek(int timeout_ms) {
  if (!pending()) TRY(Fill(timeout_ms));
  return buffer_[at_];
}

Result<std::string> Socket::Read(std::size_t size, int timeout_ms) {
  while (buffer_.size() - at_ < size) TRY(Fill(timeout_ms));
  std::string bytes = buffer_.substr(at_, size);
  at_ += size;
  return bytes;
}

Result<void> Socket::Write(std::string_view bytes, int timeout_ms) {
  while (!bytes.empty()) {
    short events = POLLOUT;
    long sent = 0;
    if (ssl_ != nullptr) {
      sent = SSL_write(ssl_, bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)));
      const int why = sent > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_, static_cast<int>(sent));
      if (sent <= 0 && why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return Ended();
      if (why == SSL_ERROR_WANT_READ) events = POLLIN;
    } else {
      sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return Ended();
    }
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      TRY(Wait(events, timeout_ms));
    }
  }
  return {};
}

Result<void> Socket::Secure(const Tls& tls, int timeout_ms) {
  if (pending()) return Fail(ErrorCode::kInvalidArgument, "received unencrypted data after SSL request");
  ssl_ = SSL_new(tls.context());
  if (ssl_ == nullptr || SSL_set_fd(ssl_, fd_) != 1) return Fail(ErrorCode::kInternal, "TLS cannot begin");
  while (true) {
    const int done = SSL_accept(ssl_);
    if (done == 1) return {};
    const int why = SSL_get_error(ssl_, done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return Ended();
    TRY(Wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, timeout_ms));
  }
}

void Socket::Cut() { shutdown(fd_, SHUT_RDWR); }

bool Socket::gone() const {
  char byte = 0;
  return recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace hanse::pgwire
