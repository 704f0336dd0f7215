#include "orc/file_out.h"

#include "orc/write_runs.h"

namespace hanse::orc {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;
constexpr std::uint64_t kWriterVersion = 6;  // Of ORC-135: statistics and timestamps without the old writers' mistakes.

// A message of protocol buffers.
class Message {
 public:
  Message& Number(std::uint32_t field, std::uint64_t value) {
    AppendVarint(field << 3, &bytes_);
    AppendVarint(value, &bytes_);
    return *this;
  }
  Message& Bytes(std::uint32_t field, std::string_view bytes) {
    AppendVarint((field << 3) | 2, &bytes_);
    AppendVarint(bytes.size(), &bytes_);
    bytes_ += bytes;
    return *this;
  }
  template <class Numbers>
  Message& Packed(std::uint32_t field, const Numbers& numbers) {
    std::string packed;
    for (auto number : numbers) AppendVarint(number, &packed);
    return numbers.empty() ? *this : Bytes(field, packed);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

Message MessageOf(const Type& type) {
  Message message;
  message.Number(1, static_cast<std::uint64_t>(type.kind)).Packed(2, type.children);
  for (const std::string& name : type.names) message.Bytes(3, name);
  if (type.kind == Kind::kDecimal) message.Number(5, type.precision).Number(6, type.scale);
  return message;
}

// Whether its values are whole numbers in runs, or have lengths in runs.
bool HasRuns(Kind kind) {
  return kind != Kind::kStruct && kind != Kind::kBoolean && kind != Kind::kByte && kind != Kind::kFloat && kind != Kind::kDouble;
}

}  // namespace

FileOut::FileOut(std::vector<Type> types, Codec codec, Sink sink)
    : types_(std::move(types)), codec_(codec), sink_(std::move(sink)) {
  Put(kMagic);
}

void FileOut::Put(std::string_view bytes) {
  sink_(bytes);
  offset_ += bytes.size();
}

std::string FileOut::Compressed(std::string_view bytes) const { return CompressAll(codec_, bytes, kBlockBytes); }

void FileOut::Stripe(std::uint64_t rows, std::vector<Piece> pieces) {
  orc::Stripe stripe{.offset = offset_, .rows = rows};
  Message footer;
  for (const Piece& piece : pieces) {
    const std::string bytes = Compressed(piece.bytes);
    if (bytes.empty()) continue;
    Put(bytes);
    stripe.data_bytes += bytes.size();
    footer.Bytes(
        1, Message().Number(1, static_cast<std::uint64_t>(piece.kind)).Number(2, piece.column).Number(3, bytes.size()).bytes());
  }
  for (const Type& type : types_) footer.Bytes(2, Message().Number(1, HasRuns(type.kind) ? 2 : 0).bytes());
  footer.Bytes(3, "UTC");
  const std::string bytes = Compressed(footer.bytes());
  Put(bytes);
  stripe.footer_bytes = bytes.size();
  stripes_.push_back(stripe);
}

void FileOut::Finish(const std::vector<Counts>& counts) {
  Message footer;
  std::uint64_t rows = 0;
  footer.Number(1, kMagic.size()).Number(2, offset_ - kMagic.size());
  for (const orc::Stripe& stripe : stripes_) {
    rows += stripe.rows;
    footer.Bytes(3, Message()
                        .Number(1, stripe.offset)
                        .Number(2, stripe.index_bytes)
                        .Number(3, stripe.data_bytes)
                        .Number(4, stripe.footer_bytes)
                        .Number(5, stripe.rows)
                        .bytes());
  }
  for (const Type& type : types_) footer.Bytes(4, MessageOf(type).bytes());
  footer.Number(6, rows);
  for (const Counts& count : counts) footer.Bytes(7, Message().Number(1, count.values).Number(10, count.nulls ? 1 : 0).bytes());
  footer.Number(8, 0);  // No index of rows.
  const std::string bytes = Compressed(footer.bytes());
  Put(bytes);
  Message script;
  script.Number(1, bytes.size()).Number(2, static_cast<std::uint64_t>(codec_)).Number(3, kBlockBytes);
  script.Packed(4, std::vector<std::uint64_t>{0, 12}).Number(5, 0).Number(6, kWriterVersion).Bytes(8000, kMagic);
  Put(script.bytes());
  Put(std::string(1, static_cast<char>(script.bytes().size())));
}

}  // namespace hanse::orc
