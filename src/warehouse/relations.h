#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "warehouse/session.h"

namespace hanse::warehouse {

// A table or view that the connection's user may read, and of its columns those.
struct Relation {
  std::string schema, name;
  bool view = false;
  std::int64_t rows = -1, bytes = -1;  // As the warehouse last estimated them; negative: it has not.
  struct Column {
    std::string name;
    std::string hive_type;  // As tables of the catalog name types: "decimal(10,2)".
  };
  std::vector<Column> columns;
};

// Those whose names fit; '%' stands for any characters, every other one for itself. In the order of names.
Result<std::vector<Relation>> ListRelations(Session& session, const std::string& schemas, const std::string& tables);

// PostgreSQL's type as the catalog's; whatever has no like is read as text. `modifier`: atttypmod.
std::string HiveTypeOf(const std::string& type, std::int64_t modifier);

}  // namespace hanse::warehouse
