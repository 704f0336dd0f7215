#pragma once
#include <string>

#include "base/result.h"

// The refusals of Lake Formation, in one place, so that what is hidden and what is missing read the same
// (lakeformation.md, 2.3, 2.12).
namespace hanse::governance {

// To whoever may not know whether there is such a thing.
std::unexpected<Error> NotYours();
std::unexpected<Error> NoSuch(std::string_view what);  // kNotFound
// One text for every kind of thing and for parents too: who may not see a database must not learn that its table was asked for.
inline constexpr std::string_view kNoEntity = "Entity not found.";
std::unexpected<Error> Insufficient(std::string_view required);  // "… Required Create Tag on Catalog"
std::unexpected<Error> InvalidModification();                    // "Permissions modification is invalid."
std::unexpected<Error> Invalid(std::string message);
// The service's code of an error, for answers that list errors one by one.
std::string LakeErrorCode(const Error& error);

}  // namespace hanse::governance
