#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/clock.h"

// What kind of personal data values are, by their form and, where they have one, their check digits. Pure; keeps no value.
namespace hanse::steward {

enum class PersonalKind { kEmail, kPhone, kIban, kCard, kNationalId, kIpAddress, kBirthDate };
inline constexpr std::size_t kPersonalKinds = 7;
std::string_view Name(PersonalKind kind);  // "e-mail addresses"

// A whole value, blanks around it apart. E-mail (RFC 5322's common form), phone (E.164 or grouped as it is dialled), IBAN (ISO
// 13616, mod 97), payment card (ISO/IEC 7812, Luhn), national ids (US SSN, UK NINO, French NIR, Spanish DNI and NIE, Italian codice
// fiscale, German tax id), IPv4 and IPv6, a date on which somebody who lives may have been born.
std::optional<PersonalKind> KindOf(std::string_view value, TimeMs now);

// Counts the kinds among the values of a column.
class PersonalTally {
 public:
  explicit PersonalTally(TimeMs now) : now_(now) {}
  void Add(std::string_view value);

  struct Finding {
    PersonalKind kind;
    int percent;  // Of the values.
  };
  // Where enough of the values are of one kind.
  std::optional<Finding> Judge() const;

 private:
  TimeMs now_;
  std::size_t values_ = 0;
  std::array<std::size_t, kPersonalKinds> of_kind_ = {};
  int first_year_ = 9999, last_year_ = 0;  // Of the dates.
};

}  // namespace hanse::steward
