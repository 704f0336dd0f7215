// GetTable over HTTP with SigV4, one client on one connection, at 100,000 tables of 30 columns: from the first byte of a request
// that is signed already to the last of its answer. Beside it, in turns, the floor: as many bytes both ways between two threads,
// over a loopback connection. The tables past the first are copies of its rows, laid into the store while the server is stopped:
// what is measured is reading, not 100,000 creations.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/running_server.h"
#include "client/signing.h"
#include "store/sqlite/sqlite_store.h"
#include "wire/glue.h"
#include "wire/json.h"
#include "wire/lakeformation.h"

namespace hanse::bench {
namespace {

namespace glue = wire::glue;

constexpr int kTables = 100'000, kColumns = 30, kReads = 20'000, kWarm = 1'000;
constexpr std::size_t kHeadBytes = 600;  // Of a signed request, about; of an answer less.

glue::TableInput FirstTable() {
  std::vector<glue::Column> columns;
  for (int i = 0; i < kColumns; ++i) columns.push_back({.name = fmt::format("column_{}", i), .type = i % 2 ? "bigint" : "string"});
  glue::StorageDescriptor storage{
      .columns = columns,
      .location = "s3://nowhere/t/",
      .input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      .output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      .serde_info = glue::SerDeInfo{.serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}};
  return {
      .name = "t_0", .storage_descriptor = storage, .partition_keys = std::vector<glue::Column>{}, .table_type = "EXTERNAL_TABLE"};
}

Result<void> CopyTables(const std::string& data) {
  TRY_ASSIGN(auto store, store::SqliteStore::Open(data + "/hanse.db"));
  TRY_ASSIGN(auto tx, store->BeginWrite());
  TRY_ASSIGN(store::Row first, tx->One("SELECT id FROM catalog_tables WHERE name = 't_0'"));
  TRY_ASSIGN(store::Row last,
             tx->One("UPDATE counters SET value = value + ? WHERE name = 'id' RETURNING value", {std::int64_t{kTables}}));
  std::int64_t base = last.Int(0) - kTables;
  for (std::int64_t i = 1; i < kTables; ++i) {
    TRY(tx->Execute("INSERT INTO things (id, kind) VALUES (?, 'table')", {base + i}));
    TRY(tx->Execute(
        "INSERT INTO catalog_tables SELECT ?, database_id, account, region, database_name, ?, location, columns, keys, "
        "target_account, target_database, target_table, target_region, version, definition FROM catalog_tables WHERE id = ?",
        {base + i, fmt::format("t_{}", i), first.Int(0)}));
  }
  return tx->Commit();
}

// Of all threads of a process, so far.
double CpuMicroseconds(pid_t pid) {
  clockid_t clock{};
  timespec spent{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &spent) != 0) return 0;
  return static_cast<double>(spent.tv_sec) * 1e6 + static_cast<double>(spent.tv_nsec) / 1e3;
}

double MicrosecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

// A thread that answers `request_bytes` with `answer_bytes`, over TCP on loopback.
class Echo {
 public:
  static Result<std::unique_ptr<Echo>> Start(std::size_t request_bytes, std::size_t answer_bytes) {
    const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
    socklen_t size = sizeof address;
    auto* where = reinterpret_cast<sockaddr*>(&address);
    std::unique_ptr<Echo> echo(new Echo(request_bytes, answer_bytes));
    echo->client_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::bind(listener.get(), where, size) != 0 || ::listen(listener.get(), 1) != 0 ||
        ::getsockname(listener.get(), where, &size) != 0 || ::connect(echo->client_.get(), where, size) != 0) {
      return Fail(ErrorCode::kUnavailable, "no loopback connection");
    }
    echo->server_.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const int on = 1;
    for (int end : {echo->client_.get(), echo->server_.get()}) ::setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    echo->thread_ = std::thread([raw = echo.get()] {
      while (Take(raw->server_.get(), raw->request_bytes_) && Give(raw->server_.get(), raw->answer_bytes_)) {
      }
    });
    return echo;
  }
  ~Echo() {
    ::shutdown(client_.get(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
  }

  Result<void> Turn() {
    if (Give(client_.get(), request_bytes_) && Take(client_.get(), answer_bytes_)) return {};
    return Fail(ErrorCode::kUnavailable, "the loopback connection broke");
  }

 private:
  class Descriptor {
   public:
    explicit Descriptor(int number = -1) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    ~Descriptor() { reset(-1); }
    void reset(int number) {
      if (number_ >= 0) ::close(number_);
      number_ = number;
    }
    int get() const { return number_; }

   private:
    int number_;
  };

  Echo(std::size_t request_bytes, std::size_t answer_bytes) : request_bytes_(request_bytes), answer_bytes_(answer_bytes) {}

  static bool Give(int to, std::size_t bytes) {
    const std::string text(bytes, 'x');
    return ::send(to, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes);
  }
  static bool Take(int from, std::size_t bytes) {
    std::string text(bytes, ' ');
    return ::recv(from, text.data(), text.size(), MSG_WAITALL) == static_cast<ssize_t>(bytes);
  }

  const std::size_t request_bytes_, answer_bytes_;
  Descriptor client_, server_;
  std::thread thread_;
};

}  // namespace

Result<Metrics> Catalog() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  {
    TRY_ASSIGN(auto admin, server->Management());
    // A data lake administrator may describe every table: the copies have no grants of their own.
    namespace lf = wire::lakeformation;
    TRY_ASSIGN(auto identity, admin->Form("sts", "GetCallerIdentity", {}));
    lf::DataLakeSettings settings{.data_lake_admins = {{lf::DataLakePrincipal{.data_lake_principal_identifier = identity["Arn"]}}}};
    TRY(admin->Call<lf::op::PutDataLakeSettings>({.data_lake_settings = settings}));
    TRY(admin->Call<glue::op::CreateDatabase>({.database_input = glue::DatabaseInput{.name = "bench"}}));
    TRY(admin->Call<glue::op::CreateTable>({.database_name = "bench", .table_input = FirstTable()}));
  }
  TRY(server->Stop());
  TRY(CopyTables(server->data()));
  TRY(server->StartAgain());
  TRY_ASSIGN(client::Profile profile, server->ManagementProfile());
  TRY_ASSIGN(auto connection, client::Connection::To(profile.endpoint_url));
  auto request_for = [&](int turn) {
    std::string name = fmt::format("t_{}", (static_cast<std::int64_t>(turn) * 7919) % kTables);
    client::HttpRequest request{"POST", "/", {}, wire::ToJson(glue::GetTableRequest{.database_name = "bench", .name = name})};
    request.headers = {
        {"Host", connection->host()}, {"X-Amz-Target", "AWSGlue.GetTable"}, {"Content-Type", "application/x-amz-json-1.1"}};
    client::Sign(profile, "glue", server->clock().NowMs(), &request);
    return std::pair(std::move(name), std::move(request));
  };
  std::vector<double> samples, floor;
  std::unique_ptr<Echo> echo;
  double cpu = 0;
  for (int i = 0; i < kReads; ++i) {
    auto [name, request] = request_for(i);
    if (i == kWarm) cpu = CpuMicroseconds(server->pid());
    auto start = std::chrono::steady_clock::now();
    TRY_ASSIGN(client::HttpResponse response, connection->Send(request));
    samples.push_back(MicrosecondsSince(start));
    if (response.status != 200 || !response.body.contains(fmt::format("\"{}\"", name))) {
      return Fail(ErrorCode::kInternal, "GetTable answered something else: " + response.body.substr(0, 200));
    }
    if (i < kWarm) continue;
    if (!echo) {
      TRY_ASSIGN(echo, Echo::Start(request.body.size() + kHeadBytes, response.body.size() + kHeadBytes));
    }
    start = std::chrono::steady_clock::now();
    TRY(echo->Turn());
    floor.push_back(MicrosecondsSince(start));
  }
  cpu = CpuMicroseconds(server->pid()) - cpu;
  samples.erase(samples.begin(), samples.begin() + kWarm);
  return Metrics{{"tables", kTables},
                 {"p50_us", Percentile(samples, 0.5)},
                 {"p99_us", Percentile(samples, 0.99)},
                 {"server_cpu_us", cpu / (kReads - kWarm)},
                 {"floor_p50_us", Percentile(floor, 0.5)},
                 {"floor_p99_us", Percentile(floor, 0.99)}};
}

}  // namespace hanse::bench
