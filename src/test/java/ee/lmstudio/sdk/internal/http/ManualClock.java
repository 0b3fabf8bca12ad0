package ee.lmstudio.sdk.internal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs what is due when the test says that time has passed, on the test's thread. */
final class ManualClock extends ScheduledThreadPoolExecutor {
  private final List<Alarm> alarms = new ArrayList<>();
  private long now = 1;

  ManualClock() {
    super(0);
  }

  long nanoTime() {
    return now;
  }

  void advance(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
    for (Alarm alarm : List.copyOf(alarms)) {
      if (alarm.at <= now) {
        alarms.remove(alarm);
        alarm.run();
      }
    }
  }

  /** How many alarms are set. */
  long waiting() {
    return alarms.stream().filter(alarm -> !alarm.isCancelled()).count();
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    Alarm alarm = new Alarm(command, now + unit.toNanos(delay));
    alarms.add(alarm);
    return alarm;
  }

  private final class Alarm extends FutureTask<Void> implements RunnableScheduledFuture<Void> {
    private final long at;

    Alarm(Runnable command, long at) {
      super(Executors.callable(command, null));
      this.at = at;
    }

    @Override
    public boolean isPeriodic() {
      return false;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(at - now, TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }
  }
}
