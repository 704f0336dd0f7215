#include "demo/server_process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace hanse::demo {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

// Three ports that nobody listens on now.
std::vector<int> FreePorts() {
  std::vector<int> sockets, ports;
  for (int i = 0; i < 3; ++i) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof address;
    if (bind(s, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
      ports.push_back(ntohs(address.sin_port));
    }
    sockets.push_back(s);
  }
  for (int s : sockets) close(s);
  return ports;
}

bool Listens(int port) {
  int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(port);
  bool connected = connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(s);
  return connected;
}

// Whether the file has the text: DIR/config names the listener last, when the server is ready.
bool Names(const std::string& path, const std::string& text) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str().find(text) != std::string::npos;
}

[[noreturn]] void Become(const std::vector<std::string>& arguments, const std::string& log) {
  int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(out, 1);
  dup2(out, 2);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  // The program `hanse` beside this one: hanse itself, or hanse-bench.
  std::error_code error;
  std::filesystem::path hanse = std::filesystem::read_symlink("/proc/self/exe", error).replace_filename("hanse");
  execv(hanse.c_str(), argv.data());
  _exit(127);
}

}  // namespace

Result<std::unique_ptr<ServerProcess>> ServerProcess::Start(const std::string& directory) {
  std::vector<int> ports = FreePorts();
  if (ports.size() != 3) return Fail(ErrorCode::kUnavailable, "no free ports on 127.0.0.1");
  auto at = [&](int i) { return fmt::format("127.0.0.1:{}", ports[static_cast<std::size_t>(i)]); };
  std::vector<std::string> arguments = {"hanse", "serve",           "--data", directory,     "--listen",
                                        at(0),   "--portal-listen", at(1),    "--pg-listen", at(2)};
  std::string log = directory + ".log";
  pid_t pid = fork();
  if (pid < 0) return Fail(ErrorCode::kUnavailable, "cannot start another process");
  if (pid == 0) Become(arguments, log);
  std::unique_ptr<ServerProcess> process(new ServerProcess(pid));
  for (int turn = 0; turn < 1500; ++turn) {
    if (Listens(ports[0]) && Names(directory + "/config", at(0)) && std::filesystem::exists(directory + "/credentials"))
      return process;
    if (waitpid(pid, nullptr, WNOHANG) == pid) {
      process->stays_ = true;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return Fail(ErrorCode::kUnavailable, fmt::format("the server did not start: see {}", log));
}

ServerProcess::~ServerProcess() {
  if (stays_) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

}  // namespace hanse::demo
