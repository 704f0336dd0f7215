#include "engine/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hanse::engine {

namespace {

std::unexpected<Error> Gone() { return Fail(ErrorCode::kUnavailable, "the other side of the worker's channel is gone"); }

// Sends what it can of `first` and `rest`, the descriptor with the first of it. At once, so that who waits for it is woken once.
ssize_t SendSome(int socket, std::string_view first, std::string_view rest, int fd) {
  iovec data[2] = {{const_cast<char*>(first.data()), first.size()}, {const_cast<char*>(rest.data()), rest.size()}};
  msghdr message{};
  message.msg_iov = data;
  message.msg_iovlen = 2;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

// Takes the descriptor out of a received message; closes any but the first.
void TakeDescriptors(msghdr& message, int* fd) {
  for (cmsghdr* head = CMSG_FIRSTHDR(&message); head; head = CMSG_NXTHDR(&message, head)) {
    if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
    std::size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int one = -1;
      std::memcpy(&one, CMSG_DATA(head) + i * sizeof(int), sizeof one);
      if (*fd < 0) {
        *fd = one;
      } else {
        close(one);
      }
    }
  }
}

}  // namespace

Channel::~Channel() {
  if (fd_ >= 0) close(fd_);
}

Result<void> Channel::Send(MessageType type, std::string_view payload, int fd) {
  if (payload.size() > kMessageBytesMax) return Fail(ErrorCode::kLimitExceeded, "a message to or from a worker is too large");
  char head[5];
  std::uint32_t size = static_cast<std::uint32_t>(payload.size());
  std::memcpy(head, &size, sizeof size);
  head[4] = static_cast<char>(type);
  std::string_view first(head, sizeof head);
  while (!first.empty() || !payload.empty()) {
    ssize_t sent = SendSome(fd_, first, payload, fd);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return Gone();
    const std::size_t of_first = std::min(first.size(), static_cast<std::size_t>(sent));
    first.remove_prefix(of_first);
    payload.remove_prefix(static_cast<std::size_t>(sent) - of_first);
    fd = -1;
  }
  return {};
}

Result<void> Channel::ReadAll(char* bytes, std::size_t size, int* fd) {
  while (size > 0) {
    iovec data{bytes, size};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    alignas(cmsghdr) char control[CMSG_SPACE(4 * sizeof(int))];
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = recvmsg(fd_, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Gone();
    TakeDescriptors(message, fd);
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

Result<Message> Channel::Receive(int timeout_ms) {
  if (timeout_ms >= 0) {
    pollfd wait{fd_, POLLIN, 0};
    int ready = poll(&wait, 1, timeout_ms);
    if (ready < 0 && errno != EINTR) return Gone();
    if (ready <= 0) return Fail(ErrorCode::kTimeout, "no message yet");
  }
  Message message;
  char head[5];
  auto read = ReadAll(head, sizeof head, &message.fd);
  if (read) {
    std::uint32_t size = 0;
    std::memcpy(&size, head, sizeof size);
    auto type = static_cast<std::uint8_t>(head[4]);
    if (size > kMessageBytesMax || type >= kMessageTypes) {
      read = Fail(ErrorCode::kInternal, "a message of a worker does not parse");
    } else {
      message.type = static_cast<MessageType>(type);
      message.payload.resize(size);
      read = ReadAll(message.payload.data(), size, &message.fd);
    }
  }
  if (!read) {
    if (message.fd >= 0) close(message.fd);
    return std::unexpected(std::move(read).error());
  }
  return message;
}

}  // namespace hanse::engine
