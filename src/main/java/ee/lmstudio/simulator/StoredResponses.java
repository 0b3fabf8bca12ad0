package ee.lmstudio.simulator;

import jakarta.json.JsonArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The newest {@value #MAX_RESPONSES} responses, each with its conversation, so that a request can
 * continue one of them. For any thread.
 */
final class StoredResponses {
  static final int MAX_RESPONSES = 1_000;

  /**
   * A response.
   *
   * @param messages the conversation up to and including the response, as messages of a chat
   * @param json the response as it was sent; empty if it was sent by {@code /api/v1/chat}
   */
  record Stored(JsonArray messages, String json) {}

  private final AtomicLong created = new AtomicLong();

  /** Guarded by this. */
  private final Map<String, Stored> byId =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stored> eldest) {
          return size() > MAX_RESPONSES;
        }
      };

  /** Returns an id that no other response has: {@code resp_} and 48 hexadecimal digits. */
  String newId(Generation generation) {
    RandomGenerator random = new SplittableRandom(Seed.of(generation.id()));
    return "resp_%016x%016x%016x"
        .formatted(random.nextLong(), random.nextLong(), created.incrementAndGet());
  }

  synchronized void put(String id, Stored response) {
    byId.put(id, response);
  }

  synchronized Optional<Stored> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Removes a response. Returns false if there is none with this id. */
  synchronized boolean remove(String id) {
    return byId.remove(id) != null;
  }

  /**
   * Returns the conversation that a request continues.
   *
   * @param id the {@code previous_response_id}; empty if the request begins a conversation
   */
  JsonArray conversation(Optional<String> id) {
    return id.isEmpty()
        ? JsonArray.EMPTY_JSON_ARRAY
        : find(id.get())
            .map(Stored::messages)
            .orElseThrow(
                () ->
                    Refusal.coded(
                        "Previous response with id '" + id.get() + "' not found.",
                        "previous_response_id",
                        "previous_response_not_found"));
  }
}
