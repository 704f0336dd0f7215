#pragma once
#include <arpa/inet.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace hanse {

// A PostgreSQL of a test program's own, in a temporary folder. It does not run as root. By a socket in that folder the user hanse
// is believed; by TCP on 127.0.0.1, where that is wanted, everybody says a password.
class TestPostgres {
 public:
  enum class Listens { kSocket, kTcp };
  explicit TestPostgres(Listens listens = Listens::kSocket) {
    std::string name = "/tmp/hanse-postgres-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    if (!std::filesystem::exists(std::string(kPrograms) + "/initdb")) {
      missing_ = "PostgreSQL 15 is not installed";
      return;
    }
    if (::geteuid() == 0) {
      const struct passwd* user = ::getpwnam("postgres");
      if (!user || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
        missing_ = "there is no user postgres to run PostgreSQL as";
        return;
      }
      as_ = fmt::format("setpriv --reuid={} --regid={} --clear-groups ", user->pw_uid, user->pw_gid);
    }
    std::string address = "''";
    if (listens == Listens::kTcp) {
      port_ = FreePort();
      address = fmt::format("127.0.0.1 -p {}", port_);
    } else {
      port_ = 5432;
    }
    if (Run(fmt::format("initdb -D {}/data -U hanse -A trust -E UTF8 --locale=C --no-sync", folder_)) != 0) {
      missing_ = "PostgreSQL cannot be set up here";
      return;
    }
    if (listens == Listens::kTcp) {
      std::ofstream(folder_ + "/data/pg_hba.conf") << "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n";
    }
    started_ = Start(address);
    if (!started_) missing_ = "PostgreSQL does not start here";
  }
  ~TestPostgres() {
    if (started_) Run(fmt::format("pg_ctl -D {}/data -m immediate stop", folder_));
    std::filesystem::remove_all(folder_);
  }
  TestPostgres(const TestPostgres&) = delete;
  TestPostgres& operator=(const TestPostgres&) = delete;

  // Why it cannot run here; empty: it runs.
  const std::string& missing() const { return missing_; }
  int port() const { return port_; }
  std::string Address(const std::string& database) const { return fmt::format("host={} dbname={} user=hanse", folder_, database); }
  // Whether it went well.
  bool Sql(const std::string& sql, const std::string& database = "postgres") {
    std::ofstream(folder_ + "/statement.sql") << sql;
    return Run(fmt::format("psql -q -v ON_ERROR_STOP=1 -h {0} -p {1} -U hanse -d {2} -f {0}/statement.sql", folder_, port_,
                           database)) == 0;
  }

 private:
  static constexpr std::string_view kPrograms = "/usr/lib/postgresql/15/bin";

  static int FreePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(fd);
    return bound ? ntohs(address.sin_port) : 0;
  }
  bool Start(const std::string& address) {
    return Run(fmt::format("pg_ctl -D {0}/data -w -l {0}/log -o \"-k {0} -c listen_addresses={1} -c fsync=off\" start", folder_,
                           address)) == 0;
  }
  int Run(const std::string& command) {
    return std::system(fmt::format("cd {} && {}{}/{} >/dev/null 2>&1", folder_, as_, kPrograms, command).c_str());
  }

  std::string folder_, as_, missing_;
  int port_ = 0;
  bool started_ = false;
};

}  // namespace hanse
