#include <map>

#include "duckdb/common/file_system.hpp"
#include "engine/file_writer.h"
#include "engine/orc_column_out.h"

namespace hanse::engine {

using duckdb::idx_t;
using orc::FileOut;

namespace {

// Of a stripe before it is compressed: as writers have it, and less where many files are under way at once.
constexpr std::uint64_t kStripeBytes = 32 << 20, kStripeBytesOfMany = 2 << 20;
constexpr idx_t kStripeRowsMax = 1'000'000;  // OrcRows may be NULL throughout.

class OrcWriter final : public FileWriter {
 public:
  OrcWriter(duckdb::ClientContext& context, const std::vector<OutputColumn>& columns, orc::Codec codec, std::uint64_t stripe_bytes,
            const std::string& path)
      : file_(duckdb::FileSystem::GetFileSystem(context).OpenFile(path, duckdb::FileFlags::FILE_FLAGS_WRITE)),
        stripe_bytes_(stripe_bytes) {
    std::vector<orc::Type> types(1);
    for (const OutputColumn& column : columns) {
      types[0].children.push_back(static_cast<std::uint32_t>(types.size()));
      types[0].names.push_back(column.source.name);
      columns_.push_back(MakeOrcColumnOut(column.type, &types));
    }
    out_ = std::make_unique<FileOut>(
        std::move(types), codec, [this](std::string_view bytes) { file_->Write(const_cast<char*>(bytes.data()), bytes.size()); });
  }

  void Write(duckdb::DataChunk& chunk) override {
    OrcRows rows(chunk.size());
    for (idx_t i = 0; i < rows.size(); ++i) rows[i] = i;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns_[i]->Put(chunk.data[i], chunk.size(), rows);
      bytes += columns_[i]->bytes();
    }
    stripe_rows_ += chunk.size();
    rows_ += chunk.size();
    if (bytes >= stripe_bytes_ || stripe_rows_ >= kStripeRowsMax) EndStripe();
  }

  void Finish() override {
    if (stripe_rows_ > 0) EndStripe();
    std::vector<FileOut::Counts> counts{{.values = rows_, .nulls = false}};
    for (const auto& column : columns_) column->Count(&counts);
    out_->Finish(counts);
    file_->Close();
  }

 private:
  void EndStripe() {
    std::vector<FileOut::Piece> pieces;
    for (const auto& column : columns_) column->Take(&pieces);
    out_->Stripe(stripe_rows_, std::move(pieces));
    stripe_rows_ = 0;
  }

  duckdb::unique_ptr<duckdb::FileHandle> file_;
  const std::uint64_t stripe_bytes_;
  std::vector<std::unique_ptr<OrcColumnOut>> columns_;
  std::unique_ptr<FileOut> out_;
  idx_t stripe_rows_ = 0, rows_ = 0;
};

class OrcFormat final : public FileFormat {
 public:
  OrcFormat(duckdb::ClientContext& context, const OutputPlan& plan, std::vector<OutputColumn> columns)
      : context_(context), columns_(std::move(columns)), stripe_bytes_(plan.keys.empty() ? kStripeBytes : kStripeBytesOfMany) {
    static const std::map<std::string, orc::Codec> kCodecs = {{"zlib", orc::Codec::kZlib},
                                                              {"snappy", orc::Codec::kSnappy},
                                                              {"lz4", orc::Codec::kLz4},
                                                              {"zstd", orc::Codec::kZstd},
                                                              {"none", orc::Codec::kNone}};
    auto found = kCodecs.find(plan.compression);
    if (found == kCodecs.end()) throw duckdb::InvalidInputException("NOT_SUPPORTED: ORC is not written with %s", plan.compression);
    codec_ = found->second;
  }
  std::unique_ptr<FileWriter> Begin(const std::string& path) override {
    return std::make_unique<OrcWriter>(context_, columns_, codec_, stripe_bytes_, path);
  }

 private:
  duckdb::ClientContext& context_;
  const std::vector<OutputColumn> columns_;
  const std::uint64_t stripe_bytes_;
  orc::Codec codec_ = orc::Codec::kNone;
};

}  // namespace

std::unique_ptr<FileFormat> MakeOrcFormat(duckdb::ClientContext& context, const OutputPlan& plan,
                                          const std::vector<OutputColumn>& columns) {
  return std::make_unique<OrcFormat>(context, plan, columns);
}

}  // namespace hanse::engine
