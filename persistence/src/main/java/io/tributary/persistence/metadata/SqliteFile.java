package io.tributary.persistence.metadata;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * The SQLite file of a {@link SqliteMetadataStore}, used by its thread alone. Every call stands in
 * a SQLite transaction, which {@link #commit} or {@link #rollBack} ends.
 *
 * <p>SQLite's own exclusive lock is held from opening to closing; the kernel drops it when the
 * process ends, however it ends.
 */
final class SqliteFile implements AutoCloseable {
  private static final int FORMAT = 1;
  private static final String SYNCHRONOUS_FULL = "2";

  private final Connection connection;
  private Statements statements;
  private long committedRevision;
  private long revision;

  /** The driver ends a statement that failed for good, so these live until a transaction fails. */
  private static final class Statements implements AutoCloseable {
    final PreparedStatement select;
    final PreparedStatement selectFrom;
    final PreparedStatement upsert;
    final PreparedStatement delete;
    final PreparedStatement selectKeys;
    final PreparedStatement deleteRange;
    final PreparedStatement updateRevision;

    Statements(Connection connection) throws SQLException {
      select = connection.prepareStatement("SELECT key, value, version FROM entry WHERE key = ?");
      selectFrom =
          connection.prepareStatement(
              "SELECT key, value, version FROM entry WHERE key >= ? ORDER BY key");
      upsert =
          connection.prepareStatement(
              """
              INSERT INTO entry (key, value, version) VALUES (?, ?, ?)
              ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = excluded.version
              """);
      delete = connection.prepareStatement("DELETE FROM entry WHERE key = ?");
      selectKeys = connection.prepareStatement("SELECT key FROM entry WHERE key >= ? AND key < ?");
      deleteRange = connection.prepareStatement("DELETE FROM entry WHERE key >= ? AND key < ?");
      updateRevision = connection.prepareStatement("UPDATE store SET revision = ?");
    }

    @Override
    public void close() throws SQLException {
      for (PreparedStatement one :
          List.of(select, selectFrom, upsert, delete, selectKeys, deleteRange, updateRevision)) {
        one.close();
      }
    }
  }

  private SqliteFile(Connection connection) throws SQLException {
    this.connection = connection;
    statements = new Statements(connection);
    committedRevision = Long.parseLong(pragma(connection, "SELECT revision FROM store"));
    revision = committedRevision;
  }

  /**
   * @throws IllegalStateException it cannot be used, or another process holds it
   */
  static SqliteFile open(Path path, boolean fsync) {
    Path file = path.toAbsolutePath().normalize();
    try {
      createFolderOf(file);
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try {
        prepare(connection, fsync);
        return new SqliteFile(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      boolean isHeld = e.getErrorCode() == SQLiteErrorCode.SQLITE_BUSY.code;
      throw new IllegalStateException(
          isHeld
              ? "the metadata file " + file + " is held by another process; end that one first"
              : "the metadata file " + file + " cannot be used: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new IllegalStateException("the folder of " + file + " cannot be made: " + e, e);
    }
  }

  /** SQLite forces the names of its files, but not those of the folders above. */
  private static void createFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException("it is a root folder");
    }
    Files.createDirectories(folder);
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      try (FileChannel channel = FileChannel.open(above, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (AccessDeniedException _) {
        // A folder that is closed to us was not made by us.
        return;
      }
    }
  }

  private static void prepare(Connection connection, boolean fsync) throws SQLException {
    pragma(connection, "PRAGMA locking_mode = EXCLUSIVE");
    require("journal_mode", "wal", pragma(connection, "PRAGMA journal_mode = WAL"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA synchronous = " + (fsync ? "FULL" : "OFF"));
    }
    if (fsync) {
      require("synchronous", SYNCHRONOUS_FULL, pragma(connection, "PRAGMA synchronous"));
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS entry (
            key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL, version INTEGER NOT NULL)
          """);
      statement.execute(
          "CREATE TABLE IF NOT EXISTS store (format INTEGER NOT NULL, revision INTEGER NOT NULL)");
      statement.execute(
          "INSERT INTO store SELECT " + FORMAT + ", 1 WHERE NOT EXISTS (SELECT 1 FROM store)");
    }
    connection.commit();
    require("format", String.valueOf(FORMAT), pragma(connection, "SELECT format FROM store"));
  }

  private static void require(String what, String wanted, String found) throws SQLException {
    if (!wanted.equals(found)) {
      throw new SQLException(what + " is " + found + ", must be " + wanted);
    }
  }

  /** The one value that {@code query} gives. */
  private static String pragma(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  /** As of the transaction that runs. */
  long revision() {
    return revision;
  }

  /** What the writes that follow are stamped with. */
  void nextRevision() {
    revision++;
  }

  Optional<Entry> get(String key) throws SQLException {
    statements.select.setString(1, key);
    try (ResultSet row = statements.select.executeQuery()) {
      return row.next() ? Optional.of(entry(row)) : Optional.empty();
    }
  }

  List<Entry> range(String prefix) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    statements.selectFrom.setString(1, prefix);
    try (ResultSet row = statements.selectFrom.executeQuery()) {
      while (row.next() && row.getString(1).startsWith(prefix)) {
        entries.add(entry(row));
      }
    }
    return entries;
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(row.getString(1), Bytes.wrap(row.getBytes(2)), row.getLong(3));
  }

  void put(String key, Bytes value) throws SQLException {
    statements.upsert.setString(1, key);
    statements.upsert.setBytes(2, value.toByteArray());
    statements.upsert.setLong(3, revision);
    statements.upsert.executeUpdate();
  }

  void delete(String key) throws SQLException {
    statements.delete.setString(1, key);
    statements.delete.executeUpdate();
  }

  /** Returns the keys that were there. */
  List<String> deleteRange(String from, String to) throws SQLException {
    List<String> keys = new ArrayList<>();
    statements.selectKeys.setString(1, from);
    statements.selectKeys.setString(2, to);
    try (ResultSet row = statements.selectKeys.executeQuery()) {
      while (row.next()) {
        keys.add(row.getString(1));
      }
    }
    statements.deleteRange.setString(1, from);
    statements.deleteRange.setString(2, to);
    statements.deleteRange.executeUpdate();
    return keys;
  }

  void commit() throws SQLException {
    if (revision != committedRevision) {
      statements.updateRevision.setLong(1, revision);
      statements.updateRevision.executeUpdate();
    }
    connection.commit();
    committedRevision = revision;
  }

  void rollBack() throws SQLException {
    revision = committedRevision;
    statements.close();
    statements = new Statements(connection);
    try {
      connection.rollback();
    } catch (SQLException _) {
      // A full disk makes SQLite roll back by itself. Without a new transaction every statement
      // that follows would commit alone.
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
