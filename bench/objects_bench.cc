// 4 KiB objects over HTTP: durable PUT and GET per second with several signed clients, and GET of the same bytes from nginx on the
// same machine by the same load generator (unsigned, as nginx knows no signatures), in one run.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/running_server.h"
#include "client/signing.h"

namespace hanse::bench {
namespace {

constexpr int kClients = 8, kObjects = 2'000;
constexpr double kGetSeconds = 4;

Result<client::HttpResponse> Send(client::Connection& connection, const client::Profile& profile, const Clock& clock,
                                  client::HttpRequest request) {
  request.headers.emplace_back("Host", connection.host());
  client::Sign(profile, "s3", clock.NowMs(), &request);
  return connection.Send(request);
}

// Runs `work(client)` on every client's thread; false where one failed.
template <class Work>
bool OnAllClients(Work work) {
  std::atomic<bool> good = true;
  std::vector<std::thread> threads;
  for (int i = 0; i < kClients; ++i) {
    threads.emplace_back([&, i] {
      if (!work(i)) good = false;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return good;
}

// GETs per second of `request_of(client, turn)` for a fixed time.
template <class RequestOf>
Result<double> GetsPerSecond(const std::string& endpoint, RequestOf request_of) {
  std::atomic<std::int64_t> done = 0;
  auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(kGetSeconds);
  bool good = OnAllClients([&](int client) {
    auto connection = client::Connection::To(endpoint);
    if (!connection) return false;
    for (int turn = 0; std::chrono::steady_clock::now() < end; ++turn, ++done) {
      auto response = (*connection)->Send(request_of(**connection, client, turn));
      if (!response || response->status != 200 || response->body.size() != 4096) return false;
    }
    return true;
  });
  if (!good) return Fail(ErrorCode::kInternal, "a GET failed at " + endpoint);
  return static_cast<double>(done) / kGetSeconds;
}

// nginx over one folder, on a port of its own.
class Nginx {
 public:
  static Result<std::unique_ptr<Nginx>> Start(const std::string& folder, int port) {
    std::filesystem::create_directories(folder + "/www");
    std::ofstream(folder + "/nginx.conf") << fmt::format(
        "daemon off; user root; worker_processes 2; pid {0}/nginx.pid; error_log {0}/error.log;\nevents {{ worker_connections 256; "
        "}}\n"
        "http {{ access_log off; sendfile on; tcp_nopush off; keepalive_requests 1000000000; client_body_temp_path {0}/t1; "
        "proxy_temp_path {0}/t2; fastcgi_temp_path {0}/t3; uwsgi_temp_path {0}/t4; scgi_temp_path {0}/t5;\n"
        "server {{ listen 127.0.0.1:{1}; root {0}/www; }} }}\n",
        folder, port);
    pid_t pid = fork();
    if (pid == 0) {
      execlp("nginx", "nginx", "-p", folder.c_str(), "-c", (folder + "/nginx.conf").c_str(), nullptr);
      _exit(127);
    }
    auto endpoint = fmt::format("http://127.0.0.1:{}", port);
    for (int turn = 0; turn < 100; ++turn) {
      TRY_ASSIGN(auto probe, client::Connection::To(endpoint));
      if (probe->Send({"GET", "/", {{"Host", "bench"}}, {}})) return std::unique_ptr<Nginx>(new Nginx(pid));
      if (waitpid(pid, nullptr, WNOHANG) == pid) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(30));
    }
    return Fail(ErrorCode::kUnavailable, "nginx is needed as the reference: install the Debian package nginx-light");
  }
  ~Nginx() {
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
  }

 private:
  explicit Nginx(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace

Result<Metrics> Objects() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  TRY_ASSIGN(auto admin, server->Management());
  TRY_ASSIGN(client::Profile profile, server->ManagementProfile());
  TRY(admin->CreateBucket("bench-objects"));
  std::string body(4096, 'x');
  bool stored = true;
  double put_seconds = Seconds([&] {
    stored = OnAllClients([&](int client) {
      auto connection = client::Connection::To(profile.endpoint_url);
      if (!connection) return false;
      for (int i = 0; i < kObjects / kClients; ++i) {
        auto put = Send(**connection, profile, server->clock(), {"PUT", fmt::format("/bench-objects/{}/{}", client, i), {}, body});
        if (!put || put->status != 200) return false;
      }
      return true;
    });
  });
  if (!stored) return Fail(ErrorCode::kInternal, "a PUT failed");
  auto signed_get = [&](client::Connection& connection, int client, int turn) {
    client::HttpRequest request{"GET", fmt::format("/bench-objects/{}/{}", client, turn % (kObjects / kClients)), {}, {}};
    request.headers.emplace_back("Host", connection.host());
    client::Sign(profile, "s3", server->clock().NowMs(), &request);
    return request;
  };
  TRY_ASSIGN(double ours, GetsPerSecond(profile.endpoint_url, signed_get));

  std::string folder = server->data() + ".nginx";
  int port = 20'000 + static_cast<int>(getpid() % 20'000);
  std::filesystem::create_directories(folder + "/www");
  std::ofstream(folder + "/www/object") << body;
  TRY_ASSIGN(auto nginx, Nginx::Start(folder, port));
  TRY_ASSIGN(double theirs, GetsPerSecond(fmt::format("http://127.0.0.1:{}", port), [](client::Connection&, int, int) {
               return client::HttpRequest{"GET", "/object", {{"Host", "bench"}}, {}};
             }));
  return Metrics{{"puts_per_s", kObjects / put_seconds},
                 {"gets_per_s", ours},
                 {"nginx_gets_per_s", theirs},
                 {"get_ratio_to_nginx", ours / theirs}};
}

}  // namespace hanse::bench
