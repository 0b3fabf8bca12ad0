package ee.lmstudio.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A log file that is rotated. When the file is full, it is renamed to {@code .1}, and the next line
 * starts a new file. Older files are renamed to {@code .2} up to {@code .4}, and the oldest one is
 * deleted. Only their owner can read them. For one thread.
 */
public final class RotatingFile implements AutoCloseable {
  /** The number of files, with the current one. */
  public static final int FILES = 5;

  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Storage storage;
  private final String name;
  private final long most;

  /** Open between the first line and {@link #close()}; null otherwise. */
  private FileChannel channel;

  /**
   * @param name the name of the current file
   * @param most maximum length of each file, in bytes; a longer line gets a file of its own
   */
  public RotatingFile(Storage storage, String name, long most) {
    this.storage = storage;
    this.name = name;
    this.most = most;
  }

  /**
   * Appends a line, which must end with a line end.
   *
   * @throws StorageException if it cannot be written
   */
  public void append(byte[] line) {
    try {
      open();
      if (channel.size() > 0 && channel.size() + line.length > most) {
        rotate();
        open();
      }
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    } catch (IOException failed) {
      close();
      throw StorageException.of("Could not write", storage.path(name), failed);
    }
  }

  private void open() throws IOException {
    if (channel == null) {
      storage.create();
      channel = FileChannel.open(storage.path(name), APPEND, Storage.ownerOnly("rw-------"));
    }
  }

  private void rotate() throws IOException {
    close();
    for (int i = FILES - 2; i >= 0; i--) {
      Path file = storage.path(i == 0 ? name : name + "." + i);
      if (Files.exists(file)) {
        Files.move(file, storage.path(name + "." + (i + 1)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Closes the current file. The next line opens it again. */
  @Override
  public void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException alreadyWritten) {
        // Every line was passed to the operating system when it was appended.
      }
    }
  }
}
