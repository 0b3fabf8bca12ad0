package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import jakarta.ws.rs.ProcessingException;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.TruncatedChunkException;

/** Turns the failures of connections into exceptions that say what failed. */
public final class Failures {
  /** Removes the secrets that are recognised by their form. */
  private static final Redaction BY_FORM = new Redaction(Optional.empty(), Map.of());

  private Failures() {}

  /** Returns the exception for an answer that LM Studio would not send. */
  public static ProtocolException notLmStudio(String message, Throwable cause) {
    return new ProtocolException(
        message, "Check `baseUrl`: a proxy or another program may answer on this port.", cause);
  }

  /**
   * Returns the failure of the connection.
   *
   * @throws LmStudioException if the SDK itself refused the request
   * @throws NotHttpException if the server's answer is not valid HTTP or exceeds a limit
   */
  public static IOException unwrap(ProcessingException wrapped) {
    return switch (wrapped.getCause()) {
      case LmStudioException refused -> throw refused;
      case ClientProtocolException notHttp -> throw new NotHttpException(notHttp);
      case MessageConstraintException tooLarge -> throw new NotHttpException(tooLarge);
      case IOException failed -> failed;
      case null, default -> cleaned(wrapped, BY_FORM);
    };
  }

  /**
   * Returns the failure of a body with a message that is safe to show: the client's own message
   * about invalid chunks quotes them, and they may contain a private answer.
   */
  public static IOException ofBody(IOException failed) {
    return failed instanceof MalformedChunkCodingException
            && !(failed instanceof TruncatedChunkException)
        ? new IOException("The chunks of the answer cannot be read")
        : failed;
  }

  /** Returns the failure of a connection, with a hint that names the address. */
  static ConnectionException unreachable(
      URI url, String what, IOException cause, Redaction redaction) {
    String where = url.getHost() + ":" + AllowedHosts.portOf(url);
    String said =
        cause.getMessage() == null
            ? cause.getClass().getSimpleName()
            : redaction.clean(cause.getMessage());
    // The message of this exception is often only the name.
    String reason = cause instanceof UnknownHostException ? "unknown host " + said : said;
    return new ConnectionException(
        "The connection to LM Studio at %s %s: %s".formatted(where, what, reason),
        hint(url, where, cause),
        cause);
  }

  private static String hint(URI url, String where, IOException cause) {
    if (url.getScheme().equals("https") && cause instanceof SSLException tls) {
      // Java's TLS reports bytes that are not TLS as "Unsupported or unrecognized SSL message".
      return String.valueOf(tls.getMessage()).contains("SSL message")
          ? "The server at %1$s speaks HTTP without TLS. Set `baseUrl` to http://%1$s."
              .formatted(where)
          : "Check the certificate of the server at %s, or whether it speaks TLS at all."
              .formatted(where);
    }
    if (cause instanceof UnknownHostException) {
      return "Check the host in `baseUrl` (%s), and whether this machine knows it: getent hosts %s"
          .formatted(where, url.getHost());
    }
    return "Start LM Studio's server at %s (Developer → Start server), or set `baseUrl` to its address."
        .formatted(where);
  }

  /**
   * Returns a copy of an exception whose messages are cleaned. The HTTP client quotes lines of the
   * server in its messages, which may contain any text, and a log shows the messages of causes.
   */
  static IOException cleaned(Throwable raw, Redaction redaction) {
    Throwable cause = raw.getCause();
    String message = raw.getMessage();
    IOException copy =
        new IOException(
            raw.getClass().getName() + (message == null ? "" : ": " + redaction.clean(message)),
            cause == null ? null : cleaned(cause, redaction));
    copy.setStackTrace(raw.getStackTrace());
    return copy;
  }
}
