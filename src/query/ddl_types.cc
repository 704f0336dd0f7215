// How Athena names statements about the catalog (ddl_parse.h).
#include "query/ddl_parse.h"

namespace hanse::query {

std::string_view SubtypeOf(DdlVerb verb) {
  switch (verb) {
    case DdlVerb::kShowDatabases: return "SHOW_DATABASES";
    case DdlVerb::kShowTables: return "SHOW_TABLES";
    case DdlVerb::kShowViews: return "SHOW_VIEWS";
    case DdlVerb::kShowPartitions: return "SHOW_PARTITIONS";
    case DdlVerb::kShowColumns: return "SHOW_COLUMNS";
    case DdlVerb::kShowCreateTable: return "SHOW_CREATE_TABLE";
    case DdlVerb::kShowCreateView: return "SHOW_CREATE_VIEW";
    case DdlVerb::kShowProperties: return "SHOW_TBLPROPERTIES";
    case DdlVerb::kShowFunctions: return "SHOW_FUNCTIONS";
    case DdlVerb::kDescribe: return "DESCRIBE_TABLE";
    case DdlVerb::kDescribeView: return "DESCRIBE_VIEW";
    case DdlVerb::kCreateDatabase: return "CREATE_DATABASE";
    case DdlVerb::kAlterDatabase: return "ALTER_DATABASE";
    case DdlVerb::kDropDatabase: return "DROP_DATABASE";
    case DdlVerb::kCreateTable: return "CREATE_TABLE";
    case DdlVerb::kDropTable: return "DROP_TABLE";
    case DdlVerb::kRepairTable: return "MSCK_REPAIR_TABLE";
    case DdlVerb::kAddColumns: return "ALTER_TABLE_ADD_COLUMN";
    case DdlVerb::kReplaceColumns: return "ALTER_TABLE_REPLACE_COLUMN";
    case DdlVerb::kChangeColumn: return "ALTER_TABLE_CHANGE_COLUMN";
    case DdlVerb::kDropColumn: return "ALTER_TABLE_DROP_COLUMN";
    case DdlVerb::kSetProperties:
    case DdlVerb::kUnsetProperties: return "ALTER_TABLE_PROPERTIES";
    case DdlVerb::kSetLocation: return "ALTER_TABLE_SET_LOCATION";
    case DdlVerb::kAddPartitions: return "ALTER_TABLE_ADD_PARTITION";
    case DdlVerb::kDropPartitions: return "ALTER_TABLE_DROP_PARTITION";
    case DdlVerb::kRenamePartition: return "ALTER_TABLE_RENAME_PARTITION";
    case DdlVerb::kCreateView: return "CREATE_VIEW";
    case DdlVerb::kCreateDefinerView: return "CREATE_PROTECTED_MULTI_DIALECT_VIEW";
    case DdlVerb::kAlterDialect: return "ALTER_VIEW_DIALECT";
    case DdlVerb::kDropView: return "DROP_VIEW";
  }
  return "";
}

std::string_view TypeOf(DdlVerb verb) { return verb <= DdlVerb::kDescribeView ? "UTILITY" : "DDL"; }

}  // namespace hanse::query
