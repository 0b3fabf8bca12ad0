package ee.lmstudio.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A directory with the files of this software. Only its owner can read and write them. A file is
 * written completely or not at all: readers never see half of it, not even after a crash.
 *
 * @param directory the directory, which is created when it is first needed
 */
public record Storage(Path directory) {
  private static final String LOCK = ".lock";
  private static final Set<StandardOpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** Creates a storage in an absolute, normalised directory. Does not touch the disk. */
  public Storage {
    directory = directory.toAbsolutePath().normalize();
  }

  /** Returns the path of a file in this storage. */
  public Path path(String name) {
    return directory.resolve(name);
  }

  /**
   * Replaces a file.
   *
   * @throws StorageException if the file cannot be written; the old file is then unchanged
   */
  public void write(String name, byte[] content) {
    Path file = path(name);
    Path written =
        path(name + "." + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".new");
    try {
      create();
      try (FileChannel channel = FileChannel.open(written, NEW, ownerOnly("rw-------"))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(
          written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      StorageException told = StorageException.of("Could not write", file, failed);
      try {
        Files.deleteIfExists(written);
      } catch (IOException remains) {
        told.addSuppressed(remains);
      }
      throw told;
    }
  }

  /**
   * Returns the content of a file; empty if it does not exist.
   *
   * @throws StorageException if the file exists and cannot be read
   */
  public Optional<byte[]> read(String name) {
    try {
      return Optional.of(Files.readAllBytes(path(name)));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException failed) {
      throw StorageException.of("Could not read", path(name), failed);
    }
  }

  /**
   * Creates the directory, unless it exists.
   *
   * @throws IOException if it does not exist and cannot be created
   */
  public void create() throws IOException {
    if (!Files.isDirectory(directory)) {
      Path parent = directory.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectories(directory, ownerOnly("rwx------"));
    }
  }

  /**
   * Locks this storage against other processes until the lock is closed, or this process ends.
   *
   * @return empty if another process has the lock
   * @throws StorageException if the lock file cannot be written
   */
  public Optional<Lock> lock() {
    try {
      create();
      FileChannel channel =
          FileChannel.open(
              path(LOCK),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              ownerOnly("rw-------"));
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new Lock(channel));
    } catch (IOException failed) {
      throw StorageException.of("Could not lock", path(LOCK), failed);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException heldByThisProcess) {
      return null;
    }
  }

  /** The lock of a storage. The operating system releases it when the process ends. */
  public record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException alreadyReleased) {
        // Closing the channel releases the lock, even if it reports an error.
      }
    }
  }

  static FileAttribute<?>[] ownerOnly(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Returns whether users other than the owner can read the directory. */
  public boolean isOpenToOthers() throws IOException {
    return Files.isDirectory(directory)
        && Files.getFileStore(directory).supportsFileAttributeView("posix")
        && !Collections.disjoint(
            Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.fromString("---rwxrwx"));
  }
}
