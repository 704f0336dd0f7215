// What a Java program does with the shop's database: java -cp postgresql.jar Shop.java URL USER PASSWORD. Prints a line a fact.
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

public class Shop {
  static String column(ResultSet rows, String name) throws SQLException {
    List<String> values = new ArrayList<>();
    while (rows.next()) values.add(rows.getString(name));
    return String.join(",", values);
  }

  static void metadata(Connection connection) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    System.out.println("product " + metadata.getDatabaseProductName() + " " + metadata.getDatabaseMajorVersion());
    System.out.println("catalogs " + column(metadata.getCatalogs(), "TABLE_CAT"));
    System.out.println("schemas " + column(metadata.getSchemas(), "TABLE_SCHEM"));
    System.out.println("tables " + column(metadata.getTables(null, "shop", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME"));
    try (ResultSet rows = metadata.getColumns(null, "shop", "orders", "%")) {
      while (rows.next()) {
        System.out.println("column " + rows.getString("COLUMN_NAME") + " " + rows.getInt("DATA_TYPE") + " " + rows.getString("TYPE_NAME")
            + " " + rows.getInt("COLUMN_SIZE") + " " + rows.getInt("DECIMAL_DIGITS"));
      }
    }
    System.out.println("keys " + column(metadata.getPrimaryKeys(null, "shop", "orders"), "COLUMN_NAME")
        + column(metadata.getImportedKeys(null, "shop", "orders"), "FKCOLUMN_NAME")
        + column(metadata.getIndexInfo(null, "shop", "orders", false, false), "INDEX_NAME"));
    System.out.println("kinds " + column(metadata.getTableTypes(), "TABLE_TYPE").contains("VIEW"));
    System.out.println("types " + column(metadata.getTypeInfo(), "TYPE_NAME").contains("numeric"));
    System.out.println("functions " + column(metadata.getFunctions(null, "shop", "%"), "FUNCTION_NAME"));
  }

  static void values(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT id, country, day, price FROM orders WHERE id >= ? ORDER BY id")) {
      for (int i = 0; i < 7; ++i) {  // From the fifth time on the driver asks for binary values.
        query.setLong(1, 2);
        try (ResultSet rows = query.executeQuery()) {
          while (rows.next()) {
            if (i == 0 || i == 6) {
              System.out.println("row " + rows.getLong(1) + " " + rows.getString(2) + " " + rows.getDate(3) + " " + rows.getBigDecimal(4));
            }
          }
        }
      }
    }
  }

  static void parts(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1000);
      long sum = 0;
      try (ResultSet rows = statement.executeQuery("SELECT n FROM numbers")) {
        while (rows.next()) sum += rows.getLong(1);
      }
      System.out.println("sum " + sum);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  public static void main(String[] arguments) throws Exception {
    try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
      metadata(connection);
      values(connection);
      parts(connection);
      try (Statement statement = connection.createStatement()) {
        statement.executeQuery("SELECT nope FROM orders");
      } catch (SQLException error) {
        System.out.println("error " + error.getSQLState());
      }
      System.out.println("valid " + connection.isValid(5) + " " + connection.getSchema());
    }
  }
}
