package ee.lmstudio.sdk;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What this process holds: its threads and, on Linux, its sockets. */
record OwnResources(long sockets, long threads) {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  static OwnResources now() {
    return new OwnResources(countSockets(), countThreads());
  }

  private static long countSockets() {
    File[] descriptors = DESCRIPTORS.toFile().listFiles();
    return descriptors == null
        ? 0
        : Arrays.stream(descriptors).filter(OwnResources::isSocket).count();
  }

  private static boolean isSocket(File descriptor) {
    try {
      return Files.readSymbolicLink(descriptor.toPath()).toString().startsWith("socket:");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  /** Platform threads; those that carry virtual ones come and go as the JDK likes. */
  private static long countThreads() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] all = new Thread[1000];
    int count = root.enumerate(all, true);
    return Arrays.stream(all, 0, count)
        .map(Thread::getName)
        .filter(name -> !name.matches("ForkJoinPool.*|VirtualThread-.*|.*Poller.*|Common-Cleaner"))
        .count();
  }

  /** Whether this process holds no more now than then. */
  boolean holdsNoLessThanNow() {
    OwnResources now = now();
    return now.sockets <= sockets && now.threads <= threads;
  }

  /** All threads, the virtual ones too, with their stacks. */
  static String threadDump() {
    try {
      Path file = Files.createTempFile("threads", ".txt");
      Files.delete(file);
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      String dump = Files.readString(file);
      Files.delete(file);
      return dump;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
