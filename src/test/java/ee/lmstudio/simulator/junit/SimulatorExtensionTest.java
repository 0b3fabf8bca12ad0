package ee.lmstudio.simulator.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@LmStudioSimulator(version = "0.2.21", faultsByHeader = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SimulatorExtensionTest {
  private static SocketSimulator shared;
  private static URI own;

  private final SocketSimulator constructed;

  SimulatorExtensionTest(SocketSimulator lmStudio) {
    constructed = lmStudio;
  }

  private static String get(SocketSimulator lmStudio, String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(lmStudio.url().resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Order(1)
  void parameter_isTheRunningSimulatorWithTheSettings(SocketSimulator lmStudio) {
    shared = lmStudio;
    assertThat(lmStudio).isSameAs(constructed);
    assertThat(get(lmStudio, "/health")).contains("\"lmstudio_version\":\"0.2.21\"");
    assertThat(get(lmStudio, "/health", "X-Simulator-Fault", "html")).contains("<html");
    lmStudio.enqueue("/health", Script.respondWithJson(418, "{\"left\":true}"));
  }

  @Test
  @Order(2)
  void nextTest_hasTheSameSimulatorWithoutScriptsAndRequests(SocketSimulator lmStudio) {
    assertThat(lmStudio).isSameAs(shared);
    assertThat(lmStudio.requests()).isEmpty();
    assertThat(lmStudio.generationsPosted()).isZero();
    assertThat(get(lmStudio, "/health")).contains("\"status\":\"ok\"");
    assertThat(lmStudio.requests()).hasSize(1);
  }

  @Nested
  class Inner {
    @Test
    void nestedClass_sharesTheSimulator(SocketSimulator lmStudio) {
      assertThat(lmStudio).isSameAs(shared);
      assertThat(get(lmStudio, "/health")).contains("\"status\":\"ok\"");
    }
  }

  @Nested
  @LmStudioSimulator(scripted = true)
  class WithItsOwn {
    @Test
    void nestedClassWithTheAnnotation_hasItsOwnSimulator(SocketSimulator lmStudio) {
      own = lmStudio.url();
      assertThat(lmStudio).isNotSameAs(shared);
      assertThat(get(lmStudio, "/v1/models")).contains("No script is enqueued for GET /v1/models");
    }
  }

  @AfterAll
  static void simulator_endsWithItsClass() {
    assertThat(get(shared, "/health")).contains("\"status\":\"ok\"");
    assertThatThrownBy(() -> new Socket(own.getHost(), own.getPort()).close())
        .isInstanceOf(IOException.class);
  }
}
