#include "engine/output_files.h"

#include <fmt/format.h>

#include <charconv>

#include "duckdb/common/file_opener.hpp"
#include "engine/codec.h"
#include "engine/session.h"

namespace hanse::engine {

namespace {

constexpr std::string_view kOutputScheme = "hanse://out/";
constexpr std::size_t kPieceBytes = 1 << 20;

struct OutputHandle final : duckdb::FileHandle {
  OutputHandle(duckdb::FileSystem& files, const std::string& path, duckdb::FileOpenFlags flags, duckdb::shared_ptr<Session> session,
               std::uint64_t file)
      : FileHandle(files, path, flags), session(std::move(session)), file(file) {
    Begin();
  }
  // What a failed query left unsent is of no use to anybody.
  void Close() override {
    if (piece.size() > sizeof file) Send();
  }

  void Begin() {
    Encoder number;
    number.Number(file);
    piece = number.Take();
  }
  void Send() {
    auto sent = session->server.Send(MessageType::kFileBytes, piece);
    if (!sent) throw duckdb::IOException("%s", sent.error().message);
    Begin();
  }

  duckdb::shared_ptr<Session> session;
  const std::uint64_t file;
  std::string piece;  // The message that is being filled: the file's number, then bytes.
  std::uint64_t size = 0;
};

}  // namespace

std::string OutputPath(const std::string& nonce, std::uint64_t file) { return fmt::format("{}{}/{}", kOutputScheme, nonce, file); }

bool IsOutputPath(const std::string& path) { return path.starts_with(kOutputScheme); }

bool OutputFiles::CanHandleFile(const std::string& path) { return IsOutputPath(path); }

duckdb::unique_ptr<duckdb::FileHandle> OutputFiles::OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                             duckdb::optional_ptr<duckdb::FileOpener> opener) {
  auto context = duckdb::FileOpener::TryGetClientContext(opener);
  auto session = context ? Session::Of(*context) : nullptr;
  std::uint64_t file = 0;
  std::string_view number = std::string_view(path).substr(path.rfind('/') + 1);
  auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), file);
  if (!session || !session->job.output || !flags.OpenForWriting() || error != std::errc() || end != number.data() + number.size() ||
      path != OutputPath(session->nonce, file)) {
    throw duckdb::PermissionException("no such object");
  }
  return duckdb::make_uniq<OutputHandle>(*this, path, flags, std::move(session), file);
}

int64_t OutputFiles::Write(duckdb::FileHandle& handle, void* buffer, int64_t bytes) {
  auto& output = handle.Cast<OutputHandle>();
  std::string_view rest(static_cast<const char*>(buffer), static_cast<std::size_t>(bytes));
  output.size += rest.size();
  while (!rest.empty()) {
    std::size_t room = kPieceBytes - std::min(kPieceBytes, output.piece.size());
    output.piece.append(rest.substr(0, room));
    rest.remove_prefix(std::min(room, rest.size()));
    if (output.piece.size() >= kPieceBytes) output.Send();
  }
  return bytes;
}

int64_t OutputFiles::GetFileSize(duckdb::FileHandle& handle) { return static_cast<int64_t>(handle.Cast<OutputHandle>().size); }

duckdb::idx_t OutputFiles::SeekPosition(duckdb::FileHandle& handle) { return handle.Cast<OutputHandle>().size; }

}  // namespace hanse::engine
