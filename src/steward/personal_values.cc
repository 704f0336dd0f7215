#include "steward/personal_values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "base/text.h"

namespace hanse::steward {
namespace {

constexpr std::size_t kValueMax = 254;  // An e-mail address, the longest of them (RFC 5321).
constexpr std::size_t kEnough = 3;      // Fewer values of a kind may be chance.
constexpr int kMostPercent = 60;        // Checks by digits alone pass by chance for up to a tenth.
constexpr int kAllPercent = 90;         // Of dates, which have no check at all.
constexpr int kLifetimes = 15;          // Years that dates of birth spread over at least.
constexpr int kYoungest = 16, kOldest = 105;

bool Digit(char c) { return c >= '0' && c <= '9'; }
bool Letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool Digits(std::string_view text) { return std::ranges::all_of(text, Digit); }

// "9" is a digit, "A" a letter; all else is itself.
bool Has(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char c, char f) { return f == '9' ? Digit(c) : f == 'A' ? Letter(c) : c == f; });
}

int Number(std::string_view digits) {
  int number = 0;
  for (char c : digits) number = number * 10 + (c - '0');
  return number;
}

// Letters as 10 to 35 (ISO 7064).
int Mod97(std::string_view text) {
  int rest = 0;
  for (char c : text) {
    int value = Digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

std::string Stripped(std::string_view text, std::string_view separators) {
  std::string rest;
  std::ranges::copy_if(text, std::back_inserter(rest), [&](char c) { return separators.find(c) == std::string_view::npos; });
  return rest;
}

bool IsEmail(std::string_view text) {
  std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at > 64 || text.find('@', at + 1) != std::string_view::npos) return false;
  auto local = [](char c) {
    return Letter(c) || Digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  };
  if (!std::ranges::all_of(text.substr(0, at), local)) return false;
  std::vector<std::string> labels = Split(text.substr(at + 1), '.');
  if (labels.size() < 2 || labels.back().size() < 2 || !std::ranges::all_of(labels.back(), Letter)) return false;
  return std::ranges::all_of(labels, [](const std::string& label) {
    return !label.empty() && std::ranges::all_of(label, [](char c) { return Letter(c) || Digit(c) || c == '-'; });
  });
}

// "+49 30 1234567", "0049-30-1234567", "(555) 123-4567", "555-123-4567", "030 / 1234567". A bare number is an id as likely.
bool IsPhone(std::string_view text) {
  bool from_abroad = text.starts_with("+") || text.starts_with("00");
  std::string digits = Stripped(text, "+ ()-./");
  if (digits.size() < 8 || digits.size() > 15 || !Digits(digits)) return false;
  if (text.find('+', 1) != std::string_view::npos) return false;
  if (from_abroad) return text.front() == '+' || digits.size() >= 11;
  if (Has(text, "(999) 999-9999") || Has(text, "999-999-9999") || Has(text, "999.999.9999")) return true;
  bool grouped = text.find_first_of(" /-") != std::string_view::npos && text.find('.') == std::string_view::npos;
  return text.front() == '0' && grouped;
}

bool IsIban(std::string_view text) {
  std::string iban = Stripped(text, " ");
  if (iban.size() < 15 || iban.size() > 34 || !Letter(iban[0]) || !Letter(iban[1]) || !Digit(iban[2]) || !Digit(iban[3]))
    return false;
  if (!std::ranges::all_of(iban, [](char c) { return Digit(c) || Letter(c); })) return false;
  return Mod97(iban.substr(4) + iban.substr(0, 4)) == 1;
}

bool Luhn(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// Of a network that issues cards: Visa, Mastercard, American Express, Discover, Diners, JCB, Maestro.
bool IsCard(std::string_view text) {
  std::string digits = Stripped(text, " -");
  if (digits.size() < 13 || digits.size() > 19 || !Digits(digits)) return false;
  int two = Number(digits.substr(0, 2)), four = Number(digits.substr(0, 4));
  bool issued = digits[0] == '4' || (two >= 50 && two <= 58) || (four >= 2221 && four <= 2720) || two == 34 || two == 37 ||
                two == 36 || two == 38 || four / 10 == 300 || four / 10 == 305 || two == 35 || two == 60 || two == 62 ||
                two == 64 || two == 65;
  return issued && Luhn(digits);
}

bool IsSocialSecurityNumber(std::string_view text) {
  if (!Has(text, "999-99-9999")) return false;
  int area = Number(text.substr(0, 3));
  return area != 0 && area != 666 && area < 900 && text.substr(4, 2) != "00" && text.substr(7) != "0000";
}

// ISO 7064, mod 11,10; no digit more than three times among the first ten, one at least twice.
bool IsGermanTaxId(std::string_view text) {
  if (text.size() != 11 || !Digits(text) || text[0] == '0') return false;
  int rest = 10;
  std::array<int, 10> seen = {};
  for (char c : text.substr(0, 10)) {
    ++seen[static_cast<std::size_t>(c - '0')];
    int sum = (c - '0' + rest) % 10;
    rest = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  int most = *std::ranges::max_element(seen);
  return (most == 2 || most == 3) && (11 - rest) % 10 == text[10] - '0';
}

// The letter after eight digits, or after X, Y or Z and seven, is their rest by 23.
bool IsSpanishId(std::string_view text) {
  if (text.size() != 9) return false;
  std::string digits(text.substr(0, 8));
  std::size_t foreign = std::string_view("XYZ").find(digits[0]);
  if (foreign != std::string_view::npos) digits[0] = static_cast<char>('0' + foreign);
  if (!Digits(digits)) return false;
  return text[8] == std::string_view("TRWAGMYFPDXBNJZSQVHLCKE")[static_cast<std::size_t>(Number(digits)) % 23];
}

// Thirteen digits and the key, 97 less their rest by 97.
bool IsFrenchNir(std::string_view text) {
  std::string digits = Stripped(text, " ");
  if (digits.size() != 15 || !Digits(digits) || (digits[0] != '1' && digits[0] != '2')) return false;
  return 97 - Mod97(digits.substr(0, 13)) == Number(digits.substr(13));
}

bool IsNationalId(std::string_view text) {
  return IsSocialSecurityNumber(text) || Has(text, "AA999999A") || Has(text, "AA 99 99 99 A") || Has(text, "AAAAAA99A99A999A") ||
         IsSpanishId(text) || IsFrenchNir(text) || IsGermanTaxId(text);
}

bool IsIpAddress(std::string_view text) {
  in6_addr address;
  std::string zero_ended(text);
  return inet_pton(AF_INET, zero_ended.c_str(), &address) == 1 ||
         (text.find(':') != std::string_view::npos && inet_pton(AF_INET6, zero_ended.c_str(), &address) == 1);
}

int YearOf(TimeMs at) { return Number(std::string_view(FormatIso8601(at)).substr(0, 4)); }

// The year of "1987-04-23", also with a midnight behind it; 0 where it is no such date.
int YearOfDate(std::string_view text) {
  if (text.size() < 10 || !Has(text.substr(0, 10), "9999-99-99")) return 0;
  if (text.size() > 10 && text.substr(11).find_first_not_of("0:.") != std::string_view::npos) return 0;
  int month = Number(text.substr(5, 2)), day = Number(text.substr(8, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? Number(text.substr(0, 4)) : 0;
}

bool IsBirthYear(int year, TimeMs now) { return year != 0 && year <= YearOf(now) - kYoungest && year >= YearOf(now) - kOldest; }

}  // namespace

std::string_view Name(PersonalKind kind) {
  switch (kind) {
    case PersonalKind::kEmail: return "e-mail addresses";
    case PersonalKind::kPhone: return "phone numbers";
    case PersonalKind::kIban: return "IBANs";
    case PersonalKind::kCard: return "payment cards";
    case PersonalKind::kNationalId: return "national ids";
    case PersonalKind::kIpAddress: return "IP addresses";
    case PersonalKind::kBirthDate: break;
  }
  return "dates of birth";
}

std::optional<PersonalKind> KindOf(std::string_view value, TimeMs now) {
  std::string_view text = Trim(value);
  if (text.size() < 7 || text.size() > kValueMax) return std::nullopt;
  if (IsBirthYear(YearOfDate(text), now)) return PersonalKind::kBirthDate;
  if (IsEmail(text)) return PersonalKind::kEmail;
  if (IsIpAddress(text)) return PersonalKind::kIpAddress;
  if (IsIban(text)) return PersonalKind::kIban;
  if (IsNationalId(text)) return PersonalKind::kNationalId;
  if (IsCard(text)) return PersonalKind::kCard;
  if (IsPhone(text)) return PersonalKind::kPhone;
  return std::nullopt;
}

void PersonalTally::Add(std::string_view value) {
  ++values_;
  auto kind = KindOf(value, now_);
  if (!kind) return;
  ++of_kind_[static_cast<std::size_t>(*kind)];
  if (*kind != PersonalKind::kBirthDate) return;
  int year = YearOfDate(Trim(value));
  first_year_ = std::min(first_year_, year);
  last_year_ = std::max(last_year_, year);
}

std::optional<PersonalTally::Finding> PersonalTally::Judge() const {
  auto most = std::ranges::max_element(of_kind_);
  if (*most < kEnough) return std::nullopt;
  auto kind = static_cast<PersonalKind>(most - of_kind_.begin());
  int percent = static_cast<int>(*most * 100 / values_);
  bool dates = kind == PersonalKind::kBirthDate;
  if (percent < (dates ? kAllPercent : kMostPercent)) return std::nullopt;
  if (dates && last_year_ - first_year_ < kLifetimes) return std::nullopt;
  return Finding{kind, percent};
}

}  // namespace hanse::steward
