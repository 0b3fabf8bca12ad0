package ee.lmstudio.config;

import static ee.lmstudio.config.ValueType.require;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The value types that are specific to this product. */
final class ValueTypes {
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,4096}");
  private static final Pattern SHA256_HEX = Pattern.compile("[0-9A-Fa-f]{64}");
  private static final Pattern SERVER_NAME =
      Pattern.compile("[a-z0-9]([a-z0-9._-]{0,252})|\\[?[0-9a-f:.]+]?");
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[ -~]{0,8192}");

  private static final Pattern RELAY_PATH =
      Pattern.compile("/v1(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){1,8}");
  private static final Pattern OWN_PATH =
      Pattern.compile(
          "/v1/((models|streams|audio|images)(/.*)?|chat/completions|completions|embeddings"
              + "|responses(/[^/]+(/cancel)?)?|messages|decisions)");

  /** Headers that frame or route the message. Only the HTTP client itself may set them. */
  private static final Set<String> FRAMING =
      Set.of(
          "host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "expect");

  private ValueTypes() {}

  static ValueType<String> text() {
    return new ValueType<>(
        "up to 512 characters without control characters", ValueTypes::requireText);
  }

  private static String requireText(String text) {
    require(text.length() <= 512 && text.chars().noneMatch(Character::isISOControl));
    return text;
  }

  static ValueType<Path> directory() {
    return new ValueType<>(
        "the path of a directory",
        text -> {
          boolean ofUser = text.equals("~") || text.startsWith("~/");
          Path path = Path.of(ofUser ? System.getProperty("user.home") + text.substring(1) : text);
          ValueType.require(!Files.exists(path) || Files.isDirectory(path));
          return path.toAbsolutePath().normalize();
        });
  }

  static ValueType<String> scheme() {
    return new ValueType<>(
        "http or https",
        text -> {
          require(text.equals("http") || text.equals("https"));
          return text;
        });
  }

  static ValueType<URI> address() {
    return new ValueType<>(
        "http://host:port or https://host:port, without user, query and fragment",
        text -> {
          try {
            return LmStudioSettings.at(text).baseUrl();
          } catch (IllegalArgumentException e) {
            // The message of the cause quotes the address, which may contain a password.
            throw new IllegalArgumentException("", e);
          }
        });
  }

  static ValueType<Secret> secret() {
    return new ValueType<>(
        "visible ASCII characters without spaces",
        text -> {
          require(VISIBLE.matcher(text).matches());
          return Secret.of(text);
        });
  }

  static ValueType<List<String>> hostRules() {
    ValueType<List<String>> list =
        ValueType.listOf("host, host:port or CIDR blocks, comma separated", rule -> rule);
    return new ValueType<>(
        list.allowed(),
        text -> {
          List<String> rules = list.parser().apply(text);
          AllowedHosts.parse(rules);
          return rules;
        });
  }

  static String serverName(String name) {
    if (!SERVER_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is not a host name or address");
    }
    return name.replaceAll("[\\[\\]]", "").replaceAll("\\.$", "");
  }

  /** Accepts a path below /v1 that the OpenAI door does not have itself. */
  static String relayPath(String path) {
    if (!RELAY_PATH.matcher(path).matches() || OWN_PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "'" + path + "' is not below /v1, or is a path that the server has itself");
    }
    return path;
  }

  static ValueType<String> ownAddress() {
    return new ValueType<>(
        "an IPv4 or IPv6 address of this machine",
        text -> {
          require(text.indexOf('/') < 0);
          return CidrBlock.parse(text).network().getHostAddress();
        });
  }

  static ValueType<List<AccessToken>> accessTokens() {
    ValueType<List<AccessToken>> list =
        ValueType.listOf(
            "name:token or name:sha256:hash, and :admin after it for an admin, comma separated;"
                + " names of A-Z a-z 0-9 . _ -, tokens of visible ASCII, hashes of 64 hexadecimal"
                + " digits; each name and each token only once",
            ValueTypes::accessToken);
    return new ValueType<>(
        list.allowed(),
        text -> {
          List<AccessToken> tokens = list.parser().apply(text);
          Set<Object> seen = new HashSet<>();
          for (AccessToken token : tokens) {
            if (!seen.add(token.name())) {
              throw new IllegalArgumentException("the name '" + token.name() + "' occurs twice");
            }
            if (!seen.add(token.hash())) {
              throw new IllegalArgumentException(
                  "the token of '" + token.name() + "' is also the token of another name");
            }
          }
          return tokens;
        });
  }

  private static AccessToken accessToken(String text) {
    String[] parts = text.split(":", -1);
    // "sha256" alone is a hash that was forgotten, not a token.
    boolean hashed = parts.length > 1 && parts[1].equals("sha256");
    int shortest = hashed ? 3 : 2;
    boolean admin = parts.length == shortest + 1 && parts[shortest].equals("admin");
    require(parts.length == shortest || admin);
    String token = parts[shortest - 1];
    require(AccessToken.isName(parts[0]));
    require((hashed ? SHA256_HEX : VISIBLE).matcher(token).matches());
    String secret = hashed ? AccessToken.SHA256 + token.toLowerCase(Locale.ROOT) : token;
    return new AccessToken(parts[0], Secret.of(secret), admin);
  }

  static ValueType<Map<String, String>> headers() {
    return new ValueType<>(
        "a JSON object of strings such as {\"X-Team\":\"blue\"}, without headers that frame a"
            + " message, such as Content-Length",
        ValueTypes::readHeaders);
  }

  private static Map<String, String> readHeaders(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonValue> entry : readObject(text).entrySet()) {
      String name = entry.getKey();
      require(HEADER_NAME.matcher(name).matches());
      require(!FRAMING.contains(name.toLowerCase(Locale.ROOT)));
      require(entry.getValue() instanceof JsonString);
      String value = ((JsonString) entry.getValue()).getString();
      require(HEADER_VALUE.matcher(value).matches());
      headers.put(name, value);
    }
    return headers;
  }

  private static JsonObject readObject(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    } catch (JsonException e) {
      // The cause is left out because its message quotes the text, which may contain a key.
      throw new IllegalArgumentException("");
    }
  }
}
