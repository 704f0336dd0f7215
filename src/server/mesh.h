#pragma once
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "server/directory.h"
#include "server/options.h"

namespace hanse::aws {
class Door;
}

namespace hanse::pgwire {
struct Parts;
}

namespace hanse::server {

// Every part of a running server, made in the order of src/modules.txt and ended in the reverse order. One in the process.
class Mesh {
 public:
  // Opens (at first start: makes) everything in the directory, and warms the workers.
  static Result<std::unique_ptr<Mesh>> Open(const Directory& directory, const ServeOptions& options);
  ~Mesh();
  // First start's accounts and files, once it is known where the AWS APIs listen.
  Result<void> Begin(const Directory& directory, const std::string& endpoint_url);
  aws::Door& door();
  const pgwire::Parts& pgwire() const;  // What the PostgreSQL wire is wired to.
  const Clock& clock() const;

 private:
  struct Parts;
  explicit Mesh(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace hanse::server
