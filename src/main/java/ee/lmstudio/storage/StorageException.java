package ee.lmstudio.storage;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Thrown if a file of the storage cannot be used. The message names the file and the reason. */
public final class StorageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final String hint;

  private StorageException(String message, String hint, Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /** Returns what to do next. */
  public String hint() {
    return hint;
  }

  static StorageException of(String what, Path file, IOException cause) {
    String reason = reason(cause);
    String hint =
        reason.contains("space left") || reason.contains("quota")
            ? "Free some space. To see what is left, type: df -h " + file.getParent()
            : "Make "
                + file.getParent()
                + " a directory that this user can write, or choose another one with"
                + " LM_STUDIO_STORAGE_DIR.";
    return new StorageException(what + " " + file + " (" + reason + ").", hint, cause);
  }

  static StorageException damaged(Path file, RuntimeException cause) {
    return new StorageException(
        file + " does not have the format of this version.",
        "Write it anew: lmstudio models-sync",
        cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException denied -> "permission denied";
      case NotDirectoryException file -> "not a directory";
      case FileAlreadyExistsException file -> "a file has the name of the directory";
      case FileSystemException other when other.getReason() != null -> other.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
