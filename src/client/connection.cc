#include "client/connection.h"

#include <optional>

#include <fmt/format.h>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hanse::client {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

constexpr std::uint64_t kMaxBodyBytes = 1ull << 30;

class PlainConnection final : public Connection {
 public:
  PlainConnection(std::string host, std::string name, std::string port)
      : host_(std::move(host)), name_(std::move(name)), port_(std::move(port)) {}

  const std::string& host() const override { return host_; }

  Result<HttpResponse> Send(const HttpRequest& request) override {
    bool reused = stream_.has_value();
    boost::system::error_code error;
    auto response = Exchange(request, &error);
    if (error && reused) {
      stream_.reset();
      response = Exchange(request, &error);
    }
    if (error) {
      stream_.reset();
      return Fail(ErrorCode::kUnavailable, fmt::format("no answer from http://{}: {}", host_, error.message()));
    }
    return response;
  }

 private:
  HttpResponse Exchange(const HttpRequest& request, boost::system::error_code* error) {
    if (!stream_) {
      auto found = tcp::resolver(context_).resolve(name_, port_, *error);
      if (*error) return {};
      stream_.emplace(context_);
      stream_->socket().open(tcp::v4(), *error);
      boost::asio::connect(stream_->socket(), found, *error);
      if (*error) return {};
      stream_->socket().set_option(tcp::no_delay(true), *error);
      buffer_.clear();
    }
    http::request<http::string_body> out;
    out.method_string(request.method);
    out.target(request.target);
    out.version(11);
    for (const auto& [name, value] : request.headers) out.insert(name, value);
    out.body() = request.body;
    out.prepare_payload();
    http::write(*stream_, out, *error);
    if (*error) return {};
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxBodyBytes);
    parser.skip(request.method == "HEAD");
    http::read(*stream_, buffer_, parser, *error);
    if (*error) return {};
    HttpResponse response{static_cast<int>(parser.get().result_int()), {}, std::move(parser.get().body())};
    for (const auto& field : parser.get()) response.headers.emplace_back(field.name_string(), field.value());
    if (!parser.get().keep_alive()) stream_.reset();
    return response;
  }

  std::string host_, name_, port_;
  boost::asio::io_context context_;
  std::optional<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
};

}  // namespace

Result<std::unique_ptr<Connection>> Connection::To(const std::string& endpoint_url) {
  constexpr std::string_view kScheme = "http://";
  if (!endpoint_url.starts_with(kScheme)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("endpoint_url \"{}\": this command speaks to http://HOST:PORT", endpoint_url));
  }
  std::string host = endpoint_url.substr(kScheme.size());
  host = host.substr(0, host.find('/'));
  std::size_t colon = host.rfind(':');
  std::string name = host.substr(0, colon);
  std::string port = colon == std::string::npos ? "80" : host.substr(colon + 1);
  return std::unique_ptr<Connection>(std::make_unique<PlainConnection>(host, name, port));
}

}  // namespace hanse::client
