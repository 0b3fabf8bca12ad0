package ee.lmstudio.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sockets that a process of this Linux machine has open, read from {@code /proc}. */
record ProcessSockets(List<Socket> tcp, List<Socket> udp) {

  /**
   * One socket.
   *
   * @param local address and port as the kernel writes them, in hexadecimal
   * @param state {@code 0A} is listening
   */
  record Socket(String local, String state) {
    boolean listening() {
      return state.equals("0A");
    }

    int port() {
      return Integer.parseInt(local.substring(local.indexOf(':') + 1), 16);
    }

    /** True for 127.0.0.1, also when written as an IPv6 address. */
    boolean loopback() {
      String address = local.substring(0, local.indexOf(':'));
      return address.endsWith("0100007F");
    }
  }

  static ProcessSockets of(long pid) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.exists(descriptor, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          inodes.add(Files.readSymbolicLink(descriptor).toString());
        }
      }
    }
    return new ProcessSockets(read(pid, inodes, "tcp", "tcp6"), read(pid, inodes, "udp", "udp6"));
  }

  private static List<Socket> read(long pid, Set<String> inodes, String... tables)
      throws IOException {
    return Stream.of(tables)
        .map(table -> Path.of("/proc/" + pid + "/net/" + table))
        .flatMap(ProcessSockets::rows)
        .filter(row -> inodes.contains("socket:[" + row[9] + "]"))
        .map(row -> new Socket(row[1], row[3]))
        .toList();
  }

  private static Stream<String[]> rows(Path table) {
    try {
      return Files.readAllLines(table).stream().skip(1).map(line -> line.strip().split("\\s+"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
