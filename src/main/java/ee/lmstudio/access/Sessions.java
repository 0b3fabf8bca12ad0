package ee.lmstudio.access;

import ee.lmstudio.config.AccessToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of browsers. A session ends after {@link #IDLE} without a request, when its token is
 * no longer valid, at sign-out, and when the server stops. Safe for use by any thread.
 */
@ApplicationScoped
public class Sessions {
  /** How long a session lasts without a request. */
  public static final Duration IDLE = Duration.ofHours(8);

  /** The most sessions at a time. One more ends the session that was unused for longest. */
  static final int MAX = 10_000;

  /**
   * The most sessions of one token at a time. One more ends the one of them that was unused for
   * longest, so that a caller who signs in again and again does not end the sessions of others.
   */
  static final int MAX_PER_TOKEN = 100;

  private record Session(AccessToken token, Instant lastUsed) {}

  private final InstantSource clock;

  /** Sessions by id; the one that was used last is at the end. Guarded by {@code this}. */
  private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

  @Inject AccessTokens tokens;

  /** For the container. */
  public Sessions() {
    this(InstantSource.system());
  }

  Sessions(InstantSource clock) {
    this.clock = clock;
  }

  /** Opens a session and returns its new id, which only the browser may learn. */
  public synchronized String open(AccessToken token) {
    Instant now = clock.instant();
    sessions.values().removeIf(session -> isOver(session, now));
    List<String> own =
        sessions.entrySet().stream()
            .filter(session -> session.getValue().token().name().equals(token.name()))
            .map(Map.Entry::getKey)
            .toList();
    if (own.size() >= MAX_PER_TOKEN) {
      sessions.remove(own.getFirst());
    } else if (sessions.size() >= MAX) {
      sessions.remove(sessions.keySet().iterator().next());
    }
    String id = RandomId.next();
    sessions.put(id, new Session(token, now));
    return id;
  }

  /**
   * Returns the token with which a session was opened, and counts as a use of the session. Empty if
   * there is no such session or it has ended.
   */
  public synchronized Optional<AccessToken> use(String id) {
    Session session = sessions.get(id);
    if (session == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    if (isOver(session, now) || !tokens.isInForce(session.token())) {
      sessions.remove(id);
      return Optional.empty();
    }
    sessions.put(id, new Session(session.token(), now));
    return Optional.of(session.token());
  }

  /** Ends the session with this id, if there is one. */
  public synchronized void end(String id) {
    sessions.remove(id);
  }

  private static boolean isOver(Session session, Instant now) {
    return !now.isBefore(session.lastUsed().plus(IDLE));
  }
}
