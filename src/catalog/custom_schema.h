#pragma once
#include <optional>
#include <string_view>

#include "catalog/file_schema.h"
#include "wire/glue.h"

namespace hanse::catalog {

// What a text is by a custom classifier; nothing where it does not fit. Pure.
std::optional<FileSchema> InferBy(const wire::glue::Classifier& classifier, std::string_view sample, Sample extent);

// The elements called `row_tag` as rows: attributes and children are columns, children of children structures, repeated ones
// arrays. Nothing where there is none. Pure.
std::optional<FileSchema> InferByXml(const wire::glue::XMLClassifier& xml, std::string_view sample);

// A type of CsvClassifier.CustomDatatypes ("BINARY", "LONG" …) as the catalog writes it; nothing for another.
std::optional<std::string> HiveTypeOf(std::string_view datatype);

}  // namespace hanse::catalog
