#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "blob/blobs.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "objects/changes.h"
#include "objects/needs.h"
#include "objects/objects.h"

// Objects for the work inside the server (crawlers, queries): the same decisions and records as at the door, by whoever the work
// is done for. server/ makes the Context of that role or caller and runs these through the gate. To write, run PutObject with a
// TextSource as its body.
namespace hanse::objects {

// An object as a worker gets it: its sealed file and the data key of that file alone (crypto/chunked.h reads it).
struct OpenedObject {
  std::shared_ptr<blob::Reader> reader;  // Keeps the file open; reader->sealed_fd() is -1 where the store has no files.
  crypto::Key key;
  std::uint64_t size = 0;
  std::string etag;     // Quoted.
  std::string version;  // "null" in a bucket without versioning.
  TimeMs modified_ms = 0;
};

// Opens objects of one bucket, all or none; needs s3:GetObject on each. Answers in the order of the keys.
struct OpenObjects {
  static constexpr gate::Rule kRule{"s3", "GetObject", gate::Record::kRead, "Data"};
  static constexpr std::size_t kKeysMax = 1000;
  using Answer = std::vector<OpenedObject>;
  std::string bucket;
  std::vector<std::string> keys;
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

struct ListedObject {
  std::string key, etag;
  std::uint64_t size = 0;
  TimeMs modified_ms = 0;
};

// All keys under a prefix, in order, at most `limit` (kLimitExceeded beyond: a part of a list is no list); needs s3:ListBucket.
struct ListPrefix {
  static constexpr gate::Rule kRule{"s3", "ListObjectsV2", gate::Record::kRead};
  using Answer = std::vector<ListedObject>;
  std::string bucket, prefix;
  std::size_t limit = 1'000'000;
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

// All keys under any of the prefixes, in order, each once; at most `limit`, as above. Needs s3:ListBucket with each of the
// prefixes: all or none.
struct ListPrefixes {
  static constexpr gate::Rule kRule{"s3", "ListObjectsV2", gate::Record::kRead};
  static constexpr std::size_t kPrefixesMax = 1000;
  using Answer = std::vector<ListedObject>;
  std::string bucket;
  std::vector<std::string> prefixes;
  std::size_t limit = 1'000'000;
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

// Any thread.
class Inside {
 public:
  explicit Inside(Parts parts) : parts_(std::move(parts)) {}
  Result<std::vector<OpenedObject>> Do(const gate::Authorized<OpenObjects>& call);
  Result<std::vector<ListedObject>> Do(const gate::Authorized<ListPrefix>& call);
  Result<std::vector<ListedObject>> Do(const gate::Authorized<ListPrefixes>& call);
  Result<ChangedFolders::Answer> Do(const gate::Authorized<ChangedFolders>& call);

 private:
  Parts parts_;
};

// A text as a body.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::optional<std::uint64_t> size() const override { return text_.size(); }
  Result<std::size_t> Read(std::span<char> into) override;

 private:
  const std::string text_;
  std::size_t at_ = 0;
};

}  // namespace hanse::objects
