// The `hanse` program: reads the command line and hands over. Exit codes: 0 ok, 1 refused or failed, 2 usage.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "demo/demo.h"
#include "server/serve.h"
#include "server/version.h"
#include "server/worker.h"

namespace hanse {
namespace {

using cli::Format;

constexpr int kUsage = 2;

constexpr const char* kExamples =
    "Examples:\n"
    "  hanse serve --data ./mesh                    start a mesh in ./mesh (made if it is not there)\n"
    "  export AWS_SHARED_CREDENTIALS_FILE=./mesh/credentials AWS_CONFIG_FILE=./mesh/config AWS_PROFILE=management\n"
    "  aws organizations list-accounts              any AWS client works\n"
    "  hanse account create --name finance --email finance@example.com\n"
    "  hanse query --database sales --output s3://my-results/ \"SELECT count(*) FROM orders\"\n"
    "  hanse explain --who ARN --table sales.orders who may see what, and why; who-can, what-can: the other ways round\n"
    "  hanse plan -f mesh.yaml                      the mesh as one document: export, plan, apply; doctor\n"
    "  hanse audit lookup --attribute EventName --value GrantPermissions\n"
    "  hanse audit verify --data ./mesh             check the journal's chain, server running or not\n"
    "  hanse demo                                   see the whole mesh at work, in under a minute\n";

constexpr const char* kServeExamples =
    "Examples:\n"
    "  hanse serve --data ./mesh\n"
    "  hanse serve --data ./mesh --listen 0.0.0.0:7700 --portal-listen 127.0.0.1:7701 --tls-cert chain.pem --tls-key key.pem\n"
    "  export AWS_SHARED_CREDENTIALS_FILE=./mesh/credentials AWS_CONFIG_FILE=./mesh/config AWS_PROFILE=management\n"
    "  aws sts get-caller-identity\n";
constexpr const char* kDemoExamples =
    "Examples:\n"
    "  hanse demo                                   play it and stop the server\n"
    "  hanse demo --keep                            go on by hand; it prints how\n"
    "  hanse demo --data /tmp/demo --seed 7 --quiet\n";
constexpr const char* kQueryExamples =
    "Examples:\n"
    "  hanse query --profile demo-analyst --database sales \"SELECT count(*) FROM orders\"\n"
    "  hanse query --output s3://my-results/ --csv \"SELECT * FROM sales.orders LIMIT 10\" > orders.csv\n"
    "  hanse query --workgroup primary --json \"SHOW TABLES IN sales\"\n"
    "  hanse query --database sales                 a prompt: history, Tab completes, \\? helps\n"
    "  hanse query --database sales < report.sql    statements that end with ;\n"
    "  hanse query --parquet orders.parquet \"SELECT * FROM sales.orders\"\n";
constexpr const char* kLookupExamples =
    "Examples:\n"
    "  hanse audit lookup\n"
    "  hanse audit lookup --attribute EventName --value GrantPermissions\n"
    "  hanse audit lookup --attribute Username --value alice --limit 10 --json\n";
constexpr const char* kVerifyExamples =
    "Examples:\n"
    "  hanse audit verify --data ./mesh             exit code 0: nothing is missing or changed; 1: something is\n"
    "  hanse audit verify --data ./mesh --json\n";
constexpr const char* kExplainExamples =
    "Examples:\n"
    "  hanse explain --who arn:aws:iam::111122223333:role/analyst --table sales.orders\n"
    "  hanse explain --who arn:aws:iam::111122223333:user/ana --table 444455556666/sales.orders --column email --json\n";
constexpr const char* kWhoCanExamples =
    "Examples:\n"
    "  hanse who-can --table sales.orders\n"
    "  hanse who-can --table 444455556666/sales.orders --column email --json\n"
    "  hanse who-can --table sales.orders --as-of 2026-03-31\n";
constexpr const char* kWhatCanExamples =
    "Examples:\n"
    "  hanse what-can --who arn:aws:iam::111122223333:role/analyst\n";
constexpr const char* kPlanExamples =
    "Examples:\n"
    "  hanse export > mesh.yaml                     the mesh as it is\n"
    "  hanse plan -f mesh.yaml                      what would change, who gains and who loses; changes nothing\n"
    "  hanse apply -f mesh.yaml                     all of it in one transaction; a second time it changes nothing\n";
constexpr const char* kDoctorExamples =
    "Examples:\n"
    "  hanse doctor                                 every catalog that the profile oversees\n"
    "  hanse doctor --account 111122223333 --json\n"
    "  hanse doctor --sample 0                      reads no values\n"
    "Values are read as you in your own account, elsewhere as OrganizationAccountAccessRole, by its grants; each read is in the\n"
    "journal. What is said is their kind and how many are of it, never a value.\n";
constexpr const char* kUsageExamples =
    "Examples:\n"
    "  hanse usage team                             what the workgroup may scan in which period, and has scanned\n"
    "  hanse usage team --set 10GB/1h --set 100GB/7d\n"
    "  hanse usage team --clear                     nothing is limited\n"
    "A query may scan what is left; where nothing is left none starts. Periods end now: the last hour, not this one.\n";
constexpr const char* kListExamples =
    "Examples:\n"
    "  hanse account list\n"
    "  hanse account list --profile management --csv\n";
constexpr const char* kCreateExamples =
    "Examples:\n"
    "  hanse account create --name finance --email finance@example.com\n"
    "  aws sts assume-role --role-arn arn:aws:iam::ACCOUNT:role/OrganizationAccountAccessRole --role-session-name setup\n";

void AddFormat(CLI::App* command, Format* format) {
  command->add_flag_callback("--json", [format] { *format = Format::kJson; }, "one JSON document, for programs");
  command->add_flag_callback("--csv", [format] { *format = Format::kCsv; }, "CSV, for spreadsheets");
}

void AddProfile(CLI::App* command, std::string* profile) {
  command->add_option("--profile", *profile, "profile of the AWS CLI's files (default: AWS_PROFILE, else \"default\")");
}

void AddServe(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<server::ServeOptions>();
  CLI::App* serve = app.add_subcommand("serve", "Run the mesh from a data directory");
  serve->footer(kServeExamples);
  serve->add_option("--data", options->data, "the directory that holds everything; made at first start")->required();
  serve->add_option("--listen", options->listen, "AWS APIs (default 127.0.0.1:7700)");
  serve->add_option("--portal-listen", options->portal_listen,
                    "the governance API (who sees what, plans), where the portal will be (default 127.0.0.1:7701)");
  serve->add_option("--pg-listen", options->pg_listen, "PostgreSQL wire, for psql and BI tools (default 127.0.0.1:7702)");
  serve->add_option("--tls-cert", options->tls_cert, "certificate chain (PEM); needed to listen beyond this machine");
  serve->add_option("--tls-key", options->tls_key, "its private key (PEM)");
  serve->add_option("--warehouse", options->warehouses,
                    "HOST or HOST:PORT that connections of the catalog may lead to; may be repeated (default: none)");
  serve->add_option("--warehouse-ca", options->warehouse_ca,
                    "certificates that warehouses are verified by (PEM; default: the system's)");
  serve->add_option("--management-account", options->management_account, "twelve digits, at first start (default 111111111111)");
  serve->add_option("--saml-audience", options->saml_audiences,
                    "what a SAML provider calls this mesh, as audience and recipient, beside AWS's own names; may be repeated");
  serve->add_option("--history-days", options->history_days, "how far back --as-of reaches (default 0: for ever)")
      ->check(CLI::Range(0, 36'500));
  serve->callback([options, exit_code] { *exit_code = server::Serve(*options); });
}

void AddQuery(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<cli::QueryOptions>();
  CLI::App* query = app.add_subcommand("query", "Ask one SQL question through Athena, as a profile");
  query->footer(kQueryExamples);
  query->add_option("sql", options->sql, "the statement; without: a prompt, or the statements of standard input");
  AddProfile(query, &options->profile);
  query->add_option("--database", options->database, "the database that names without one mean");
  query->add_option("--output", options->output,
                    "where the answer is kept: s3://bucket/prefix/ (default: the profile's hanse_results)");
  query->add_option("--workgroup", options->workgroup, "the workgroup, where it has a place for answers");
  AddFormat(query, &options->format);
  query->add_option("--parquet", options->parquet, "the answer into this Parquet file, with its types");
  query->add_option("--usd-per-tb", options->usd_per_tb, "what a scanned terabyte is said to cost (default 5; 0: not said)");
  query->callback([options, exit_code] { *exit_code = cli::RunQuery(*options); });
}

void AddAudit(CLI::App& app, int* exit_code) {
  CLI::App* audit = app.add_subcommand("audit", "Look into the journal, or verify it");
  audit->footer("hanse audit lookup --help, hanse audit verify --help: more, with examples.\n");
  audit->require_subcommand(1);
  auto lookup = std::make_shared<cli::AuditLookup>();
  CLI::App* look = audit->add_subcommand("lookup", "Events of the profile's account, newest first");
  look->footer(kLookupExamples);
  AddProfile(look, &lookup->profile);
  CLI::Option* attribute =
      look->add_option("--attribute", lookup->attribute, "EventName, EventSource, Username, ResourceName, EventId…");
  look->add_option("--value", lookup->value, "its value")->needs(attribute);
  look->add_option("--limit", lookup->limit, "how many at most (default 50)");
  AddFormat(look, &lookup->format);
  look->callback([lookup, exit_code] { *exit_code = cli::RunAuditLookup(*lookup); });

  auto data = std::make_shared<std::string>();
  auto format = std::make_shared<Format>(Format::kTable);
  CLI::App* verify = audit->add_subcommand("verify", "Check the journal's hash chain from end to end");
  verify->footer(kVerifyExamples);
  verify->add_option("--data", *data, "the server's data directory; the server may run")->required();
  AddFormat(verify, format.get());
  verify->callback([data, format, exit_code] { *exit_code = cli::RunAuditVerify(*data, *format); });
}

void AddAccount(CLI::App& app, int* exit_code) {
  CLI::App* account = app.add_subcommand("account", "List the organisation's accounts, or make one");
  account->footer("hanse account list --help, hanse account create --help: more, with examples.\n");
  account->require_subcommand(1);
  auto profile = std::make_shared<std::string>();
  auto format = std::make_shared<Format>(Format::kTable);
  CLI::App* list = account->add_subcommand("list", "All accounts of the organisation");
  list->footer(kListExamples);
  AddProfile(list, profile.get());
  AddFormat(list, format.get());
  list->callback([profile, format, exit_code] { *exit_code = cli::RunAccountList(*profile, *format); });

  auto name = std::make_shared<std::string>();
  auto email = std::make_shared<std::string>();
  CLI::App* create = account->add_subcommand("create", "A new account with its baseline: role, key, defaults");
  create->footer(kCreateExamples);
  create->add_option("--name", *name, "what people call it")->required();
  create->add_option("--email", *email, "its address, unique in the organisation")->required();
  AddProfile(create, profile.get());
  AddFormat(create, format.get());
  create->callback(
      [profile, name, email, format, exit_code] { *exit_code = cli::RunAccountCreate(*profile, *name, *email, *format); });
}

constexpr const char* kTableForm = "[ACCOUNT/]DATABASE.TABLE; without an account the profile's own";

CLI::App* AddQuestion(CLI::App& app, const char* name, const char* about, const char* examples,
                      const std::shared_ptr<cli::AccessQuestion>& question) {
  CLI::App* command = app.add_subcommand(name, about);
  command->footer(examples);
  AddProfile(command, &question->profile);
  command->add_option("--as-of", question->as_of, "a past day or moment: 2026-03-31, 2026-03-31T12:00:00Z");
  command->add_flag("--json", question->json, "the whole answer as one JSON document");
  return command;
}

void AddAccess(CLI::App& app, int* exit_code) {
  auto question = std::make_shared<cli::AccessQuestion>();
  CLI::App* explain = AddQuestion(app, "explain", "What a principal may do with a table, and why", kExplainExamples, question);
  explain->add_option("--who", question->who, "ARN of a user or role, or of a user or group of a SAML provider")->required();
  explain->add_option("--table", question->table, kTableForm)->required();
  explain->add_option("--column", question->column, "this column alone");
  explain->callback([question, exit_code] { *exit_code = cli::RunExplain(*question); });
  CLI::App* who = AddQuestion(app, "who-can", "Everybody who sees something of a table", kWhoCanExamples, question);
  who->add_option("--table", question->table, kTableForm)->required();
  who->add_option("--column", question->column, "only those who read this column");
  who->callback([question, exit_code] { *exit_code = cli::RunWhoCan(*question); });
  CLI::App* what = AddQuestion(app, "what-can", "Every table of which a principal sees something", kWhatCanExamples, question);
  what->add_option("--who", question->who, "ARN of a user or role, or of a user or group of a SAML provider")->required();
  what->callback([question, exit_code] { *exit_code = cli::RunWhatCan(*question); });
}

void AddMeshFile(CLI::App& app, const char* name, const char* about, int (*run)(const cli::MeshFile&), int* exit_code) {
  auto file = std::make_shared<cli::MeshFile>();
  CLI::App* command = app.add_subcommand(name, about);
  command->footer(kPlanExamples);
  AddProfile(command, &file->profile);
  command->add_option("-f,--file", file->path, "the mesh document (YAML); - is standard input")->required();
  command->add_flag("--json", file->json, "the whole answer as one JSON document");
  command->callback([file, run, exit_code] { *exit_code = run(*file); });
}

void AddMesh(CLI::App& app, int* exit_code) {
  AddMeshFile(app, "plan", "What a mesh document would change: who gains and who loses", &cli::RunPlan, exit_code);
  AddMeshFile(app, "apply", "Make the mesh as a document says, in one transaction", &cli::RunApply, exit_code);
  auto options = std::make_shared<cli::DoctorOptions>();
  CLI::App* write = app.add_subcommand("export", "The mesh as it is, as a document");
  write->footer(kPlanExamples);
  AddProfile(write, &options->profile);
  write->add_option("--account", options->accounts, "only these accounts' catalogs");
  write->callback([options, exit_code] { *exit_code = cli::RunExport(options->profile, options->accounts); });
  CLI::App* doctor = app.add_subcommand("doctor", "What is risky or forgotten, each with the command that mends it");
  doctor->footer(kDoctorExamples);
  AddProfile(doctor, &options->profile);
  doctor->add_option("--account", options->accounts, "only these accounts' catalogs");
  doctor->add_option("--sample", options->sample, "of how many tables a few values are looked at (default 50, 0: none)")
      ->check(CLI::Range(0, 10'000));
  doctor->add_flag("--json", options->json, "the whole answer as one JSON document");
  doctor->callback([options, exit_code] { *exit_code = cli::RunDoctor(*options); });
}

void AddUsage(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<cli::UsageOptions>();
  CLI::App* usage = app.add_subcommand("usage", "What the queries of a workgroup may scan in a period, and have scanned");
  usage->footer(kUsageExamples);
  usage->add_option("workgroup", options->workgroup, "the workgroup")->required();
  AddProfile(usage, &options->profile);
  auto* set = usage->add_option("--set", options->set, "BYTES/PERIOD, as 10GB/1h; replaces all there is");
  usage->add_flag("--clear", options->clear, "takes all limits away")->excludes(set);
  AddFormat(usage, &options->format);
  usage->callback([options, exit_code] { *exit_code = cli::RunUsage(*options); });
}

void AddDemo(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<demo::DemoOptions>();
  CLI::App* demo = app.add_subcommand("demo", "Play a whole company's mesh over the wire, in under a minute");
  demo->footer(kDemoExamples);
  demo->add_option("--data", options->data, "its data directory, laid anew (default ./hanse-demo)");
  demo->add_option("--seed", options->seed, "another seed, other data");
  demo->add_flag("--keep", options->keep, "leave the server running");
  demo->add_flag("--quiet", options->quiet, "print the closing table alone");
  demo->callback([options, exit_code] { *exit_code = demo::RunDemo(*options); });
}

int Main(int argc, char** argv) {
  int exit_code = 0;
  CLI::App app{"Hanse: a secure data mesh in one program"};
  app.footer(kExamples);
  app.set_version_flag("--version", fmt::format("hanse {}", server::kVersion));
  app.require_subcommand(1);
  AddServe(app, &exit_code);
  AddDemo(app, &exit_code);
  AddQuery(app, &exit_code);
  AddUsage(app, &exit_code);
  AddAudit(app, &exit_code);
  AddAccount(app, &exit_code);
  AddAccess(app, &exit_code);
  AddMesh(app, &exit_code);
  int worker_fd = -1;
  CLI::App* worker = app.add_subcommand("worker", "")->group("");  // Started by the server alone.
  worker->add_option("--fd", worker_fd)->required();
  worker->callback([&] { exit_code = server::Worker(worker_fd); });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace hanse

int main(int argc, char** argv) { return hanse::Main(argc, argv); }
