package ee.lmstudio.simulator;

import java.util.Locale;

/** What an API token of LM Studio allows, besides requests without {@code integrations}. */
public enum TokenPermission {
  /** The use of MCP servers that a request describes: {@code "type":"ephemeral_mcp"}. */
  EPHEMERAL_MCP,
  /** The use of plugins and of the MCP servers of {@code mcp.json}: {@code "type":"plugin"}. */
  PLUGIN;

  /** Returns the type of integration that it allows: {@code ephemeral_mcp}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
