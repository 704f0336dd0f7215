#include "demo/data.h"

#include <fmt/format.h>

namespace hanse::demo {
namespace {

// A number in [0, n) that looks random and depends on the row and the purpose alone.
std::string Draw(const std::string& row, const std::string& purpose, unsigned seed, int n) {
  return fmt::format("CAST(hash({} , '{}-{}') % {} AS INTEGER)", row, purpose, seed, n);
}

std::string OrdersSelect(unsigned seed) {
  auto d = [&](const char* purpose, int n) { return Draw("i", purpose, seed, n); };
  // More is bought late in the year and in the evening; baskets are log-normal-like by squaring.
  return fmt::format(
      "CREATE TABLE orders AS SELECT i AS order_id, CAST(1 + {} AS BIGINT) AS customer_id, "
      "TIMESTAMP '2026-01-01' + INTERVAL (CAST(floor(sqrt({} / 10000.0) * 364) AS INTEGER)) DAY + INTERVAL ({}) SECOND AS "
      "ordered_at, "
      "(['DE','FR','IT','ES','NL','US','CA','PL'])[1 + {}] AS country, "
      "(['web','app','store'])[1 + {}] AS channel, 1 + {} AS lines, "
      "CAST(9 + {} * {} / 1000.0 AS DECIMAL(10,2)) AS total FROM range(1, {}) t(i)",
      d("customer", 30'000), d("day", 10'000), d("second", 86'400), d("country", 8), d("channel", 3), d("lines", 4), d("a", 600),
      d("b", 600), kOrders + 1);
}

std::string LedgerSelect(unsigned seed) {
  auto d = [&](const char* purpose, int n) { return Draw("i", purpose, seed, n); };
  return fmt::format(
      "CREATE TABLE ledger AS SELECT i AS entry_id, DATE '2026-01-01' + {} AS posted_on, "
      "(['4000','4010','5000','6100','6200','7300'])[1 + {}] AS account_code, "
      "(['EU','US','APAC'])[1 + least(2, {} // 40)] AS region_code, "
      "CAST(({} - 4000) * 1.37 AS DECIMAL(12,2)) AS amount, (['EUR','USD','JPY'])[1 + {}] AS currency, "
      "'E' || lpad(CAST({} AS VARCHAR), 5, '0') AS employee_id, CAST(32000 + {} * 150 AS DECIMAL(10,2)) AS employee_salary "
      "FROM range(1, {}) t(i)",
      d("date", 330), d("account", 6), d("region", 100), d("amount", 20'000), d("currency", 3), d("employee", 1'200),
      d("salary", 600), kLedgerEntries + 1);
}

std::string CustomersSelect(unsigned seed) {
  auto d = [&](const char* purpose, int n) { return Draw("i", purpose, seed, n); };
  return fmt::format(
      "CREATE TABLE customers AS SELECT i AS customer_id, "
      "(['Ana','Ben','Chloé','Dario','Eva','Finn','Giulia','Hugo','Ines','Jan'])[1 + {0}] || ' ' || "
      "(['Novak','Schmidt','Rossi','García','Dubois','Jansen','Kowalski','Miller'])[1 + {1}] AS name, "
      "'customer' || i || '@mail.example' AS email, (['spring','summer','autumn'])[1 + {2}] AS campaign, "
      "(['DE','FR','IT','ES','NL','US','CA','PL'])[1 + {3}] AS country FROM range(1, 30001) t(i)",
      d("first", 10), d("last", 8), d("campaign", 3), d("country", 8));
}

}  // namespace

std::vector<std::string> BaseTables(unsigned seed) { return {OrdersSelect(seed), LedgerSelect(seed), CustomersSelect(seed)}; }

std::vector<DataFile> FilesOf(const std::string& domain) {
  if (domain == "finance") return {{domain, "gl_transactions/part-0.parquet", "SELECT * FROM ledger ORDER BY posted_on, entry_id"}};
  if (domain == "marketing") return {{domain, "contacts/part-0.parquet", "SELECT * FROM customers"}};
  if (domain == "supply-chain") {
    return {{domain, "shipments/part-0.parquet",
             "SELECT order_id AS shipment_id, order_id, country, CAST(ordered_at AS DATE) + CAST(1 + order_id % 5 AS INTEGER) AS "
             "delivered_on, 'Street ' || (order_id % 900) AS address FROM orders WHERE channel <> 'store'"}};
  }
  if (domain == "support") {
    return {{domain, "tickets/part-0.parquet",
             "SELECT order_id AS ticket_id, order_id, (['late','broken','question'])[1 + CAST(order_id % 3 AS INTEGER)] AS reason, "
             "CAST(ordered_at AS DATE) + 3 AS opened_on FROM orders WHERE order_id % 40 = 0"}};
  }
  if (domain != "sales") return {};
  std::vector<DataFile> files = {{domain, "orders/part-0.parquet", "SELECT * EXCLUDE (lines) FROM orders ORDER BY hash(order_id)"},
                                 {domain, "daily_sales_by_category/part-0.parquet",
                                  "SELECT CAST(ordered_at AS DATE) AS day, channel AS category, count(*) AS orders, "
                                  "CAST(sum(total) AS DECIMAL(14,2)) AS total "
                                  "FROM orders GROUP BY 1, 2 ORDER BY 1, 2"}};
  for (int month = 1; month <= 12; ++month) {
    files.push_back({domain, fmt::format("orders_by_month/month=2026-{:02}/part-0.parquet", month),
                     fmt::format("SELECT * EXCLUDE (lines) FROM orders WHERE month(ordered_at) = {} ORDER BY order_id", month)});
  }
  return files;
}

std::vector<DataTable> TablesOf(const std::string& domain) {
  if (domain == "finance") {
    return {{domain,
             "gl_transactions",
             "confidential",
             {{"entry_id", "bigint"},
              {"posted_on", "date"},
              {"account_code", "string"},
              {"region_code", "string"},
              {"amount", "decimal(12,2)"},
              {"currency", "string"},
              {"employee_id", "string"},
              {"employee_salary", "decimal(10,2)"}},
             {}}};
  }
  if (domain == "marketing") {
    return {{domain,
             "contacts",
             "pii",
             {{"customer_id", "bigint"}, {"name", "string"}, {"email", "string"}, {"campaign", "string"}, {"country", "string"}},
             {}}};
  }
  if (domain == "supply-chain") {
    return {{domain,
             "shipments",
             "internal",
             {{"shipment_id", "bigint"},
              {"order_id", "bigint"},
              {"country", "string"},
              {"delivered_on", "date"},
              {"address", "string"}},
             {"address"}}};
  }
  if (domain == "support") {
    return {{domain,
             "tickets",
             "internal",
             {{"ticket_id", "bigint"}, {"order_id", "bigint"}, {"reason", "string"}, {"opened_on", "date"}},
             {}}};
  }
  return {};  // Sales lets a crawler find its tables.
}

}  // namespace hanse::demo
