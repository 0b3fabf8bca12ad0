package ee.lmstudio.simulator;

import static ee.lmstudio.simulator.JsonStringifier.JSON;

import ee.lmstudio.simulator.writing.Question;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code integrations} of a native chat: plugins, and MCP servers that the request describes.
 * The simulator connects to none of them. Each has the tools of {@code allowed_tools}, or else a
 * tool {@code search}.
 */
final class Integrations {
  private static final List<String> USUAL_TOOLS = List.of("search");
  private static final Pattern PLUGIN_ID = Pattern.compile("[a-z0-9._-]+/[a-z0-9._-]+");
  private static final Pattern PRIVATE_HOST =
      Pattern.compile(
          "localhost|.*\\.local|127\\..*|10\\..*|192\\.168\\..*|169\\.254\\..*"
              + "|172\\.(1[6-9]|2\\d|3[01])\\..*|0\\.0\\.0\\.0|\\[.*]");

  private record Integration(JsonObject provider, List<String> tools) {}

  private final Set<TokenPermission> permissions;
  private final SimulatedVersion version;
  private final List<Integration> all = new ArrayList<>();

  /**
   * Checks the integrations.
   *
   * @throws Refusal if one of them is malformed, cannot be reached, or is not permitted
   */
  Integrations(JsonBody body, Set<TokenPermission> permissions, SimulatedVersion version) {
    this.permissions = permissions;
    this.version = version;
    JsonValue value = body.value("integrations");
    if (value == JsonValue.NULL) {
      return;
    }
    if (!(value instanceof JsonArray items)) {
      throw invalid("\"integrations\" must be an array");
    }
    for (JsonValue item : items) {
      switch (item) {
        case JsonString id -> all.add(plugin(id.getString(), JsonBody.EMPTY));
        case JsonObject object -> all.add(described(JsonBody.of(object)));
        default -> throw invalid("\"integrations\" must contain strings or objects");
      }
    }
  }

  private static Refusal invalid(String message) {
    return Refusal.ofV1(message, "invalid_value", "integrations");
  }

  private Integration described(JsonBody item) {
    String type = item.text("type").orElse("");
    return switch (type) {
      case "plugin" -> plugin(required(item, "id"), item);
      case "ephemeral_mcp" -> ephemeral(item);
      default -> throw invalid("Invalid type '" + type + "' in \"integrations\"");
    };
  }

  private static String required(JsonBody item, String field) {
    return item.text(field)
        .filter(text -> !text.isBlank())
        .orElseThrow(
            () ->
                Refusal.ofV1(
                    "\"" + field + "\" is required", "missing_required_parameter", "integrations"));
  }

  private Integration plugin(String id, JsonBody item) {
    require(TokenPermission.PLUGIN, id);
    if (!PLUGIN_ID.matcher(id).matches()) {
      String problem =
          "Unable to connect to plugin '"
              + id
              + "'. Plugin identifier must be in owner/name format.";
      throw Refusal.ofV1(400, "plugin_connection_error", problem, null, "integrations");
    }
    JsonObject provider =
        JSON.createObjectBuilder().add("type", "plugin").add("plugin_id", id).build();
    return new Integration(provider, tools(item));
  }

  private Integration ephemeral(JsonBody item) {
    String label = required(item, "server_label");
    String url = required(item, "server_url");
    require(TokenPermission.EPHEMERAL_MCP, label);
    Optional<String> problem = problem(url);
    if (problem.isPresent()) {
      String message =
          "Unable to connect to remote MCP server '%s' at url '%s'. %s"
              .formatted(label, url, problem.get());
      throw Refusal.ofV1(400, "mcp_connection_error", message, null, "integrations");
    }
    JsonObject provider =
        JSON.createObjectBuilder().add("type", "ephemeral_mcp").add("server_label", label).build();
    return new Integration(provider, tools(item));
  }

  private Optional<String> problem(String url) {
    URI address;
    try {
      address = URI.create(url);
    } catch (IllegalArgumentException e) {
      return Optional.of("Invalid URL");
    }
    boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!web || address.getHost() == null) {
      return Optional.of("Invalid URL");
    }
    return version.refusesLocalMcp() && PRIVATE_HOST.matcher(address.getHost()).matches()
        ? Optional.of(
            "URL resolves to a non-public address. We only allow public addresses for dynamic"
                + " remote MCP connections.")
        : Optional.empty();
  }

  private void require(TokenPermission permission, String name) {
    if (!permissions.contains(permission)) {
      String kind = permission == TokenPermission.PLUGIN ? "local" : "remote";
      String message =
          "Permission denied to use %s MCP server '%s'. Ensure that the server configuration allows"
              + " %s integrations and that your API token has the necessary permissions.";
      throw Refusal.ofV1(
          403, "invalid_request", message.formatted(kind, name, kind), null, "integrations");
    }
  }

  private static List<String> tools(JsonBody item) {
    List<String> allowed = new ArrayList<>();
    if (item.value("allowed_tools") instanceof JsonArray names) {
      names.stream()
          .filter(JsonString.class::isInstance)
          .forEach(name -> allowed.add(((JsonString) name).getString()));
      return allowed;
    }
    return USUAL_TOOLS;
  }

  /**
   * Returns the call that a question asks for; empty if it asks for no tool.
   *
   * @param failure how the call is to fail; empty: it succeeds
   */
  Optional<McpCall> call(Question question, Optional<String> failure) {
    for (Integration integration : all) {
      for (String tool : integration.tools()) {
        if (Drafter.isAskedFor(tool, question)) {
          return Optional.of(call(integration, tool, question, failure));
        }
      }
    }
    return Optional.empty();
  }

  private static McpCall call(
      Integration integration, String tool, Question question, Optional<String> failure) {
    String query = String.join(" ", question.keywords());
    JsonObject arguments = JSON.createObjectBuilder().add("query", query).build();
    String text =
        failure
            .map(
                type ->
                    type.equals("invalid_name")
                        ? "Cannot find tool with name " + tool + "."
                        : "Invalid arguments for tool " + tool + ".")
            .orElse("Simulated result of " + tool + " for: " + query);
    return new McpCall(tool, arguments, integration.provider(), text, failure);
  }
}
