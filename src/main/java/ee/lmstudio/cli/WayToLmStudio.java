package ee.lmstudio.cli;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.net.AllowedHosts;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The checks of {@code lmstudio doctor} of the way to LM Studio: name, port, and simple requests.
 */
final class WayToLmStudio {
  private static final Duration PROBE_LIMIT = Duration.ofSeconds(3);
  private static final Duration GREATEST_SKEW = Duration.ofSeconds(30);

  private final Consumer<Finding> findings;

  WayToLmStudio(Consumer<Finding> findings) {
    this.findings = findings;
  }

  /** Checks the way to LM Studio: name and port. Returns whether something listens there. */
  boolean reaches(URI address) {
    findings.accept(
        Finding.ok("allow-list", address.getHost() + " is in LM_STUDIO_ALLOWED_HOSTS."));
    String host = address.getHost().replaceAll("^\\[|]$", "");
    int port = AllowedHosts.portOf(address);
    long begun = System.nanoTime();
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException unknown) {
      findings.accept(
          Finding.failed("dns", "The name " + host + " is unknown.", "getent hosts " + host));
      findings.accept(Finding.skipped("port", "The address is unknown."));
      return false;
    }
    findings.accept(
        Finding.ok(
            "dns",
            host
                + " is "
                + Arrays.stream(found)
                    .map(InetAddress::getHostAddress)
                    .collect(Collectors.joining(", "))
                + " ("
                + millisSince(begun)
                + " ms)."));
    begun = System.nanoTime();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(found[0], port), (int) PROBE_LIMIT.toMillis());
      findings.accept(
          Finding.ok(
              "port", "Port %d accepts connections (%d ms).".formatted(port, millisSince(begun))));
      return true;
    } catch (IOException refused) {
      findings.accept(
          Finding.failed(
              "port",
              "Could not connect to %s:%d (%s).".formatted(host, port, refused.getMessage()),
              "Start LM Studio's server (Developer → Start server), or: lms server start"));
      return false;
    }
  }

  private static long millisSince(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun).toMillis();
  }

  /** Sends requests that every LM Studio answers. */
  void examine(URI address) {
    findings.accept(h2c(address));
    greet(address);
  }

  /** LM Studio accepts an upgrade to HTTP/2 without TLS and then never answers. */
  private static Finding h2c(URI address) {
    if (!address.getScheme().equals("http")) {
      return Finding.skipped("h2c", "Only plain HTTP has this upgrade.");
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .connectTimeout(PROBE_LIMIT)
            .build()) {
      client.send(greeting(address), HttpResponse.BodyHandlers.discarding());
      return Finding.ok("h2c", "A request that offers Upgrade: h2c is answered.");
    } catch (HttpTimeoutException trapped) {
      return Finding.warning(
          "h2c",
          "A request that offers Upgrade: h2c is never answered ("
              + PROBE_LIMIT.toMillis()
              + " ms). This software never offers it, but Java's own client does by default.",
          "In other Java programs: HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)");
    } catch (IOException odd) {
      return Finding.warning(
          "h2c",
          "A request that offers Upgrade: h2c failed: " + odd.getMessage(),
          "In other Java programs: HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)");
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Finding.skipped("h2c", "Interrupted.");
    }
  }

  private static HttpRequest greeting(URI address) {
    return HttpRequest.newBuilder(URI.create(address + "/lmstudio-greeting"))
        .timeout(PROBE_LIMIT)
        .build();
  }

  /** Asks for LM Studio's greeting. Its Date header tells the time of that machine. */
  private void greet(URI address) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PROBE_LIMIT);
    try (HttpClient client = builder.build()) {
      HttpResponse<String> answer =
          client.send(greeting(address), HttpResponse.BodyHandlers.ofString());
      findings.accept(
          isGreeting(answer.body())
              ? Finding.ok("greeting", "GET /lmstudio-greeting says that this is LM Studio.")
              : Finding.warning(
                  "greeting",
                  "GET /lmstudio-greeting was answered with status %d, and not as LM Studio does."
                      .formatted(answer.statusCode()),
                  "curl -i " + address + "/lmstudio-greeting"));
      findings.accept(clock(answer.headers().firstValue("Date")));
    } catch (IOException failed) {
      findings.accept(
          Finding.warning(
              "greeting",
              "GET /lmstudio-greeting failed: " + failed.getMessage(),
              "curl -i " + address + "/lmstudio-greeting"));
      findings.accept(Finding.skipped("clock", "LM Studio did not send its time."));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isGreeting(String body) {
    try (var reader = JSON.createReader(new StringReader(body))) {
      return reader.readObject().getBoolean("lmstudio", false);
    } catch (RuntimeException notJson) {
      return false;
    }
  }

  private static Finding clock(Optional<String> date) {
    if (date.isEmpty()) {
      return Finding.skipped("clock", "LM Studio did not send its time.");
    }
    Instant there;
    try {
      there = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.get()));
    } catch (DateTimeException odd) {
      return Finding.skipped("clock", "LM Studio sent its time in another format.");
    }
    Duration skew = Duration.between(there, Instant.now());
    return skew.abs().compareTo(GREATEST_SKEW) > 0
        ? Finding.warning(
            "clock",
            "The clocks of this machine and of LM Studio's differ by " + skew.toSeconds() + " s.",
            "timedatectl status")
        : Finding.ok(
            "clock", "The clocks differ by less than " + (skew.abs().toSeconds() + 1) + " s.");
  }
}
