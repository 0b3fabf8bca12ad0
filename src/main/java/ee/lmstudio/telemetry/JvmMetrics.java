package ee.lmstudio.telemetry;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.RuntimeMXBean;

/** Writes the state of the JVM in the text format of Prometheus. Times are in seconds. */
final class JvmMetrics {
  private static final double MILLIS = 1e3;

  private final StringBuilder text = new StringBuilder();

  private JvmMetrics() {}

  /** Returns the values of this moment. */
  static String text() {
    JvmMetrics metrics = new JvmMetrics();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    metrics.add("gauge", "jvm_heap_used_bytes", "Heap in use", heap.getUsed());
    metrics.add("gauge", "jvm_heap_max_bytes", "The largest size of the heap", heap.getMax());
    metrics.add(
        "gauge",
        "jvm_threads",
        "Platform threads that are alive",
        ManagementFactory.getThreadMXBean().getThreadCount());
    metrics.add(
        "counter",
        "jvm_gc_seconds_total",
        "Time that garbage collectors have taken",
        ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum()
            / MILLIS);
    metrics.add(
        "gauge",
        "jvm_uptime_seconds",
        "Time since the JVM was started",
        runtime.getUptime() / MILLIS);
    return metrics.text.toString();
  }

  private void add(String type, String name, String help, double value) {
    PrometheusText.head(name, type, help).forEach(line -> text.append(line).append('\n'));
    text.append(name).append(' ').append(PrometheusText.number(value)).append('\n');
  }
}
