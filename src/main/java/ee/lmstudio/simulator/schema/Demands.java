package ee.lmstudio.simulator.schema;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * All schemas that one value must obey: references and {@code allOf} are followed, and of {@code
 * anyOf}, {@code oneOf} and {@code if} one branch is chosen. Used by one thread.
 */
final class Demands {
  private static final List<String> CHECKED =
      List.of(
          "not",
          "if",
          "oneOf",
          "anyOf",
          "contains",
          "propertyNames",
          "dependentSchemas",
          "dependencies",
          "unevaluatedProperties",
          "unevaluatedItems");

  private final SchemaDocument document;
  private final Budget budget;
  private final Turn turn;
  private final boolean small;
  private final Set<JsonValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<JsonObject> all = new ArrayList<>();

  /**
   * @param small whether to prefer the branches with the smallest values
   */
  Demands(SchemaDocument document, Budget budget, Turn turn, boolean small) {
    this.document = document;
    this.budget = budget;
    this.turn = turn;
    this.small = small;
  }

  /**
   * Adds schemas, with all that they refer to. Returns whether there was a new one.
   *
   * @throws NoValue if one of them allows nothing
   */
  boolean add(List<JsonValue> schemas) {
    int before = all.size();
    Deque<JsonValue> open = new ArrayDeque<>(schemas);
    while (!open.isEmpty()) {
      JsonValue next = open.remove();
      budget.steps(1);
      if (next == JsonValue.FALSE) {
        throw NoValue.because("nothing is allowed here");
      }
      if (next == JsonValue.TRUE) {
        continue;
      }
      if (!(next instanceof JsonObject schema)) {
        throw NoValue.because("a schema must be an object or a boolean, but one is " + next);
      }
      if (seen.add(schema)) {
        all.add(schema);
        open.addAll(within(schema));
      }
    }
    return all.size() > before;
  }

  private List<JsonValue> within(JsonObject schema) {
    List<JsonValue> more = new ArrayList<>(SchemaDocument.list(schema, "allOf"));
    JsonValue target = document.target(schema);
    if (target != null) {
      more.add(target);
    }
    for (String union : List.of("anyOf", "oneOf")) {
      List<JsonValue> branches = SchemaDocument.list(schema, union);
      if (!branches.isEmpty()) {
        more.add(sorted(branches).get(turn.pick(branches.size())));
      }
    }
    if (schema.containsKey("if")) {
      if (turn.pick(2) == 0) {
        more.add(schema.get("if"));
        more.add(schema.getOrDefault("then", JsonValue.TRUE));
      } else {
        more.add(schema.getOrDefault("else", JsonValue.TRUE));
      }
    }
    return more;
  }

  private List<JsonValue> sorted(List<JsonValue> branches) {
    return branches.stream()
        .sorted(
            Comparator.comparingInt(
                branch -> {
                  int height = document.height(branch);
                  return small || height == SchemaDocument.ENDLESS ? height : 0;
                }))
        .toList();
  }

  List<JsonObject> all() {
    return all;
  }

  /** Returns whether a value must be checked, because it could obey them only by chance. */
  boolean needCheck() {
    return all.stream().anyMatch(schema -> CHECKED.stream().anyMatch(schema::containsKey));
  }
}
