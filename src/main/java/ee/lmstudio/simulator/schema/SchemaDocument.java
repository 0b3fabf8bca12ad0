package ee.lmstudio.simulator.schema;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A schema as a request sent it. It resolves references, and knows how deep the smallest value of
 * each part is, so that recursion ends. Used by one thread.
 */
final class SchemaDocument {

  /** The height of a schema whose values have no end, or that allows no value. */
  static final int ENDLESS = 1_000_000;

  private static final int MAX_PARTS = 20_000;
  private static final Set<String> SINGLE =
      Set.of(
          "items",
          "additionalItems",
          "unevaluatedItems",
          "contains",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "not",
          "if",
          "then",
          "else");
  private static final List<String> LISTS =
      List.of("allOf", "anyOf", "oneOf", "prefixItems", "items");
  private static final List<String> MAPS =
      List.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "dependencies",
          "$defs",
          "definitions");

  private final JsonValue root;
  private final Map<String, JsonValue> named = new HashMap<>();

  /** The parts of the schema, in the order in which they were found, and their heights. */
  private final Map<JsonValue, Integer> heights = new IdentityHashMap<>();

  private final List<JsonValue> parts = new ArrayList<>();

  /**
   * @throws NoValue if the schema is too large, or if all its values are too deep
   */
  SchemaDocument(JsonValue root) {
    this.root = root;
    named.put("", root);
    collect(root);
    settleHeights();
    if (height(root) > Budget.MAX_DEPTH) {
      throw NoValue.because(
          "it allows no value, or only values that are nested deeper than "
              + Budget.MAX_DEPTH
              + " levels");
    }
  }

  private void collect(JsonValue start) {
    Deque<JsonValue> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      JsonValue part = open.remove();
      if (heights.putIfAbsent(part, ENDLESS) != null) {
        continue;
      }
      parts.add(part);
      if (parts.size() > MAX_PARTS) {
        throw NoValue.overLimit("it has more than " + MAX_PARTS + " parts");
      }
      if (part instanceof JsonObject schema) {
        name(schema);
        open.addAll(children(schema));
      }
    }
  }

  private void name(JsonObject schema) {
    if (schema.get("$id") instanceof JsonString id) {
      named.put(withoutEmptyFragment(id.getString()), schema);
    }
    for (String keyword : List.of("$anchor", "$dynamicAnchor")) {
      if (schema.get(keyword) instanceof JsonString anchor) {
        named.putIfAbsent("#" + anchor.getString(), schema);
      }
    }
  }

  private List<JsonValue> children(JsonObject schema) {
    List<JsonValue> children = new ArrayList<>();
    SINGLE.forEach(
        keyword -> {
          if (isSchema(schema.get(keyword))) {
            children.add(schema.get(keyword));
          }
        });
    LISTS.forEach(keyword -> children.addAll(list(schema, keyword)));
    for (String keyword : MAPS) {
      Collection<JsonValue> values = map(schema, keyword).values();
      values.stream().filter(SchemaDocument::isSchema).forEach(children::add);
    }
    JsonValue target = targetIfAny(schema);
    if (target != null) {
      children.add(target);
    }
    return children;
  }

  private static boolean isSchema(JsonValue value) {
    return value instanceof JsonObject || value == JsonValue.TRUE || value == JsonValue.FALSE;
  }

  /** Returns the values of a keyword that is a list; none if it is anything else. */
  static List<JsonValue> list(JsonObject schema, String keyword) {
    return schema.get(keyword) instanceof JsonArray values ? values : List.of();
  }

  /** Returns the values of a keyword that is an object; none if it is anything else. */
  static Map<String, JsonValue> map(JsonObject schema, String keyword) {
    return schema.get(keyword) instanceof JsonObject values ? values : Map.of();
  }

  /** Returns the texts of a keyword that is a list of texts. */
  static List<String> texts(JsonValue list) {
    return list instanceof JsonArray values
        ? values.stream()
            .filter(JsonString.class::isInstance)
            .map(value -> ((JsonString) value).getString())
            .toList()
        : List.of();
  }

  /** Returns a size such as {@code minItems}, without its fraction; -1 if there is none. */
  static long size(JsonObject schema, String keyword) {
    return schema.get(keyword) instanceof JsonNumber number
        ? Math.max(0, Math.round(Math.min(number.doubleValue(), 1e15)))
        : -1;
  }

  /** Returns the schema that {@code schema} refers to; null if it has no reference. */
  JsonValue target(JsonObject schema) {
    for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
      if (schema.get(keyword) instanceof JsonString reference) {
        return resolve(reference.getString());
      }
    }
    return null;
  }

  private JsonValue resolve(String reference) {
    JsonValue exact = named.get(withoutEmptyFragment(reference));
    if (exact != null) {
      return exact;
    }
    int hash = reference.indexOf('#');
    JsonValue start = hash < 0 ? null : named.get(reference.substring(0, hash));
    JsonValue found = start == null ? null : follow(start, reference.substring(hash + 1));
    if (found == null) {
      throw NoValue.because("the reference '" + reference + "' leads to nothing in the schema");
    }
    return found;
  }

  private static String withoutEmptyFragment(String reference) {
    return reference.endsWith("#") ? reference.substring(0, reference.length() - 1) : reference;
  }

  private static JsonValue follow(JsonValue start, String pointer) {
    if (!pointer.startsWith("/")) {
      return null;
    }
    JsonValue here = start;
    for (String step : pointer.substring(1).split("/", -1)) {
      String name = decoded(step).replace("~1", "/").replace("~0", "~");
      here =
          switch (here) {
            case JsonObject object -> object.get(name);
            case JsonArray array when name.matches("\\d{1,6}") ->
                Integer.parseInt(name) < array.size() ? array.get(Integer.parseInt(name)) : null;
            default -> null;
          };
      if (here == null) {
        return null;
      }
    }
    return here;
  }

  private static String decoded(String step) {
    try {
      return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return step; // A percent sign that is part of the name.
    }
  }

  /** Returns how deep the smallest value of {@code schema} is nested, as an estimate. */
  int height(JsonValue schema) {
    return heights.getOrDefault(schema, 0);
  }

  private void settleHeights() {
    boolean changed = true;
    for (int round = 0; changed && round <= Budget.MAX_DEPTH; round++) {
      changed = false;
      for (int i = parts.size() - 1; i >= 0; i--) {
        int height = computed(parts.get(i));
        changed |= heights.put(parts.get(i), height) != height;
      }
    }
  }

  private int computed(JsonValue part) {
    if (!(part instanceof JsonObject schema)) {
      return part == JsonValue.FALSE ? ENDLESS : 0;
    }
    if (schema.containsKey("const") || schema.containsKey("enum")) {
      return 0;
    }
    int height = ownHeight(schema);
    JsonValue target = targetIfAny(schema);
    if (target != null) {
      height = Math.max(height, height(target));
    }
    for (JsonValue each : list(schema, "allOf")) {
      height = Math.max(height, height(each));
    }
    for (String union : List.of("anyOf", "oneOf")) {
      height =
          Math.max(height, list(schema, union).stream().mapToInt(this::height).min().orElse(0));
    }
    return height;
  }

  private JsonValue targetIfAny(JsonObject schema) {
    try {
      return target(schema);
    } catch (NoValue unresolved) {
      return JsonValue.TRUE; // Reported if the reference is needed.
    }
  }

  private int ownHeight(JsonObject schema) {
    List<String> types = Types.of(schema);
    return types.stream().mapToInt(type -> ownHeight(schema, type)).min().orElse(0);
  }

  private int ownHeight(JsonObject schema, String type) {
    return switch (type) {
      case "object" ->
          texts(schema.get("required")).stream()
              .mapToInt(name -> 1 + height(property(schema, name)))
              .max()
              .orElse(0);
      case "array" -> size(schema, "minItems") > 0 ? 1 + height(firstItem(schema)) : 0;
      default -> 0;
    };
  }

  private static JsonValue property(JsonObject schema, String name) {
    JsonValue property = map(schema, "properties").get(name);
    return isSchema(property) ? property : JsonValue.TRUE;
  }

  private static JsonValue firstItem(JsonObject schema) {
    List<JsonValue> first = list(schema, "prefixItems");
    JsonValue item = first.isEmpty() ? schema.get("items") : first.getFirst();
    return isSchema(item) ? item : JsonValue.TRUE;
  }
}
