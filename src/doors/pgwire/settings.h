#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace hanse::pgwire {

// What SET and SHOW know: PostgreSQL's settings that clients send at their start, which change nothing here but where `search_path`
// gives the database of unqualified names, `statement_timeout` the time of a statement, `idle_session_timeout` that of silence and
// `hanse.workgroup` the workgroup. One thread.
class Settings {
 public:
  Settings();

  // kNotFound for a setting that nobody has, kInvalidArgument for a value that cannot be. A value that the client must be told is
  // noted for TakeChanged().
  Result<void> Set(const std::string& name, const std::string& value);
  void Reset(const std::string& name);  // To the session's own first value; empty: all.
  Result<std::string> Show(const std::string& name) const;
  // From here on the values are what Reset() goes back to.
  void Started() {
    first_ = values_;
    changed_.clear();
  }

  // Settings that a client is told of whenever they change, with their values (protocols.md 6.1).
  std::vector<std::pair<std::string, std::string>> Reported() const;
  std::vector<std::pair<std::string, std::string>> TakeChanged();
  const std::map<std::string, std::string>& values() const { return values_; }

  std::string database() const;      // The first name of search_path that may be a database; empty: none.
  std::uint64_t timeout_ms() const;  // 0: none.
  // How long the client may be silent: as `idle_session_timeout` says, never beyond `most`.
  std::uint64_t idle_ms(std::uint64_t most) const;

 private:
  std::map<std::string, std::string> values_, first_;  // By lower-case name.
  std::set<std::string> changed_;
};

}  // namespace hanse::pgwire
