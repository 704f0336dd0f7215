#include "doors/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace hanse::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

// A client that sends exactly what it is told to.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  ~Client() { Close(); }
  void Close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  void Send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  // All that comes until `wanted` bytes, the end of the connection or the time is up.
  std::string Receive(std::size_t wanted = 1 << 30, int ms = 30'000) {
    std::string text;
    char piece[65536];
    const auto end = std::chrono::steady_clock::now() + milliseconds(ms);
    while (text.size() < wanted) {
      pollfd ready{socket_, POLLIN, 0};
      const auto left = std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now()).count();
      if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) break;
      const ssize_t count = ::recv(socket_, piece, std::min(sizeof piece, wanted - text.size()), 0);
      if (count <= 0) {
        ended_ = true;
        break;
      }
      text.append(piece, static_cast<std::size_t>(count));
    }
    return text;
  }
  // All that comes until it ends in that text.
  std::string ReceiveUntil(std::string_view end, int ms = 30'000) {
    std::string text;
    while (!text.ends_with(end)) {
      const std::string more = Receive(1, ms);
      if (more.empty()) break;
      text += more;
    }
    return text;
  }
  // One answer with a declared length.
  std::string Answer(int ms = 30'000) {
    std::string text;
    while (!text.ends_with("\r\n\r\n")) {
      const std::string more = Receive(1, ms);
      if (more.empty()) return text;
      text += more;
    }
    const std::size_t at = text.find("Content-Length: ");
    return at == text.npos ? text : text + Receive(std::stoul(text.substr(at + 16)), ms);
  }
  std::string Ask(std::string_view text) {
    Send(text);
    return Answer();
  }
  // Whether the server has closed.
  bool Ended(int ms = 30'000) {
    Receive(1 << 30, ms);
    return ended_;
  }

 private:
  int socket_;
  bool ended_ = false;
};

std::string Get(const std::string& target, const std::string& more = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

// A stream that makes its bytes up: position modulo 251.
class Pattern final : public ByteSource {
 public:
  Pattern(std::uint64_t size, bool told, std::uint64_t breaks_at = ~0ull) : size_(size), told_(told), breaks_at_(breaks_at) {}
  std::optional<std::uint64_t> size() const override { return told_ ? std::optional(size_) : std::nullopt; }
  Result<std::size_t> Read(std::span<char> into) override {
    if (at_ >= breaks_at_) return Fail(ErrorCode::kInternal, "broken");
    const std::size_t count = std::min<std::uint64_t>(into.size(), size_ - at_);
    for (std::size_t i = 0; i < count; ++i) into[i] = static_cast<char>((at_ + i) % 251);
    at_ += count;
    return count;
  }
  static std::string Text(std::uint64_t size) { return *ReadWhole(*std::make_unique<Pattern>(size, true), size); }

 private:
  const std::uint64_t size_;
  const bool told_;
  const std::uint64_t breaks_at_;
  std::uint64_t at_ = 0;
};

class ServerTest : public testing::Test {
 protected:
  void Serve(Limits limits = {}) {
    server_ = std::make_unique<Server>(clock_, limits);
    const auto port = server_->Listen({}, [this](Request& request) { return Handle(request); });
    ASSERT_TRUE(port) << port.error().message;
    port_ = *port;
    server_->Start();
  }
  Client Connect() { return Client(port_); }

  Response Handle(Request& request) {
    const std::string path(request.path());
    Response response;
    if (path == "/throw") throw std::runtime_error("a handler's mistake");
    if (path == "/slow") {
      std::this_thread::sleep_for(milliseconds(request.query().empty() ? 300 : std::stoi(std::string(request.query()))));
    } else if (path == "/count") {  // Reads its body, as a stream or not, and says how long it was.
      std::uint64_t seen = request.body.size();
      bool right = true;
      std::string piece(10'000, '\0');
      while (request.stream) {
        const auto count = request.stream->Read(piece);
        if (!count) return Text(400, count.error().message);
        if (*count == 0) break;
        for (std::size_t i = 0; i < *count; ++i) right &= piece[i] == static_cast<char>((seen + i) % 251);
        seen += *count;
      }
      return Text(right ? 200 : 500, std::to_string(seen));
    } else if (path == "/large" || path == "/unknown" || path == "/broken") {
      const std::uint64_t size = std::stoull(std::string(request.query()));
      response.stream = std::make_shared<Pattern>(size, path != "/unknown", path == "/broken" ? size / 2 : ~0ull);
      return response;
    } else if (path == "/split") {
      response.headers.Add("X-Note", "a\r\nX-Evil: b");
    } else if (path == "/refuse") {
      return Text(403, "no");
    }
    response.body = request.method + " " + request.target + " " + request.body;
    return response;
  }
  static Response Text(int status, std::string text) {
    Response response;
    response.status = status;
    response.body = std::move(text);
    return response;
  }

  SystemClock clock_;
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
  Serve();
  Client client = Connect();
  for (int i = 0; i < 100; ++i) {
    const std::string answer = client.Ask(Get("/" + std::to_string(i)));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /" + std::to_string(i) + " "));
  }
  EXPECT_THAT(client.Ask(Get("/last", "Connection: close\r\n")), HasSubstr("Connection: close"));
  EXPECT_TRUE(client.Ended());
  EXPECT_EQ(server_->counts().requests, 101u);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  Serve();
  Client client = Connect();
  std::string all = Get("/slow");
  for (int i = 0; i < 50; ++i) all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody";
  client.Send(all);
  EXPECT_THAT(client.Answer(), HasSubstr("GET /slow"));
  for (int i = 0; i < 50; ++i) EXPECT_THAT(client.Answer(), HasSubstr("POST /" + std::to_string(i) + " body"));
}

TEST_F(ServerTest, AHeadMayComeByteByByte) {
  Serve();
  Client client = Connect();
  for (char c : "\r\n" + Get("/slowly")) client.Send(std::string_view(&c, 1));
  EXPECT_THAT(client.Answer(), HasSubstr("GET /slowly"));
}

TEST_F(ServerTest, HeadTellsTheLengthAndSendsNothing) {
  Serve();
  Client client = Connect();
  client.Send("HEAD /large?5000000 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /x HTTP/1.1\r\nHost: h\r\n\r\n" + Get("/after"));
  const std::string answers = client.ReceiveUntil("GET /after ");
  EXPECT_THAT(answers, HasSubstr("Content-Length: 5000000\r\n"));
  EXPECT_THAT(answers, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(answers, testing::EndsWith("GET /after "));
  EXPECT_LT(answers.size(), 400u);
}

TEST_F(ServerTest, AHandlerThatThrowsTakesNobodyDown) {
  Serve();
  Client client = Connect();
  EXPECT_THAT(client.Ask(Get("/throw")), StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(client.Ask(Get("/fine")), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, AHeaderCannotSplitTheAnswer) {
  Serve();
  EXPECT_THAT(Connect().Ask(Get("/split")), HasSubstr("X-Note: a  X-Evil: b\r\n"));
}

TEST_F(ServerTest, SlowHandlersDoNotStopOthersFromBeingReadAndAllAreServed) {
  Limits limits;
  limits.workers = 3;
  Serve(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 4; ++i) {
    clients.push_back(Connect());
    clients.back().Send(Get("/slow?1500"));
  }
  Client late = Connect();
  late.Send("BROKEN\r\n\r\n");
  EXPECT_THAT(late.Answer(1200), StartsWith("HTTP/1.1 400"));  // Needs no handler: at once.
  for (Client& client : clients) EXPECT_THAT(client.Answer(), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, ThousandIdleAndHundredHalfSentConnectionsHoldNoThread) {
  rlimit files{8192, 8192};
  ::setrlimit(RLIMIT_NOFILE, &files);
  Serve();
  std::vector<Client> idle;
  for (int i = 0; i < 1000; ++i) idle.push_back(Connect());
  for (int i = 0; i < 100; ++i) {
    idle.push_back(Connect());
    idle.back().Send(i % 2 ? "GET / HTTP/1.1\r\nHost:" : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf");
  }
  const auto start = std::chrono::steady_clock::now();
  Client client = Connect();
  for (int i = 0; i < 200; ++i) ASSERT_THAT(client.Ask(Get("/busy")), StartsWith("HTTP/1.1 200"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(10'000));
  EXPECT_EQ(server_->counts().connections, 1101u);
  for (Client& one : idle) one.Close();
  for (int i = 0; i < 100 && server_->counts().connections > 1; ++i) std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(server_->counts().connections, 1u);
}

TEST_F(ServerTest, RefusesMoreConnectionsThanItBears) {
  Limits limits;
  limits.connections_max = 5;
  Serve(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(Connect());
    EXPECT_THAT(clients.back().Ask(Get("/")), StartsWith("HTTP/1.1 200"));
  }
  Client extra = Connect();
  EXPECT_THAT(extra.Answer(), StartsWith("HTTP/1.1 503"));
  EXPECT_TRUE(extra.Ended());
  clients.pop_back();
  for (int i = 0; i < 100 && server_->counts().connections > 4; ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_THAT(Connect().Ask(Get("/")), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, RefusesWhatIsOverItsLimitsBeforeItIsReadWhole) {
  Serve();
  EXPECT_THAT(Connect().Ask(Get("/" + std::string(20'000, 'a'))), StartsWith("HTTP/1.1 414"));
  Client endless = Connect();
  endless.Send("GET /");
  endless.Send(std::string(65'600, 'a'));
  EXPECT_THAT(endless.Answer(), StartsWith("HTTP/1.1 414"));
  Client headers = Connect();
  headers.Send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(66'000, 'a'));
  EXPECT_THAT(headers.Answer(), StartsWith("HTTP/1.1 431"));
  Client body = Connect();
  EXPECT_THAT(body.Ask("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999\r\n\r\n"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(Connect().Ask("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, CutsClientsThatTakeTooLong) {
  Limits limits;
  limits.head_timeout_ms = limits.idle_timeout_ms = limits.body_timeout_ms = limits.progress_timeout_ms = 300;
  Serve(limits);
  Client idle = Connect(), head = Connect(), body = Connect(), stream = Connect(), answer = Connect();
  head.Send("GET / HT");
  body.Send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  stream.Send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\nabc");
  answer.Send(Get("/large?500000000"));  // And does not read it.
  EXPECT_TRUE(idle.Ended());
  EXPECT_TRUE(head.Ended());
  EXPECT_TRUE(body.Ended());
  EXPECT_TRUE(stream.Ended());
  for (int i = 0; i < 300 && server_->counts().connections > 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(server_->counts().connections, 0u);
}

TEST_F(ServerTest, BodiesComeWholeOrAsStreams) {
  Serve();
  for (std::uint64_t size : {0ull, 1ull, 100'000ull, 1'048'576ull, 1'048'577ull, 20'000'000ull}) {
    Client client = Connect();
    client.Send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
    client.Send(Pattern::Text(size));
    EXPECT_THAT(client.Answer(), testing::EndsWith("\r\n\r\n" + std::to_string(size)));
    EXPECT_THAT(client.Ask(Get("/after")), HasSubstr("GET /after"));
  }
}

TEST_F(ServerTest, ChunkedBodiesAreTakenApart) {
  Serve();
  Client client = Connect();
  client.Send("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string body = Pattern::Text(3'000'000);
  for (std::size_t at = 0, step = 1; at < body.size(); at += step, step = step * 2 + 1) {
    const std::string piece = body.substr(at, step);
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    client.Send(size + piece + "\r\n");
  }
  client.Send("0\r\n\r\n" + Get("/after"));
  EXPECT_THAT(client.Answer(), testing::EndsWith("\r\n\r\n3000000"));
  EXPECT_THAT(client.Answer(), HasSubstr("GET /after"));
  EXPECT_THAT(Connect().Ask("PUT /count HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
              StartsWith("HTTP/1.1 400"));
}

TEST_F(ServerTest, LargeAnswersAreStreamed) {
  Serve();
  for (std::uint64_t size : {1000ull, 1'048'577ull, 30'000'000ull}) {
    Client client = Connect();
    client.Send(Get("/large?" + std::to_string(size)));
    std::string head;
    while (!head.ends_with("\r\n\r\n")) head += client.Receive(1);
    EXPECT_THAT(head, HasSubstr("Content-Length: " + std::to_string(size)));
    EXPECT_TRUE(client.Receive(size) == Pattern::Text(size));
    EXPECT_THAT(client.Ask(Get("/after")), HasSubstr("GET /after"));
  }
}

TEST_F(ServerTest, AnswersOfUnknownSizeAreChunkedOrEndWithTheConnection) {
  Serve();
  Client client = Connect();
  client.Send(Get("/unknown?5"));
  EXPECT_THAT(client.ReceiveUntil("\r\n0\r\n\r\n"), HasSubstr(std::string("\r\n\r\n5\r\n") + Pattern::Text(5) + "\r\n0\r\n\r\n"));
  Client old = Connect();
  old.Send("GET /unknown?5 HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.Receive(), testing::EndsWith("Connection: close\r\n\r\n" + Pattern::Text(5)));
}

TEST_F(ServerTest, AnAnswerThatBreaksOffIsNeverTakenForWhole) {
  Serve();
  Client client = Connect();
  client.Send(Get("/broken?4000000"));
  EXPECT_LT(client.Receive().size(), 4'000'000u);
  EXPECT_TRUE(client.Ended());
  EXPECT_THAT(Connect().Ask(Get("/broken?1000")), StartsWith("HTTP/1.1 500"));
}

TEST_F(ServerTest, SaysContinueWhenTheBodyIsWanted) {
  Serve();
  for (const std::uint64_t size : {1000ull, 2'000'000ull}) {
    const std::string head =
        "PUT /count HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
    Client client = Connect();
    EXPECT_EQ(client.Ask(head), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_THAT(client.Ask(Pattern::Text(size)), testing::EndsWith(std::to_string(size)));
  }
  Client refused = Connect();
  EXPECT_THAT(refused.Ask("PUT /refuse HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n"),
              StartsWith("HTTP/1.1 403"));
}

TEST_F(ServerTest, AnAnswerBeforeTheBodyWasReadReachesAClientThatGoesOnSending) {
  Serve();
  Client client = Connect();
  client.Send("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 8000000\r\n\r\n" + std::string(8'000'000, 'x'));
  const std::string answer = client.Answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_TRUE(client.Ended());
}

TEST_F(ServerTest, StreamsBeyondTheLimitWaitOrAreRefused) {
  Limits limits;
  limits.streams_max = 2;
  limits.waiting_streams_max = 1;
  Serve(limits);
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(Connect());
    clients.back().Send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n");
    for (int tries = 0; tries < 1000 && server_->counts().requests <= clients.size() - 1; ++tries)
      std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_THAT(Connect().Ask("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\n"), StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(Connect().Ask(Get("/small")), StartsWith("HTTP/1.1 200"));
  for (Client& client : clients) EXPECT_THAT(client.Ask(Pattern::Text(2'000'000)), StartsWith("HTTP/1.1 200"));
}

TEST_F(ServerTest, StopFinishesWhatIsUnderWay) {
  Serve();
  Client busy = Connect(), idle = Connect(), fresh = Connect();
  EXPECT_THAT(idle.Ask(Get("/")), StartsWith("HTTP/1.1 200"));
  busy.Send(Get("/slow"));
  std::this_thread::sleep_for(milliseconds(100));
  const auto start = std::chrono::steady_clock::now();
  server_->Stop(5000);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(2000));
  const std::string answer = busy.Answer();
  EXPECT_THAT(answer, HasSubstr("GET /slow"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_TRUE(idle.Ended());
  EXPECT_TRUE(fresh.Ended());
}

TEST_F(ServerTest, StopCutsWhatDoesNotEnd) {
  Serve();
  Client upload = Connect(), download = Connect();
  upload.Send("PUT /count HTTP/1.1\r\nHost: h\r\nContent-Length: 2000000\r\n\r\nabc");
  download.Send(Get("/large?500000000"));
  std::this_thread::sleep_for(milliseconds(100));
  const auto start = std::chrono::steady_clock::now();
  server_->Stop(200);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds(3000));
  EXPECT_TRUE(upload.Ended());
}

TEST_F(ServerTest, ListenTellsWhatIsWrong) {
  Serve();
  Server other(clock_);
  const auto handler = [](Request&) { return Response(); };
  EXPECT_EQ(other.Listen({"127.0.0.1", port_, "", ""}, handler).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(other.Listen({"nowhere", 0, "", ""}, handler).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(other.Listen({"127.0.0.1", 0, "/no/such.pem", "/no/such.key"}, handler).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(other.Listen({"127.0.0.1", 0, "/no/such.pem", ""}, handler).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ServerTest, TellsWhereARequestComesFrom) {
  Server server(clock_);
  std::string address;
  const auto port = server.Listen({}, [&](Request& request) {
    address = request.remote_address + (request.loopback ? " loopback" : "") + (request.tls ? " tls" : "");
    return Response();
  });
  server.Start();
  Client(*port).Ask(Get("/"));
  server.Stop(1000);
  EXPECT_EQ(address, "127.0.0.1 loopback");
}

}  // namespace
}  // namespace hanse::http
