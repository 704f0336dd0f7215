#include "steward/personal_values.h"

#include <gtest/gtest.h>

namespace hanse::steward {
namespace {

constexpr TimeMs kNow = 1'790'000'000'000;  // 2026

TEST(PersonalValues, EachKindByItsFormAndCheckDigits) {
  const std::pair<PersonalKind, std::vector<std::string_view>> are[] = {
      {PersonalKind::kEmail, {"ada@nimbus.example", " a.b+c@mail.nimbus.co "}},
      {PersonalKind::kPhone, {"+49 30 1234567", "0049-30-1234567", "(555) 123-4567", "555-123-4567", "030 / 1234567"}},
      {PersonalKind::kIban, {"DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"}},
      {PersonalKind::kCard, {"4111111111111111", "5500 0000 0000 0004", "3782-822463-10005"}},
      {PersonalKind::kNationalId,
       {"536-90-4399", "AB123456C", "12345678Z", "X1234567L", "RSSMRA85T10A562S", "86095742719", "2 55 08 14 168 025 38"}},
      {PersonalKind::kIpAddress, {"192.168.0.1", "2001:db8::1"}},
      {PersonalKind::kBirthDate, {"1987-04-23", "1950-01-31 00:00:00.000"}}};
  for (const auto& [kind, values] : are) {
    for (std::string_view value : values) EXPECT_EQ(KindOf(value, kNow), kind) << value;
  }
}

TEST(PersonalValues, WhatOnlyLooksSimilarIsNone) {
  for (std::string_view value : {"",
                                 "EMEA",
                                 "1234567",
                                 "49301234567",
                                 "3.14159265",
                                 "DE89370400440532013001",
                                 "4111111111111112",
                                 "9111111111111111",
                                 "000-12-3456",
                                 "12345678A",
                                 "86095742718",
                                 "2 55 08 14 168 025 39",
                                 "256.1.1.1",
                                 "10:15:30",
                                 "2025-04-23",
                                 "1987-13-01",
                                 "1987-04-23 10:15:00",
                                 "a@b",
                                 "@nimbus.example",
                                 "two words@nimbus.example",
                                 "1234-5678",
                                 "20240131-7",
                                 "f47ac10b-58cc-4372-a567-0e02b2c3d479"})
    EXPECT_FALSE(KindOf(value, kNow)) << value;
}

TEST(PersonalValues, AColumnIsJudgedByMostOfItsValues) {
  PersonalTally most(kNow), few(kNow), two(kNow);
  for (int i = 0; i < 10; ++i) {
    most.Add(i < 7 ? "ada@nimbus.example" : "none");
    few.Add(i < 5 ? "ada@nimbus.example" : "none");
  }
  two.Add("ada@nimbus.example");
  two.Add("bob@nimbus.example");
  ASSERT_TRUE(most.Judge());
  EXPECT_EQ(most.Judge()->kind, PersonalKind::kEmail);
  EXPECT_EQ(most.Judge()->percent, 70);
  EXPECT_FALSE(few.Judge());
  EXPECT_FALSE(two.Judge());
  EXPECT_FALSE(PersonalTally(kNow).Judge());
}

TEST(PersonalValues, DatesOfBirthSpreadOverLifetimes) {
  PersonalTally people(kNow), orders(kNow);
  for (int year : {1951, 1964, 1978, 1990, 2003}) people.Add(std::to_string(year) + "-06-01");
  for (int year : {2003, 2004, 2005, 2006, 2007}) orders.Add(std::to_string(year) + "-06-01");
  ASSERT_TRUE(people.Judge());
  EXPECT_EQ(people.Judge()->kind, PersonalKind::kBirthDate);
  EXPECT_FALSE(orders.Judge());
}

}  // namespace
}  // namespace hanse::steward
