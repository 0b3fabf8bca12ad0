package ee.lmstudio.simulator.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.Frame;
import ee.lmstudio.simulator.Pacer;
import ee.lmstudio.simulator.SimulatorReply;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyPlayerTest {
  private final List<String> happened = new ArrayList<>();
  private int writesUntilTheClientLeaves = Integer.MAX_VALUE;

  private final ServletOutputStream out =
      new ServletOutputStream() {
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          if (writesUntilTheClientLeaves-- == 0) {
            throw new IOException("Broken pipe");
          }
          happened.add("write " + new String(bytes, from, length, StandardCharsets.UTF_8));
        }

        @Override
        public void write(int b) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void flush() {
          happened.add("flush");
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new UnsupportedOperationException();
        }
      };

  /** Records each call, and returns the response or its stream where a method asks for one. */
  private <T> T recording(Class<T> type, Map<String, Object> answers) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (answers.containsKey(method.getName())) {
                return answers.get(method.getName());
              }
              happened.add(method.getName() + (arguments == null ? "" : " " + arguments[0]));
              return null;
            });
    return type.cast(proxy);
  }

  private void play(boolean streamed, Pacer pacer) {
    HttpServletResponse response =
        recording(HttpServletResponse.class, Map.of("getOutputStream", out));
    AsyncContext exchange = recording(AsyncContext.class, Map.of("getResponse", response));
    List<Frame> frames =
        List.of(Frame.of(Duration.ofMillis(2), "a"), Frame.of(Duration.ofMillis(3), "b"));
    SimulatorReply reply =
        new SimulatorReply(200, Map.of("X", "y"), Duration.ofMillis(1), streamed, frames);
    new ReplyPlayer(reply, exchange, pacer).run();
  }

  private Pacer recordingPacer() {
    return () -> at -> happened.add("wait " + at.toMillis());
  }

  @Test
  void stream_flushesHeadAndEachFrameWhenDue() {
    play(true, recordingPacer());
    assertThat(happened)
        .containsExactly(
            "wait 1",
            "setStatus 200",
            "setHeader X",
            "flushBuffer",
            "wait 2",
            "write a",
            "flush",
            "wait 3",
            "write b",
            "flush",
            "complete");
  }

  @Test
  void plainAnswer_isLeftToTheContainersBuffer() {
    play(false, recordingPacer());
    assertThat(happened).doesNotContain("flush", "flushBuffer").endsWith("write b", "complete");
  }

  @Test
  void clientThatLeft_endsTheReply() {
    writesUntilTheClientLeaves = 1;
    play(true, recordingPacer());
    assertThat(happened).contains("write a").doesNotContain("write b").endsWith("complete");
  }

  @Test
  void closing_endsTheReply() {
    Thread.currentThread().interrupt();
    play(true, Pacer.immediate());
    assertThat(happened).containsExactly("complete");
  }
}
