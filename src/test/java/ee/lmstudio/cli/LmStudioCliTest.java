package ee.lmstudio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.AccessToken;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.simulator.SimulatedModel;
import ee.lmstudio.simulator.SimulatorReply;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import ee.lmstudio.storage.StoredModels;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LmStudioCliTest {
  private static final SimulatorSettings FAST =
      SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED);

  @TempDir Path storage;
  private SocketSimulator lmStudio;
  private Map<String, String> environment;

  @BeforeEach
  void start() {
    lmStudio = SocketSimulator.start(FAST);
    environment = new HashMap<>();
    environment.put("APP_ENV", "local");
    environment.put("LM_STUDIO_BASE_URL", lmStudio.url().toString());
    environment.put("LM_STUDIO_STORAGE_DIR", storage.toString());
  }

  @AfterEach
  void stop() {
    lmStudio.close();
  }

  private CommandRun run(String... args) {
    return CommandRun.of(environment, args);
  }

  private static List<String> statuses(JsonObject doctor, String... wanted) {
    return doctor.getJsonArray("checks").getValuesAs(JsonObject.class).stream()
        .filter(check -> List.of(wanted).contains(check.getString("status")))
        .map(check -> check.getString("check"))
        .toList();
  }

  private static List<String> texts(JsonObject json, String name) {
    return json.getJsonArray(name).getValuesAs(JsonString::getString);
  }

  @Test
  void ping_showsVersionAndModelsLoadedOnesFirst() {
    CommandRun ping = run("ping");
    assertThat(ping.code()).isZero();
    assertThat(ping.err()).isEmpty();
    assertThat(ping.out())
        .startsWith("LM Studio 0.4.0+ answers\n")
        .contains("4 models, 1 loaded")
        .containsPattern("MODEL +TYPE +STATE +CONTEXT +SIZE\n +sim-chat +llm +loaded +8192 +-\n")
        .doesNotContain("\u001B");
  }

  @Test
  void pingAsJson_hasTheFieldsOfTheReference() {
    JsonObject ping = run("ping", "--json").json();
    assertThat(ping.keySet())
        .containsExactly(
            "ok",
            "base_url",
            "lmstudio_version",
            "version_detected_by",
            "support",
            "first_answer_ms",
            "models_ms",
            "models");
    assertThat(ping.getJsonArray("models")).hasSize(4);
  }

  @Test
  void optionsForTheAddress_overrideTheConfiguration() {
    environment.put("LM_STUDIO_BASE_URL", "http://127.0.0.1:1");
    assertThat(run("ping", "--port", "" + lmStudio.url().getPort()).code()).isZero();
    assertThat(run("ping", "--base-url", lmStudio.url().toString()).code()).isZero();
  }

  @Test
  void keyFromAFile_isSentAndNeverShown() throws IOException {
    Path key = Files.writeString(storage.resolve("key"), "sk-lm-secret\n");
    environment.put("LM_STUDIO_API_KEY", "another");
    CommandRun ping = run("ping", "--api-key-file", key.toString());
    assertThat(ping.code()).isZero();
    assertThat(lmStudio.requests().getLast().header("Authorization"))
        .hasValue("Bearer sk-lm-secret");
    assertThat(ping.out() + ping.err()).doesNotContain("sk-lm-secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ping", "models-sync", "chat"})
  void lmStudioThatIsNotThere_is1AndTheLastLineSaysWhatToDo(String command) {
    lmStudio.close();
    CommandRun failed = run(command, command.equals("chat") ? "Hello" : "--timeout=5s");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err()).startsWith("Error: ").contains(lmStudio.url().getAuthority());
    assertThat(failed.lastError()).contains("Start LM Studio's server");

    JsonObject json =
        run(command, command.equals("chat") ? "Hello" : "--timeout=5s", "--json").json();
    assertThat(json.getBoolean("ok")).isFalse();
    assertThat(json.getJsonObject("error").keySet()).containsExactly("code", "message", "hint");
  }

  @Test
  void hostThatIsNotAllowed_is2WithTheLineThatAllowsIt() {
    CommandRun refused = run("ping", "--base-url", "http://10.1.2.3:1234");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("LM_STUDIO_ALLOWED_HOSTS=").contains("10.1.2.3:1234");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pong",
        "ping --prot 1",
        "token",
        "ping --port x",
        "simulate --speed -1",
        "simulate --fault cut"
      })
  void wrongUsage_is2AndSaysWhatToTry(String line) {
    CommandRun wrong = run(line.split(" "));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    assertThat(wrong.err()).startsWith("Error: ");
    assertThat(wrong.lastError()).containsAnyOf("--help", "docs/reference/configuration.md");
  }

  @ParameterizedTest
  @CsvSource({
    "--script, /v1/models, line 1: a line has a path or *",
    "--script, '# x\n\nv1/models usual', line 3: 'v1/models' is not a path",
    "--script, * explode@1, line 1: 'explode' is not the name of a fault",
    "--script, * replay:missing.sse, Could not read",
    "--api-tokens-file, sk-lm-x admin, 'admin' is not a permission. Allowed: ephemeral_mcp",
    "--api-tokens-file, '# nobody', has no API token"
  })
  void invalidFileOfTheSimulator_is2AndNamesTheLine(String option, String text, String message)
      throws IOException {
    Path file = Files.writeString(storage.resolve("file.txt"), text);
    CommandRun wrong = run("simulate", "--port", "0", option, file.toString());
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains(file.toString()).contains(message);
  }

  @Test
  void everyCommand_hasHelpWithExamples() {
    CommandRun whole = run("--help");
    assertThat(whole.code()).isZero();
    for (String command : List.of("ping", "models-sync", "doctor", "chat", "simulate", "token")) {
      assertThat(whole.out()).contains("  " + command + " ");
      assertThat(run(command, "--help").out()).contains("Examples:\n  lmstudio " + command);
    }
    assertThat(run("generate-completion").out()).contains("complete ").contains("models-sync");
  }

  @Test
  void modelsSync_storesTheListAndTellsWhatHasChanged() {
    JsonObject first = run("models-sync", "--json").json();
    assertThat(first.getInt("models")).isEqualTo(4);
    assertThat(texts(first, "added")).hasSize(4);
    assertThat(storage.resolve(StoredModels.FILE)).exists();

    assertThat(run("models-sync").out()).endsWith("nothing has changed\n");

    lmStudio.close();
    SimulatedModel changed =
        new SimulatedModel("sim-chat", SimulatedModel.Kind.CHAT, Duration.ZERO, 4096);
    SimulatedModel added =
        new SimulatedModel("new", SimulatedModel.Kind.CHAT, Duration.ofSeconds(1), 4096);
    try (SocketSimulator other = SocketSimulator.start(FAST.withModels(List.of(changed, added)))) {
      CommandRun second = run("models-sync", "--base-url", other.url().toString());
      assertThat(second.out())
          .contains("added    new\n", "changed  sim-chat\n", "removed  sim-slow\n");
    }
  }

  @Test
  void damagedStoredList_isReplacedAndTold() throws IOException {
    Files.writeString(storage.resolve(StoredModels.FILE), "{");
    CommandRun sync = run("models-sync");
    assertThat(sync.code()).isZero();
    assertThat(sync.err()).contains("does not have the format of this version. It is replaced.");
    assertThat(run("models-sync").err()).isEmpty();
  }

  @Test
  void storageThatCannotBeWritten_is1WithItsPath() throws IOException {
    Path file = Files.createFile(storage.resolve("file"));
    environment.put("LM_STUDIO_STORAGE_DIR", file.resolve("below").toString());
    CommandRun failed = run("models-sync");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains(file.toString());
    assertThat(failed.lastError()).contains("LM_STUDIO_STORAGE_DIR");
  }

  @Test
  void doctor_findsEverythingFine() {
    JsonObject doctor = run("doctor", "--json").json();
    assertThat(doctor.getBoolean("ok")).as(doctor.toString()).isTrue();
    assertThat(statuses(doctor, "ok"))
        .containsExactly(
            "configuration",
            "posture",
            "storage",
            "allow-list",
            "dns",
            "port",
            "h2c",
            "greeting",
            "clock",
            "version",
            "capabilities",
            "models",
            "streaming");
    assertThat(lmStudio.generationsPosted()).isEqualTo(1);
    assertThat(run("doctor").out()).endsWith("Everything is fine.\n");
  }

  @Test
  void doctorWithoutGeneration_postsNone() {
    JsonObject doctor = run("doctor", "--no-generation", "--json").json();
    assertThat(statuses(doctor, "skipped")).containsExactly("streaming");
    assertThat(lmStudio.generationsPosted()).isZero();
  }

  @Test
  void doctorOutsideLocal_failsWithoutKeyAndTokens() {
    environment.remove("APP_ENV");
    CommandRun doctor = run("doctor", "--no-generation", "--json");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(statuses(doctor.json(), "failed")).containsExactly("posture", "posture");

    environment.put("LM_STUDIO_API_KEY", "k");
    environment.put("LM_STUDIO_ACCESS_TOKENS", "ann:0123456789abcdef");
    assertThat(run("doctor", "--no-generation").code()).isZero();
  }

  @Test
  void doctorWithoutLmStudio_skipsWhatNeedsItAndNamesTheNextCommand() {
    lmStudio.close();
    CommandRun doctor = run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out())
        .containsPattern("failed +port +Could not connect to 127.0.0.1:")
        .containsPattern("skipped +streaming");
    assertThat(doctor.out().lines().toList().getLast())
        .isEqualTo(
            "Next: Start LM Studio's server (Developer → Start server), or: lms server start");
  }

  @Test
  void doctorWithInvalidSettings_namesEachOfThem() {
    environment.put("LM_STUDIO_MAX_RETRIES", "99");
    environment.put("LM_STUDIO_TIMEOUT", "soon");
    CommandRun doctor = run("doctor");
    assertThat(doctor.code()).isEqualTo(1);
    assertThat(doctor.out())
        .contains("lm-studio.max-retries is '99'", "lm-studio.timeout is 'soon'")
        .contains("export LM_STUDIO_TIMEOUT=");
  }

  @Test
  void doctorAtSomethingElse_saysThatItIsNotLmStudio() {
    lmStudio.enqueue("/lmstudio-greeting", Script.respondWithJson(200, "{\"hello\":1}"));
    lmStudio.enqueue("/lmstudio-greeting", Script.respondWithJson(200, "{\"hello\":1}"));
    assertThat(statuses(run("doctor", "--json").json(), "warning")).containsExactly("greeting");
  }

  @Test
  void doctorAtAnotherProgram_doesNotCallItLmStudio() {
    try (SocketSimulator other =
        SocketSimulator.answering(
                (request, now) ->
                    new SimulatorReply(
                        404,
                        Map.of("Content-Type", "text/plain", "Content-Length", "0"),
                        Duration.ZERO,
                        false,
                        List.of()))
            .start()) {
      CommandRun doctor = run("doctor", "--base-url", other.url().toString(), "--json");
      assertThat(statuses(doctor.json(), "warning")).contains("greeting", "version");
      assertThat(statuses(doctor.json(), "ok")).doesNotContain("version", "capabilities");
    }
  }

  @Test
  void doctorWithADefaultModelThatIsNotThere_fails() {
    environment.put("LM_STUDIO_DEFAULT_MODEL", "absent");
    JsonObject doctor = run("doctor", "--no-generation", "--json").json();
    assertThat(statuses(doctor, "failed")).containsExactly("models");
  }

  @Test
  void chat_streamsTheAnswerAndItsFigures() {
    CommandRun chat = run("chat", "Why", "is", "the", "sky", "blue?", "--max-tokens", "9");
    assertThat(chat.code()).isZero();
    assertThat(chat.out()).endsWith("\n").isNotBlank();
    assertThat(chat.err()).contains("sim-chat: 9 tokens", "ended by length");
    String sent = lmStudio.requests().getLast().bodyText();
    assertThat(sent).contains("Why is the sky blue?", "\"max_tokens\":9", "\"stream\":true");
  }

  @Test
  void chatAsJson_isOneObject() {
    JsonObject chat =
        run("chat", "--json", "--model", "sim-reasoner", "--system", "Brief.", "Hi").json();
    assertThat(chat.keySet())
        .containsExactly(
            "ok",
            "model",
            "content",
            "finish_reason",
            "prompt_tokens",
            "completion_tokens",
            "duration_ms",
            "reasoning",
            "first_token_ms");
    assertThat(chat.getString("model")).isEqualTo("sim-reasoner");
  }

  @Test
  void answerThatControlsATerminal_isShownWithoutItsCommands() {
    String delta = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"}}]}";
    String attack = "a\\u001b[2Jb\\u009b31mc\\u202ed\\rfine";
    lmStudio.enqueue(
        "/v1/chat/completions",
        Script.respondWithEvents(
            "data: "
                + delta.formatted(attack)
                + "\n\n"
                + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n"));
    CommandRun chat = CommandRun.of(environment, true, "chat", "Hi");
    assertThat(chat.out()).isEqualTo("a\uFFFD[2Jb\uFFFD31mc\uFFFDd\uFFFDfine\n");
  }

  @Test
  void token_isRandomAndItsEntryHasOnlyTheHash() {
    JsonObject one = run("token", "ann", "--admin", "--json").json();
    JsonObject other = run("token", "ann", "--json").json();
    assertThat(one.getString("token")).hasSize(48).isNotEqualTo(other.getString("token"));
    String hash = new AccessToken("ann", Secret.of(one.getString("token")), true).hash();
    assertThat(one.getString("entry")).isEqualTo("ann:" + hash + ":admin");
    assertThat(run("token", "ann").out()).contains("  LM_STUDIO_ACCESS_TOKENS=ann:sha256:");
    assertThat(run("token", "a:b").code()).isEqualTo(2);
  }

  @Test
  void coloursAreWritten_onlyToATerminal() {
    assertThat(CommandRun.of(environment, true, "ping").out()).contains("\u001B[1m");
    Stream.of("ping", "doctor")
        .forEach(command -> assertThat(run(command).out()).doesNotContain("\u001B"));
  }
}
