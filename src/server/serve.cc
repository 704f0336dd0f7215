#include "server/serve.h"

#include <malloc.h>

#include <csignal>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "doors/aws/door.h"
#include "doors/aws/sigv4_verifier.h"
#include "doors/http/server.h"
#include "doors/pgwire/server.h"
#include "server/directory.h"
#include "server/mesh.h"
#include "server/version.h"
#include "warehouse/address.h"

namespace hanse::server {
namespace {

// Of each of the C library's heaps: what one request frees and the next one needs again is not given back in between.
constexpr int kHeapKeptBytes = 2 << 20;
constexpr int kMappedBytesMin = 1 << 20;

constexpr int kStopDeadlineMs = 8'000;  // Of the ten seconds that SIGTERM may take.

int Refused(const Error& error, int exit_code) {
  fmt::print(stderr, "hanse serve: {}\n", error.message);
  return exit_code;
}

// Waits for SIGTERM or SIGINT, which every thread has blocked since Serve() began.
void WaitForSignal(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  spdlog::info("ending: signal {}", signal);
}

// Of the AWS door, our own service alone: the signed scope names it.
http::Response GovernanceOnly(aws::Door& door, http::Request& request) {
  auto presented = aws::ParsePresented(request);
  if (presented && presented->service == "hanse") return door.Handle(request);
  http::Response response;
  response.status = 404;
  response.body = "Here is the governance API: requests signed for the service hanse.\n";
  return response;
}

Result<void> Run(const ServeOptions& options, const sigset_t& signals) {
  TRY_ASSIGN(Directory directory, Directory::Open(options.data));
  TRY_ASSIGN(auto mesh, Mesh::Open(directory, options));
  http::Server server(mesh->clock());
  TRY_ASSIGN(HostPort address, ParseHostPort("--listen", options.listen));
  http::Endpoint endpoint{address.host, static_cast<std::uint16_t>(address.port), options.tls_cert, options.tls_key};
  TRY_ASSIGN(std::uint16_t port, server.Listen(endpoint, [&](http::Request& request) { return mesh->door().Handle(request); }));
  // Auditors and administrators ask who sees what on the portal's listener too: JSON, signed as everywhere.
  TRY_ASSIGN(HostPort portal, ParseHostPort("--portal-listen", options.portal_listen));
  http::Endpoint portal_endpoint{portal.host, static_cast<std::uint16_t>(portal.port), options.tls_cert, options.tls_key};
  TRY(server.Listen(portal_endpoint, [&](http::Request& request) { return GovernanceOnly(mesh->door(), request); }));
  pgwire::Server postgres(mesh->pgwire());
  TRY_ASSIGN(HostPort pg, ParseHostPort("--pg-listen", options.pg_listen));
  TRY_ASSIGN(std::uint16_t pg_port,
             postgres.Listen({pg.host, static_cast<std::uint16_t>(pg.port), options.tls_cert, options.tls_key}));
  std::string url = fmt::format("{}://{}:{}", options.tls_cert.empty() ? "http" : "https", address.host, port);
  TRY(mesh->Begin(directory, url));
  server.Start();
  postgres.Start();
  spdlog::info("hanse {} listens on {} (AWS APIs), {}:{} (PostgreSQL wire); data in {}", kVersion, url, pg.host, pg_port,
               options.data);
  WaitForSignal(signals);
  postgres.Stop();
  server.Stop(kStopDeadlineMs);
  return {};
}

}  // namespace

int Serve(const ServeOptions& options) {
  if (auto checked = CheckListeners(options); !checked) return Refused(checked.error(), 2);
  if (auto hosts = warehouse::AllowedHosts::Parse(options.warehouses); !hosts) return Refused(hosts.error(), 2);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  mallopt(M_TRIM_THRESHOLD, kHeapKeptBytes);
  mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  auto ran = Run(options, signals);
  if (!ran) return Refused(ran.error(), 1);
  spdlog::info("ended cleanly");
  return 0;
}

}  // namespace hanse::server
