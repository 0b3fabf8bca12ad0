package ee.lmstudio.stream.memory;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Adds up the memory of an object and of all objects that it refers to. It follows references, each
 * object once, and does not depend on the garbage collector. It counts as a 64-bit JVM with
 * compressed references does. It follows the fields of our own classes, and knows the other classes
 * that a log can hold.
 */
final class RetainedSize {
  private static final int HEADER = 12;
  private static final int REFERENCE = 4;

  /** The size of an object with three references at most, or with one long. */
  private static final int SMALL = 24;

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private RetainedSize() {}

  /** Returns the bytes that {@code root} retains. */
  static long of(Object root) {
    return new RetainedSize().size(root);
  }

  private long size(Object object) {
    if (object == null || object instanceof Enum || !seen.add(object)) {
      return 0;
    }
    return switch (object) {
      case String text -> SMALL + array(text.length(), bytesPerCharacter(text));
      case int[] numbers -> array(numbers.length, Integer.BYTES);
      case Object[] elements -> array(elements.length, REFERENCE) + all(elements);
      case BitSet bits -> SMALL + array(bits.size() / Byte.SIZE, 1);
      case Map<?, ?> map ->
          SMALL + map.size() * (long) SMALL + all(map.keySet().toArray(), map.values().toArray());
      case Collection<?> list -> SMALL + array(list.size(), REFERENCE) + all(list.toArray());
      case Optional<?> optional -> SMALL + size(optional.orElse(null));
      case Instant time -> SMALL;
      default -> ours(object);
    };
  }

  private long all(Object[]... arrays) {
    long size = 0;
    for (Object[] array : arrays) {
      for (Object element : array) {
        size += size(element);
      }
    }
    return size;
  }

  private static long array(long length, int bytesOfOne) {
    return aligned(HEADER + Integer.BYTES + length * bytesOfOne);
  }

  private static int bytesPerCharacter(String text) {
    return text.chars().allMatch(c -> c <= 0xFF) ? 1 : 2;
  }

  private static long aligned(long bytes) {
    return (bytes + 7) / 8 * 8;
  }

  private long ours(Object object) {
    if (!object.getClass().getName().startsWith("ee.lmstudio.")) {
      throw new IllegalArgumentException("The size of a " + object.getClass() + " is not known");
    }
    long own = HEADER;
    long others = 0;
    for (Field field : object.getClass().getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        continue;
      }
      Class<?> type = field.getType();
      if (type.isPrimitive()) {
        own += type == long.class || type == double.class ? Long.BYTES : Integer.BYTES;
      } else {
        own += REFERENCE;
        others += size(valueOf(field, object));
      }
    }
    return aligned(own) + others;
  }

  private static Object valueOf(Field field, Object object) {
    try {
      field.setAccessible(true);
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
