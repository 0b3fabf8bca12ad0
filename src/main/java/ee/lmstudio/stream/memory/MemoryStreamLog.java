package ee.lmstudio.stream.memory;

import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.StreamLog;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A log in the memory of this server. Readers take no lock. */
public final class MemoryStreamLog implements StreamLog {
  private static final Logger LOG = Logger.getLogger(MemoryStreamLog.class.getName());

  private final StreamHead head;
  private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();

  // Written before the count of entries.
  private Instant endedAt;

  // The writer stores the entry and then increases the count. Readers read the count first.
  private volatile Entry[] entries = new Entry[16];
  private volatile int count;

  // Set before the array of entries is released.
  private volatile PackedEntries packed;

  /** Creates a log without entries. */
  public MemoryStreamLog(StreamHead head) {
    this.head = head;
  }

  /** One subscription. It has no equals(), because the same callback may be subscribed twice. */
  private final class Subscriber implements Subscription {
    private final Runnable news;
    private volatile boolean closed;

    Subscriber(Runnable news) {
      this.news = news;
    }

    /**
     * Calls the callback. Whatever it throws must affect neither the writer nor other subscribers:
     * one of them may be the only one that ends a request.
     */
    void call() {
      if (closed) {
        // The writer may be on its way through a list that still has this subscriber.
        return;
      }
      try {
        news.run();
      } catch (RuntimeException | Error defect) {
        LOG.log(Level.SEVERE, "A listener of a stream failed", defect);
      }
    }

    @Override
    public void close() {
      closed = true;
      subscribers.remove(this);
    }
  }

  @Override
  public StreamHead head() {
    return head;
  }

  @Override
  public Optional<Instant> endedAt() {
    return ended() ? Optional.of(endedAt) : Optional.empty();
  }

  @Override
  public Optional<Entry> append(String modelId, StreamEvent event, Chunks chunks) {
    Entry entry;
    synchronized (this) {
      if (ended()) {
        return Optional.empty();
      }
      int place = count;
      if (place == entries.length) {
        entries = Arrays.copyOf(entries, place * 2);
      }
      long text = place == 0 ? 0 : entries[place - 1].textSoFar();
      entry = new Entry(place + 1L, modelId, event, chunks, text + event.textLength());
      entries[place] = entry;
      if (event.last()) {
        endedAt = Instant.now();
      }
      count = place + 1;
    }
    subscribers.forEach(Subscriber::call);
    return Optional.of(entry);
  }

  @Override
  public long lastCursor() {
    return count;
  }

  @Override
  public Entry entry(long cursor) {
    int place = Objects.checkIndex(Math.toIntExact(cursor) - 1, count);
    Entry[] live = entries;
    return live == null ? packed.entry(place + 1) : live[place];
  }

  @Override
  public Subscription subscribe(Runnable news) {
    Subscriber subscriber = new Subscriber(news);
    subscribers.add(subscriber);
    return subscriber;
  }

  @Override
  public long compact() {
    Entry[] live = entries;
    long before = 0;
    for (int i = 0; i < count; i++) {
      before += live[i].weight();
    }
    packed = PackedEntries.of(live, count);
    entries = null;
    return before - packed.weight();
  }
}
