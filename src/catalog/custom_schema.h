#pragma once
#include <optional>
#include <string_view>

#include "catalog/file_schema.h"
#include "wire/glue.h"

namespace hanse::catalog {

// What a text is by a custom classifier; nothing where it does not fit. Pure.
std::optional<FileSchema> InferBy(const wire::glue::Classifier& classifier, std::string_view sample, Sample extent);

}  // namespace hanse::catalog
