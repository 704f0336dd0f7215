#pragma once
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "engine/query_job.h"
#include "wire/glue.h"

namespace hanse::server {

// How a table is read: in a warehouse (catalog/warehouse.h), or its files, by its SerDe (else its input format, else its
// classification). kUnsupported, by name, for others.
Result<engine::DataFormat> FormatOf(const wire::glue::Table& table);
// SerDe parameters over table parameters.
std::map<std::string, std::string> SerdeParametersOf(const wire::glue::Table& table);

// Bucket and key of an object's place "s3://bucket/key". kUnsupported where it is not in S3.
Result<std::pair<std::string, std::string>> BucketAndKey(const std::string& location);
// Bucket and prefix of a table's place; "s3://bucket/a/b" is the folder "a/b/". kUnsupported where it is not in S3.
Result<std::pair<std::string, std::string>> BucketAndPrefix(const std::string& location);
std::vector<engine::ColumnSource> ColumnsOf(const std::optional<std::vector<wire::glue::Column>>& columns);

}  // namespace hanse::server
