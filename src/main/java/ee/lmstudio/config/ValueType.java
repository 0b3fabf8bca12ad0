package ee.lmstudio.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The values that a key allows.
 *
 * @param allowed the rule in words, for messages and documents
 * @param parser reads a value; throws {@link IllegalArgumentException} if it breaks the rule. The
 *     exception has a message if the rule alone does not explain the problem. The message contains
 *     no secret. Messages of subclasses, which the JDK throws, are not shown
 */
record ValueType<T>(String allowed, Function<String, T> parser) {

  static ValueType<Boolean> bool() {
    return new ValueType<>(
        "true or false",
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  static ValueType<Integer> whole(int min, int max) {
    return new ValueType<>(
        max == Integer.MAX_VALUE
            ? "a whole number, " + min + " or more"
            : "a whole number from " + min + " to " + max,
        text -> {
          int value = Integer.parseInt(text);
          require(value >= min && value <= max);
          return value;
        });
  }

  static ValueType<Duration> duration(String min, String max) {
    Duration shortest = Durations.parse(min);
    Duration longest = Durations.parse(max);
    return new ValueType<>(
        "a duration such as 500ms, 2s, 5m, 1h or PT2S, from " + min + " to " + max,
        text -> {
          Duration value = Durations.parse(text);
          require(value.compareTo(shortest) >= 0 && value.compareTo(longest) <= 0);
          return value;
        });
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    List<String> names =
        Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    return new ValueType<>(
        "one of " + String.join(", ", names),
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new));
  }

  static <T> ValueType<List<T>> listOf(String allowed, Function<String, T> item) {
    return new ValueType<>(
        allowed,
        text ->
            Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(item)
                .collect(Collectors.toUnmodifiableList()));
  }

  /** Throws an exception without a message, because the rule explains the problem. */
  static void require(boolean kept) {
    if (!kept) {
      throw new IllegalArgumentException();
    }
  }
}
