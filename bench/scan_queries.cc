#include "bench/scan_queries.h"

namespace hanse::bench {

const std::vector<TableRule>& TableRules() {
  static const std::vector<TableRule> kRules = {
      {"sales_h", "sales", "", {"invoice"}, {}},
      {"sales_in", "sales", "country IN ('Germany', 'France', 'EIRE', 'Spain', 'Netherlands')", {"invoice"}, {}},
      {"sales_in_uk", "sales", "country IN ('United Kingdom', 'Germany')", {"invoice"}, {}},
      {"sales_uk", "sales", "country = 'United Kingdom'", {"invoice"}, {}},
      {"sales_de", "sales", "country = 'Germany'", {"invoice"}, {}},
      {"sales_p", "sales", "p < 16", {"invoice"}, {}},
      {"sales_and", "sales", "country = 'United Kingdom' AND quantity > 2 AND invoice LIKE '5%'", {"invoice"}, {}},
      {"sales_or", "sales", "(country = 'United Kingdom' AND p < 8) OR (country = 'Germany' AND p >= 16)", {"invoice"}, {}},
      {"sales_m", "sales", "", {"invoice"}, {{"price", "country = 'United Kingdom'"}}},
      {"sales_all", "sales", "country IN ('United Kingdom', 'Germany')", {"invoice"}, {{"price", "country = 'United Kingdom'"}}},
      {"buyers", "buyers", "", {}, {}},
      {"buyers_uk", "buyers", "home = 'United Kingdom'", {"lines"}, {}},
      {"wide", "wide", "", {"c59", "s39"}, {}},
  };
  return kRules;
}

const std::vector<ScanQuery>& ScanQueries() {
  static const std::string kIn = "country IN ('Germany', 'France', 'EIRE', 'Spain', 'Netherlands')";
  static const std::string kUk = "country = 'United Kingdom'", kInUk = "country IN ('United Kingdom', 'Germany')";
  static const std::string kShown = "id, stock, description, quantity, sold, price, customer, country, p";
  static const std::string kByStock = "SELECT stock, sum(price) FROM ";
  static const std::vector<ScanQuery> kQueries = {
      {"scan", "SELECT sum(price), avg(quantity), max(sold), count(*) FROM sales",
       "SELECT sum(price), avg(quantity), max(sold), count(*) FROM sales_h"},
      {"scan_strings", "SELECT count(DISTINCT description), max(country) FROM sales",
       "SELECT count(DISTINCT description), max(country) FROM sales_h"},
      {"id_range", "SELECT sum(price) FROM sales WHERE id BETWEEN 5000000 AND 5020000",
       "SELECT sum(price) FROM sales_h WHERE id BETWEEN 5000000 AND 5020000"},
      {"point", "SELECT " + kShown + " FROM sales WHERE id = 7777777", "SELECT * FROM sales_h WHERE id = 7777777"},
      {"point_row_filter", "SELECT " + kShown + " FROM sales WHERE " + kIn + " AND id = 7777777",
       "SELECT * FROM sales_in WHERE id = 7777777"},
      {"two_of_101_columns", "SELECT sum(c3), max(s7) FROM wide", "SELECT sum(c3), max(s7) FROM wide"},
      {"two_of_10_columns", "SELECT sum(quantity), sum(customer) FROM sales", "SELECT sum(quantity), sum(customer) FROM sales_h"},
      {"count", "SELECT count(*) FROM sales", "SELECT count(*) FROM sales_h"},
      {"count_partition_filter", "SELECT count(*) FROM sales WHERE p < 16", "SELECT count(*) FROM sales_p"},
      {"count_in", "SELECT count(*) FROM sales WHERE " + kIn, "SELECT count(*) FROM sales_in"},
      {"group_partition_filter", kByStock + "sales WHERE p < 16 GROUP BY 1", kByStock + "sales_p GROUP BY 1"},
      {"group_equal", kByStock + "sales WHERE " + kUk + " GROUP BY 1", kByStock + "sales_uk GROUP BY 1"},
      {"group_equal_few", kByStock + "sales WHERE country = 'Germany' GROUP BY 1", kByStock + "sales_de GROUP BY 1"},
      {"group_in", kByStock + "sales WHERE " + kIn + " GROUP BY 1", kByStock + "sales_in GROUP BY 1"},
      {"group_in_most", kByStock + "sales WHERE " + kInUk + " GROUP BY 1", kByStock + "sales_in_uk GROUP BY 1"},
      {"group_and_hidden_column",
       kByStock + "sales WHERE country = 'United Kingdom' AND quantity > 2 AND invoice LIKE '5%' GROUP BY 1",
       kByStock + "sales_and GROUP BY 1"},
      {"group_or", kByStock + "sales WHERE (" + kUk + " AND p < 8) OR (country = 'Germany' AND p >= 16) GROUP BY 1",
       kByStock + "sales_or GROUP BY 1"},
      {"row_and_user_filter",
       "SELECT sum(price) FROM sales WHERE " + kIn + " AND quantity < 5 AND sold < TIMESTAMP '2011-03-01 00:00:00'",
       "SELECT sum(price) FROM sales_in WHERE quantity < 5 AND sold < TIMESTAMP '2011-03-01 00:00:00'"},
      {"row_and_user_like", "SELECT sum(price) FROM sales WHERE " + kUk + " AND description LIKE '%LIGHT%'",
       "SELECT sum(price) FROM sales_uk WHERE description LIKE '%LIGHT%'"},
      {"mask", "SELECT sum(CASE WHEN " + kUk + " THEN price END), count(*) FROM sales", "SELECT sum(price), count(*) FROM sales_m"},
      {"row_filter_and_mask", "SELECT sum(CASE WHEN " + kUk + " THEN price END), count(*) FROM sales WHERE " + kInUk,
       "SELECT sum(price), count(*) FROM sales_all"},
      {"join", "SELECT segment, sum(price) FROM sales JOIN buyers USING (customer) GROUP BY 1",
       "SELECT segment, sum(price) FROM sales_h JOIN buyers USING (customer) GROUP BY 1"},
      {"join_row_filters",
       "SELECT segment, sum(price) FROM sales JOIN buyers USING (customer) WHERE " + kInUk +
           " AND home = 'United Kingdom' GROUP BY 1",
       "SELECT segment, sum(price) FROM sales_in_uk JOIN buyers_uk USING (customer) GROUP BY 1"},
      {"top", "SELECT " + kShown + " FROM sales ORDER BY price DESC, id LIMIT 10",
       "SELECT * FROM sales_h ORDER BY price DESC, id LIMIT 10"},
      {"top_row_filter", "SELECT " + kShown + " FROM sales WHERE " + kIn + " ORDER BY price DESC, id LIMIT 10",
       "SELECT * FROM sales_in ORDER BY price DESC, id LIMIT 10"},
      {"limit", "SELECT " + kShown + " FROM sales LIMIT 100", "SELECT * FROM sales_h LIMIT 100"},
      {"window", "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY stock ORDER BY id) r FROM sales WHERE p < 4)",
       "SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY stock ORDER BY id) r FROM sales_h WHERE p < 4)"},
      {"cte_twice",
       "WITH x AS (SELECT * FROM sales WHERE p < 8) SELECT (SELECT sum(price) FROM x), (SELECT count(*) FROM x WHERE stock = "
       "'22423')",
       "WITH x AS (SELECT * FROM sales_h WHERE p < 8) SELECT (SELECT sum(price) FROM x), (SELECT count(*) FROM x WHERE stock = "
       "'22423')"},
  };
  return kQueries;
}

namespace {

// "%T" stands for the table.
constexpr const char* kProbes[] = {
    // Counts and extremes, from rows and from metadata.
    "SELECT count(*) FROM %T",
    "SELECT count(price), count(description), count(customer) FROM %T",
    "SELECT min(price), max(price), min(quantity), max(quantity), min(sold), max(sold) FROM %T",
    "SELECT min(description), max(description), min(stock), max(stock), max(customer) FROM %T",
    "SELECT approx_distinct(description), count(DISTINCT stock) FROM %T",
    "SELECT count(*) FROM %T WHERE price < 0",
    "SELECT count(*) FROM %T WHERE price IS NULL",
    "SELECT count(*) FROM %T WHERE price IS NOT NULL",
    "SELECT count(*) FROM %T WHERE quantity = 0",
    "SELECT count(*) FROM %T WHERE customer = 999999",
    "SELECT count(*) FROM %T WHERE description LIKE 'zz%'",
    "SELECT count(*) FROM %T WHERE sold > TIMESTAMP '2020-01-01 00:00:00'",
    "SELECT count(*) FROM %T WHERE stock IN ('zz', '85123A')",
    // Order, position, sets.
    "SELECT * FROM %T ORDER BY price, id LIMIT 20",
    "SELECT * FROM %T ORDER BY price DESC, id LIMIT 20",
    "SELECT * FROM %T ORDER BY description DESC, id OFFSET 5 LIMIT 20",
    "SELECT id FROM %T WHERE id < 200 ORDER BY id",
    "SELECT id, row_number() OVER (ORDER BY id) FROM %T WHERE id < 100 ORDER BY id",
    "SELECT country, count(*), sum(quantity) FROM %T GROUP BY 1 ORDER BY 1",
    "SELECT p, count(*) FROM %T GROUP BY 1 ORDER BY 1",
    "SELECT a.id, b.price FROM %T a JOIN %T b ON a.id + 1 = b.id WHERE a.id < 100 ORDER BY 1",
    "SELECT count(*) FROM %T a WHERE NOT EXISTS (SELECT 1 FROM %T b WHERE b.id = a.id + 1)",
    "SELECT id FROM %T EXCEPT SELECT id + 1 FROM %T ORDER BY 1 LIMIT 50",
    "WITH x AS (SELECT * FROM %T WHERE id < 1000) SELECT (SELECT count(*) FROM x), (SELECT max(price) FROM x)",
    // Errors that tell a value.
    "SELECT count(*) FROM %T WHERE 100 / quantity >= -100000",
    "SELECT count(*) FROM %T WHERE 100 % quantity >= -100000 OR true",
    "SELECT sum(100 / quantity) FROM %T WHERE id >= 0",
    "SELECT count(*) FROM %T WHERE CAST(description AS bigint) > 0",
    "SELECT count(*) FROM %T WHERE CAST(substr(description, 1, 2) AS bigint) >= 0 AND id >= 0",
    "SELECT count(*) FROM %T WHERE json_array_length('[' || replace(description, 'zz', '[') || ']') >= 0 OR true",
    "SELECT count(*) FROM %T WHERE ln(price + 1000000) > 0",
    "SELECT count(*) FROM %T WHERE date_diff('day', sold, TIMESTAMP '2011-12-10 00:00:00') < 0",
    "SELECT max(CAST(price * 1000000 AS integer)) FROM %T WHERE id < 100",
    // What is not there for this caller.
    "SELECT invoice FROM %T",
    "SELECT nothing FROM %T",
    "SELECT count(*) FROM %T WHERE invoice = 'zz536365'",
    "SELECT id FROM %T ORDER BY invoice LIMIT 1",
    "SELECT * FROM %T_hidden",
    "EXPLAIN SELECT * FROM %T WHERE price < 0",
    "EXPLAIN ANALYZE SELECT count(*) FROM %T",
    "SHOW STATS FOR %T",
    "SELECT \"$path\" FROM %T",
};

}  // namespace

std::vector<std::string> Probes(const std::string& table) {
  std::vector<std::string> asked;
  for (std::string probe : kProbes) {
    for (auto at = probe.find("%T"); at != std::string::npos; at = probe.find("%T")) probe.replace(at, 2, table);
    asked.push_back(std::move(probe));
  }
  return asked;
}

}  // namespace hanse::bench
