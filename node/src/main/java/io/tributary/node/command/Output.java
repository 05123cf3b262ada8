package io.tributary.node.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prints results as aligned text for people or as JSON for programs. */
record Output(boolean json, PrintWriter out) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Rows with the same keys: a table, or a JSON array. */
  void table(List<? extends Map<String, ?>> rows) {
    if (json) {
      value(rows);
      return;
    }
    if (rows.isEmpty()) {
      out.println("(none)");
      out.flush();
      return;
    }
    List<String> columns = new ArrayList<>(rows.getFirst().keySet());
    int[] widths = columns.stream().mapToInt(String::length).toArray();
    for (Map<String, ?> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], String.valueOf(row.get(columns.get(i))).length());
      }
    }
    line(columns, widths);
    for (Map<String, ?> row : rows) {
      line(columns.stream().map(column -> String.valueOf(row.get(column))).toList(), widths);
    }
    out.flush();
  }

  private void line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(String.format("%-" + widths[i] + "s  ", cells.get(i)));
    }
    out.println(line.toString().stripTrailing());
  }

  /** What was done: a sentence, or the facts as JSON. */
  void done(String sentence, Map<String, ?> facts) {
    if (json) {
      value(facts);
    } else {
      out.println(sentence);
      out.flush();
    }
  }

  private void value(Object value) {
    try {
      out.println(MAPPER.writeValueAsString(value));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
