package ee.lmstudio.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.model.ModelSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
  @TempDir Path parent;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void writtenFile_isReadableByItsOwnerOnly() throws Exception {
    Storage storage = new Storage(parent.resolve("new/storage"));
    storage.write("a.json", bytes("{}"));
    assertThat(storage.read("a.json"))
        .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes("{}")));
    assertThat(permissions(storage.directory())).isEqualTo("rwx------");
    assertThat(permissions(storage.path("a.json"))).isEqualTo("rw-------");
    assertThat(storage.isOpenToOthers()).isFalse();
  }

  @Test
  void fileThatIsReplaced_leavesNothingElseBehind() throws Exception {
    Storage storage = new Storage(parent);
    storage.write("a.json", bytes("old"));
    storage.write("a.json", bytes("new"));
    assertThat(storage.read("a.json"))
        .hasValueSatisfying(read -> assertThat(read).isEqualTo(bytes("new")));
    try (var files = Files.list(parent)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("a.json");
    }
  }

  @Test
  void fileThatCannotBeReplaced_staysAndNothingHalfWrittenRemains() throws Exception {
    Storage storage = new Storage(parent);
    Files.createDirectories(parent.resolve("a.json/not-empty"));
    assertThatThrownBy(() -> storage.write("a.json", bytes("new")))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("Could not write " + parent.resolve("a.json") + " (");
    try (var files = Files.list(parent)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("a.json");
    }
  }

  @Test
  void fileInPlaceOfTheDirectory_isTold() throws Exception {
    Path file = Files.createFile(parent.resolve("storage"));
    Storage storage = new Storage(file);
    assertThatThrownBy(() -> storage.write("a.json", bytes("x")))
        .isInstanceOfSatisfying(
            StorageException.class,
            told -> assertThat(told.hint()).contains("LM_STUDIO_STORAGE_DIR"))
        .hasMessageContaining("a file has the name of the directory");
  }

  @Test
  void absentFile_isEmpty() {
    assertThat(new Storage(parent.resolve("absent")).read("a.json")).isEmpty();
  }

  @Test
  void lock_isHeldOnceUntilItIsClosed() {
    Storage storage = new Storage(parent);
    Storage.Lock lock = storage.lock().orElseThrow();
    assertThat(storage.lock()).isEmpty();
    lock.close();
    storage.lock().orElseThrow().close();
  }

  @Test
  void directoryThatOthersCanRead_isTold() throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(new Storage(parent).isOpenToOthers()).isTrue();
  }

  @Test
  void storedModels_areReadAsTheyWereWritten() {
    StoredModels models =
        new StoredModels(
            Instant.parse("2026-11-30T18:00:00.123Z"),
            "http://127.0.0.1:1234",
            Optional.of("0.4.24"),
            List.of(
                new ModelSummary(
                    "qwen",
                    Optional.of("qwen"),
                    Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                    Optional.of("llm"),
                    Optional.of("loaded"),
                    new ModelSummary.Metadata(
                        Optional.of("gguf"),
                        Optional.of("qwen2"),
                        Optional.of("7B"),
                        Optional.of("Q4_K_M"),
                        OptionalLong.of(8192))),
                new ModelSummary(
                    "ünknown",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ModelSummary.Metadata.NONE)));
    Storage storage = new Storage(parent);
    assertThat(StoredModels.read(storage)).isEmpty();
    models.write(storage);
    assertThat(StoredModels.read(storage)).hasValue(models);
  }

  @Test
  void damagedModels_areToldWithWhatToDo() {
    Storage storage = new Storage(parent);
    for (String damaged : List.of("", "[]", "{\"format\":2}", "{\"format\":1,\"models\":[{}]}")) {
      storage.write(StoredModels.FILE, bytes(damaged));
      assertThatThrownBy(() -> StoredModels.read(storage))
          .isInstanceOfSatisfying(
              StorageException.class,
              told -> assertThat(told.hint()).isEqualTo("Write it anew: lmstudio models-sync"));
    }
  }
}
