package ee.lmstudio.simulator.schema;

import static ee.lmstudio.simulator.schema.ValueMaker.JSON;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Makes objects and arrays. Used by one thread. */
final class ContainerMaker {
  private static final int USUAL_ITEMS = 2;
  private static final int USUAL_EXTRA_PROPERTIES = 2;
  private static final int MAX_TRIES = 64;

  private final ValueMaker values;
  private final SchemaCheck check;
  private final TextMaker texts;
  private final RandomGenerator random;
  private final Budget budget;

  ContainerMaker(
      ValueMaker values,
      SchemaCheck check,
      TextMaker texts,
      RandomGenerator random,
      Budget budget) {
    this.values = values;
    this.check = check;
    this.texts = texts;
    this.random = random;
    this.budget = budget;
  }

  /** The limits of a number of members: the largest minimum and the smallest maximum. */
  private record Count(long least, long most) {
    static Count of(List<JsonObject> schemas, String least, String most) {
      long low = 0;
      long high = Long.MAX_VALUE;
      for (JsonObject schema : schemas) {
        low = Math.max(low, SchemaDocument.size(schema, least));
        long limit = SchemaDocument.size(schema, most);
        high = limit < 0 ? high : Math.min(high, limit);
      }
      Budget.requireValues(low);
      if (low > high) {
        throw NoValue.because(least + " is " + low + ", but " + most + " is " + high);
      }
      return new Count(low, high);
    }
  }

  /** Returns an object. In every second turn, and if it is to be small, it has what it needs. */
  JsonObject object(Demands demands, Turn turn, int depth, boolean small) {
    List<JsonObject> schemas = demands.all();
    Count count = Count.of(schemas, "minProperties", "maxProperties");
    Set<String> required = required(schemas, Set.of());
    Set<String> listed = new LinkedHashSet<>();
    schemas.forEach(schema -> listed.addAll(SchemaDocument.map(schema, "properties").keySet()));
    boolean choice = !required.containsAll(listed);
    boolean lean = small || (choice && turn.pick(2) == 1);
    Set<String> names = new LinkedHashSet<>(listed);
    if (lean) {
      names.retainAll(required);
    }
    names.addAll(required);
    JsonObject object = members(demands, names, count, turn.rest(), depth, lean);
    // A property can require others, and can bring schemas for the whole object.
    for (boolean more = true; more; ) {
      List<JsonValue> brought = new ArrayList<>();
      for (String name : object.keySet()) {
        schemas.forEach(schema -> brought.addAll(SchemaCheck.dependentSchemas(schema, name)));
      }
      Set<String> needed = required(schemas, object.keySet());
      more = demands.add(brought) || !object.keySet().containsAll(needed);
      if (more) {
        names.retainAll(object.keySet());
        names.addAll(required(schemas, object.keySet()));
        object = members(demands, names, count, turn.rest(), depth, lean);
      }
    }
    return object;
  }

  /** Returns the names that an object needs if it has {@code present}. */
  private static Set<String> required(List<JsonObject> schemas, Set<String> present) {
    Set<String> names = new LinkedHashSet<>();
    schemas.forEach(schema -> names.addAll(SchemaDocument.texts(schema.get("required"))));
    Set<String> open = new LinkedHashSet<>(names);
    open.addAll(present);
    while (!open.isEmpty()) {
      Set<String> more = new LinkedHashSet<>();
      for (String name : open) {
        schemas.forEach(schema -> more.addAll(SchemaCheck.dependent(schema, name)));
      }
      more.removeAll(names);
      names.addAll(more);
      open = more;
    }
    return names;
  }

  private JsonObject members(
      Demands demands, Set<String> names, Count count, int turn, int depth, boolean lean) {
    List<JsonObject> schemas = demands.all();
    Set<String> required = required(schemas, Set.of());
    Budget.requireValues(names.size());
    if (required.size() > count.most()) {
      throw NoValue.because(
          required.size() + " properties are required, but maxProperties is " + count.most());
    }
    long spare = count.most() - required.size();
    JsonObjectBuilder members = JSON.createObjectBuilder();
    Set<String> written = new HashSet<>();
    for (String name : names) {
      boolean optional = !required.contains(name);
      if (optional && spare == 0) {
        continue;
      }
      try {
        members.add(name, values.value(ofProperty(schemas, name), depth + 1, turn));
        written.add(name);
        spare -= optional ? 1 : 0;
      } catch (NoValue failed) {
        if (!optional || failed.isOverLimit()) {
          throw failed.within(name);
        }
      }
    }
    long wanted = Math.max(count.least(), lean || !isMap(schemas) ? 0 : USUAL_EXTRA_PROPERTIES);
    extra(
        members,
        written,
        schemas,
        new Count(count.least(), Math.min(wanted, count.most())),
        turn,
        depth);
    return members.build();
  }

  /** Returns whether the names of the properties are free, as in a map. */
  private static boolean isMap(List<JsonObject> schemas) {
    return schemas.stream().noneMatch(schema -> schema.containsKey("properties"))
        && schemas.stream()
            .anyMatch(
                schema ->
                    schema.get("additionalProperties") instanceof JsonObject
                        || schema.containsKey("patternProperties"));
  }

  private void extra(
      JsonObjectBuilder members,
      Set<String> written,
      List<JsonObject> schemas,
      Count count,
      int turn,
      int depth) {
    long tries = count.most() + MAX_TRIES;
    NoValue last = NoValue.because("no more names are allowed");
    for (int i = 0; i < tries && written.size() < count.most(); i++) {
      try {
        String name = name(schemas, i, depth);
        if (!written.contains(name)) {
          members.add(name, values.value(ofProperty(schemas, name), depth + 1, turn));
          written.add(name);
        }
      } catch (NoValue failed) {
        if (failed.isOverLimit()) {
          throw failed;
        }
        last = failed;
      }
    }
    if (written.size() < count.least()) {
      throw last.within("minProperties is " + count.least());
    }
  }

  /** Returns a name that no schema lists, or an optional one that was left out. */
  private String name(List<JsonObject> schemas, int turn, int depth) {
    List<String> optional = new ArrayList<>();
    List<String> patterns = new ArrayList<>();
    List<JsonValue> naming = new ArrayList<>();
    for (JsonObject schema : schemas) {
      optional.addAll(SchemaDocument.map(schema, "properties").keySet());
      patterns.addAll(SchemaDocument.map(schema, "patternProperties").keySet());
      if (schema.containsKey("propertyNames")) {
        naming.add(schema.get("propertyNames"));
      }
    }
    if (turn < optional.size()) {
      return optional.get(turn);
    }
    int number = turn - optional.size();
    if (!naming.isEmpty()) {
      naming.add(JSON.createObjectBuilder().add("type", "string").build());
      return ((JsonString) values.value(naming, depth + 1, number)).getString();
    }
    if (!patterns.isEmpty() && number % 2 == 0) {
      String pattern = patterns.get(number / 2 % patterns.size());
      return check.regex(pattern).write(random, number, budget);
    }
    return texts.name(number);
  }

  private List<JsonValue> ofProperty(List<JsonObject> schemas, String name) {
    List<JsonValue> all = new ArrayList<>();
    List<JsonValue> naming = new ArrayList<>();
    for (JsonObject schema : schemas) {
      budget.steps(1);
      all.addAll(check.property(schema, name));
      if (schema.containsKey("propertyNames")) {
        naming.add(schema.get("propertyNames"));
      }
    }
    if (all.isEmpty()) {
      schemas.stream()
          .filter(schema -> schema.containsKey("unevaluatedProperties"))
          .forEach(schema -> all.add(schema.get("unevaluatedProperties")));
    }
    if (!check.obeys(naming, JSON.createValue(name))) {
      throw NoValue.because("propertyNames does not allow this name");
    }
    return all;
  }

  /** Returns an array: of two items or more, if it is not to be small. */
  JsonValue array(List<JsonObject> schemas, Turn turn, int depth, boolean small) {
    Count count = Count.of(schemas, "minItems", "maxItems");
    boolean unique =
        schemas.stream().anyMatch(schema -> schema.get("uniqueItems") == JsonValue.TRUE);
    List<JsonValue> wanted = contained(schemas);
    long length = Math.max(count.least(), wanted.size());
    if (!small && turn.pick(2) == 0) {
      length = Math.max(length, Math.max(USUAL_ITEMS, listedItems(schemas)));
    }
    length = Math.min(length, count.most());
    Budget.requireValues(length);
    JsonArrayBuilder items = JSON.createArrayBuilder();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < length; i++) {
      try {
        List<JsonValue> item = ofItem(schemas, i);
        items.add(contained(item, wanted, unique ? seen : null, turn.rest() + i, depth));
      } catch (NoValue failed) {
        if (failed.isOverLimit() || i < count.least()) {
          throw failed.within("item " + i);
        }
        break; // The array can be shorter.
      }
    }
    return items.build();
  }

  /** Returns an item, one of those that the array must contain if that is possible here. */
  private JsonValue contained(
      List<JsonValue> item, List<JsonValue> wanted, Set<String> seen, int turn, int depth) {
    if (!wanted.isEmpty()) {
      List<JsonValue> both = new ArrayList<>(item);
      both.add(wanted.getFirst());
      try {
        JsonValue made = another(both, seen, turn, depth);
        wanted.removeFirst();
        return made;
      } catch (NoValue failed) {
        if (failed.isOverLimit()) {
          throw failed;
        }
      }
    }
    return another(item, seen, turn, depth);
  }

  private JsonValue another(List<JsonValue> item, Set<String> seen, int turn, int depth) {
    if (seen == null) {
      return values.value(item, depth + 1, turn);
    }
    for (int i = 0; i < MAX_TRIES; i++) {
      JsonValue made = values.value(item, depth + 1, turn + i);
      if (seen.add(check.canonical(made))) {
        return made;
      }
    }
    throw NoValue.because("not enough different items were found");
  }

  private static List<JsonValue> contained(List<JsonObject> schemas) {
    List<JsonValue> wanted = new ArrayList<>();
    for (JsonObject schema : schemas) {
      if (schema.containsKey("contains")) {
        long least = SchemaDocument.size(schema, "minContains");
        Budget.requireValues(least);
        for (long i = 0; i < (least < 0 ? 1 : least); i++) {
          wanted.add(schema.get("contains"));
        }
      }
    }
    return wanted;
  }

  private static int listedItems(List<JsonObject> schemas) {
    return schemas.stream()
        .mapToInt(
            schema ->
                Math.max(
                    SchemaDocument.list(schema, "prefixItems").size(),
                    SchemaDocument.list(schema, "items").size()))
        .max()
        .orElse(0);
  }

  private static List<JsonValue> ofItem(List<JsonObject> schemas, int index) {
    List<JsonValue> all = new ArrayList<>();
    for (JsonObject schema : schemas) {
      JsonValue item = SchemaCheck.item(schema, index);
      if (item != null) {
        all.add(item);
      }
    }
    if (all.isEmpty()) {
      schemas.stream()
          .filter(schema -> schema.containsKey("unevaluatedItems"))
          .forEach(schema -> all.add(schema.get("unevaluatedItems")));
    }
    return all;
  }
}
