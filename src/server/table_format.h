#pragma once
#include <map>
#include <string>

#include "base/result.h"
#include "engine/query_job.h"
#include "wire/glue.h"

namespace hanse::server {

// How a table's files are read, by its SerDe (else its input format, else its classification). kUnsupported, by name, for others.
Result<engine::DataFormat> FormatOf(const wire::glue::Table& table);
// SerDe parameters over table parameters.
std::map<std::string, std::string> SerdeParametersOf(const wire::glue::Table& table);

}  // namespace hanse::server
