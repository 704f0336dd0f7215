#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"
#include "client/text_table.h"

namespace hanse::cli {

// Prints rows as the format says; JSON is one array of objects, NULL is null.
void Print(Format format, const std::vector<std::string>& columns, const std::vector<std::vector<client::Cell>>& rows);
// "hanse COMMAND: message" on standard error; 1.
int Failed(const std::string& command, const Error& error);
// A JSON string with its quotes.
std::string JsonText(const std::string& text);

}  // namespace hanse::cli
