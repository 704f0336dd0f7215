#include "bench/tpch_data.h"

#include <algorithm>

#include <fmt/format.h>

namespace hanse::bench {
namespace {

constexpr std::int64_t kOrdersAtOnce = 250'000;

// One of a list of texts; `dice` is an expression of a whole number.
std::string OneOf(const std::string& list, const std::string& dice) {
  const auto count = std::count(list.begin(), list.end(), '|') + 1;
  return fmt::format("list_extract(string_split('{}', '|'), 1 + CAST(({}) % {} AS BIGINT))", list, dice, count);
}

constexpr const char* kColours =
    "almond|antique|aquamarine|azure|beige|bisque|black|blanched|blue|blush|brown|burlywood|burnished|chartreuse|chiffon|chocolate|"
    "coral|cornflower|cornsilk|cream|cyan|dark|deep|dim|dodger|drab|firebrick|floral|forest|frosted|gainsboro|ghost|goldenrod|"
    "green|"
    "grey|honeydew|hot|indian|ivory|khaki|lace|lavender|lawn|lemon|light|lime|linen|magenta|maroon|medium|metallic|midnight|mint|"
    "misty|moccasin|navajo|navy|olive|orange|orchid|pale|papaya|peach|peru|pink|plum|powder|puff|purple|red|rose|rosy|royal|saddle|"
    "salmon|sandy|seashell|sienna|sky|slate|smoke|snow|spring|steel|tan|thistle|tomato|turquoise|violet|wheat|white|yellow";
constexpr const char* kWords =
    "foxes|ideas|theodolites|pinto beans|instructions|dependencies|excuses|platelets|asymptotes|courts|dolphins|accounts|packages|"
    "special|pending|unusual|express|furious|sly|careful|blithe|quick|fluffy|slow|quiet|ruthless|thin|close|dogged|daring|sleep|"
    "wake|are|cajole|haggle|nag|use|boost|affix|detect|integrate|maintain|nod|was|lose|sublate|solve|thrash|promise|requests";
constexpr const char* kNations =
    "(VALUES (0,'ALGERIA',0),(1,'ARGENTINA',1),(2,'BRAZIL',1),(3,'CANADA',1),(4,'EGYPT',4),(5,'ETHIOPIA',0),(6,'FRANCE',3),"
    "(7,'GERMANY',3),(8,'INDIA',2),(9,'INDONESIA',2),(10,'IRAN',4),(11,'IRAQ',4),(12,'JAPAN',2),(13,'JORDAN',4),(14,'KENYA',0),"
    "(15,'MOROCCO',0),(16,'MOZAMBIQUE',0),(17,'PERU',1),(18,'CHINA',2),(19,'ROMANIA',3),(20,'SAUDI ARABIA',4),(21,'VIETNAM',2),"
    "(22,'RUSSIA',3),(23,'UNITED KINGDOM',3),(24,'UNITED STATES',1)) n(k, name, r)";

std::string Comment(const std::string& key, int salt) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    text += (i == 0 ? "" : " || ' ' || ") + OneOf(kWords, fmt::format("hash({}, {})", key, salt * 10 + i));
  }
  return text;
}
std::string Phone(const std::string& nation, const std::string& key) {
  return fmt::format(
      "format('{{}}-{{:03d}}-{{:03d}}-{{:04d}}', {0} + 10, (100 + hash({1}, 71) % 900)::INT, (100 + hash({1}, 72) % 900)::INT, "
      "(1000 + hash({1}, 73) % 9000)::INT)",
      nation, key);
}
std::string Money(const std::string& dice, std::int64_t from_cents, std::int64_t to_cents) {
  return fmt::format("CAST(({}::HUGEINT % {} + {}) / 100.0 AS DECIMAL(15,2))", dice, to_cents - from_cents + 1, from_cents);
}
std::string SupplierOf(const std::string& part, const std::string& turn, std::int64_t suppliers) {
  return fmt::format("CAST(({0} + {1} * ({2} // 4 + ({0} - 1) // {2})) % {2} + 1 AS BIGINT)", part, turn, suppliers);
}
std::string Make(const std::string& name, const std::string& select) { return "CREATE OR REPLACE TABLE " + name + " AS " + select; }

constexpr const char* kPrice = "CAST((90000 + (p // 10) % 20001 + 100 * (p % 1000)) / 100.0 AS DECIMAL(15,2))";

std::string PartName() {
  std::string name;
  for (int i = 0; i < 5; ++i) name += (i == 0 ? "" : " || ' ' || ") + OneOf(kColours, fmt::format("hash(p, {})", 10 + i));
  return name;
}

}  // namespace

TpchData::TpchData(double scale) {
  const auto count = [&](double of_one) { return static_cast<std::int64_t>(of_one * scale); };
  suppliers_ = count(10'000), part_count_ = count(200'000), customers_ = count(150'000), orders_ = count(1'500'000);
  clerks_ = std::max<std::int64_t>(1, count(1'000));
  parts_ = static_cast<int>((orders_ + kOrdersAtOnce - 1) / kOrdersAtOnce);
}

std::vector<std::string> TpchData::SmallTables() const {
  return {
      Make("region", fmt::format("SELECT i::INT AS r_regionkey, {} AS r_name, {} AS r_comment FROM range(5) t(i)",
                                 OneOf("AFRICA|AMERICA|ASIA|EUROPE|MIDDLE EAST", "i"), Comment("i", 1))),
      Make("nation", fmt::format("SELECT k::INT AS n_nationkey, name AS n_name, r::INT AS n_regionkey, {} AS n_comment FROM {}",
                                 Comment("k", 2), kNations)),
      Make("supplier",
           fmt::format("SELECT i AS s_suppkey, format('Supplier#{{:09d}}', i) AS s_name, md5(i::VARCHAR) AS s_address, n AS "
                       "s_nationkey, {} AS s_phone, {} AS s_acctbal, CASE i % 2000 WHEN 7 THEN 'sly Customer of Complaints' WHEN 9 "
                       "THEN 'Customer who Recommends' ELSE {} END AS s_comment FROM (SELECT i, (hash(i, 3) % 25)::INT AS n FROM "
                       "range(1, {}) t(i))",
                       Phone("n", "i"), Money("hash(i, 4)", -99'999, 999'999), Comment("i", 5), suppliers_ + 1)),
      Make(
          "part",
          fmt::format("SELECT p AS p_partkey, {} AS p_name, 'Manufacturer#' || (1 + b // 5) AS p_mfgr, 'Brand#' || (1 + b // 5) || "
                      "(1 + b % 5) AS p_brand, {} || ' ' || {} || ' ' || {} AS p_type, (1 + hash(p, 21) % 50)::INT AS p_size, {} "
                      "|| ' ' || {} AS p_container, {} AS p_retailprice, {} AS p_comment FROM (SELECT p, (hash(p, 20) % 25)::INT "
                      "AS b FROM range(1, {}) t(p))",
                      PartName(), OneOf("STANDARD|SMALL|MEDIUM|LARGE|ECONOMY|PROMO", "hash(p, 22)"),
                      OneOf("ANODIZED|BURNISHED|PLATED|POLISHED|BRUSHED", "hash(p, 23)"),
                      OneOf("TIN|NICKEL|BRASS|STEEL|COPPER", "hash(p, 24)"), OneOf("SM|LG|MED|JUMBO|WRAP", "hash(p, 25)"),
                      OneOf("CASE|BOX|BAG|JAR|PKG|PACK|CAN|DRUM", "hash(p, 26)"), kPrice, Comment("p", 27), part_count_ + 1)),
      Make("partsupp",
           fmt::format("SELECT p AS ps_partkey, {} AS ps_suppkey, (1 + hash(p, i, 30) % 9999)::INT AS ps_availqty, {} AS "
                       "ps_supplycost, {} AS ps_comment FROM range(1, {}) t(p), range(4) u(i)",
                       SupplierOf("p", "i", suppliers_), Money("hash(p, i, 31)", 100, 100'000), Comment("p", 32), part_count_ + 1)),
      Make("customer",
           fmt::format("SELECT i AS c_custkey, format('Customer#{{:09d}}', i) AS c_name, md5(i::VARCHAR) AS c_address, n AS "
                       "c_nationkey, {} AS c_phone, {} AS c_acctbal, {} AS c_mktsegment, {} AS c_comment FROM (SELECT i, (hash(i, "
                       "40) % 25)::INT AS n FROM range(1, {}) t(i))",
                       Phone("n", "i"), Money("hash(i, 41)", -99'999, 999'999),
                       OneOf("AUTOMOBILE|BUILDING|FURNITURE|MACHINERY|HOUSEHOLD", "hash(i, 42)"), Comment("i", 43),
                       customers_ + 1))};
}

std::vector<std::string> TpchData::OrdersOf(int part) const {
  const std::int64_t from = part * kOrdersAtOnce, until = std::min(orders_, from + kOrdersAtOnce);
  // Two customers in three have orders; keys of orders are sparse.
  const std::string order = fmt::format(
      "SELECT i, (i // 8) * 32 + i % 8 + 1 AS k, (1 + 3 * (hash(i, 50) % {0}) + hash(i, 51) % 2)::BIGINT AS c, DATE '1992-01-01' + "
      "(hash(i, 52) % 2406)::INT AS d, (1 + hash(i, 53) % 7)::BIGINT AS lines FROM range({1}, {2}) t(i)",
      customers_ / 3, from, until);
  const std::string lines = fmt::format(
      "SELECT *, s + (1 + hash(k, l, 64) % 30)::INT AS r FROM (SELECT k, d, l, (1 + hash(k, l, 65) % {})::BIGINT AS p, (1 + "
      "hash(k, "
      "l, 66) % 50)::INT AS q, d + (1 + hash(k, l, 67) % 121)::INT AS s FROM ({}) o, range(1, 8) u(l) WHERE l <= lines)",
      part_count_, order);
  return {Make("lineitem",
               fmt::format(
                   "SELECT k AS l_orderkey, p AS l_partkey, {} AS l_suppkey, l::INT AS l_linenumber, q::DECIMAL(15,2) AS "
                   "l_quantity, CAST(q * {} AS DECIMAL(15,2)) AS l_extendedprice, {} AS l_discount, {} AS l_tax, CASE WHEN r > "
                   "DATE '1995-06-17' THEN 'N' WHEN hash(k, l, 62) % 2 = 0 THEN 'R' ELSE 'A' END AS l_returnflag, CASE WHEN s > "
                   "DATE '1995-06-17' THEN 'O' ELSE 'F' END AS l_linestatus, s AS l_shipdate, d + (30 + hash(k, l, 63) % "
                   "61)::INT AS l_commitdate, r AS l_receiptdate, {} AS l_shipinstruct, {} AS l_shipmode, {} AS l_comment FROM "
                   "({})",
                   SupplierOf("p", "(hash(k, l, 68) % 4)::BIGINT", suppliers_), kPrice, Money("hash(k, l, 60)", 0, 10),
                   Money("hash(k, l, 61)", 0, 8), OneOf("DELIVER IN PERSON|COLLECT COD|NONE|TAKE BACK RETURN", "hash(k, l, 69)"),
                   OneOf("REG AIR|AIR|RAIL|SHIP|TRUCK|MAIL|FOB", "hash(k, l, 70)"), OneOf(kWords, "hash(k, l, 75)"), lines)),
          Make("orders",
               fmt::format(
                   "SELECT k AS o_orderkey, c AS o_custkey, status AS o_orderstatus, total AS o_totalprice, d AS o_orderdate, {} "
                   "AS o_orderpriority, format('Clerk#{{:09d}}', (1 + hash(i, 54) % {})::BIGINT) AS o_clerk, 0::INT AS "
                   "o_shippriority, {} AS o_comment FROM ({}) o JOIN (SELECT l_orderkey, CASE WHEN min(l_linestatus) = "
                   "max(l_linestatus) THEN min(l_linestatus) ELSE 'P' END AS status, CAST(sum(l_extendedprice * (1 + l_tax) * "
                   "(1 - l_discount)) AS DECIMAL(15,2)) AS total FROM lineitem GROUP BY 1) l ON l.l_orderkey = o.k",
                   OneOf("1-URGENT|2-HIGH|3-MEDIUM|4-NOT SPECIFIED|5-LOW", "hash(i, 55)"), clerks_, Comment("i", 7), order))};
}

}  // namespace hanse::bench
