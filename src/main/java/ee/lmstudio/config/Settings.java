package ee.lmstudio.config;

import ee.lmstudio.sdk.LmStudioSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The complete, valid configuration.
 *
 * @param server the settings of this server
 * @param upstream the settings for LM Studio; if {@code usesSimulator}, its address is not used
 * @param usesSimulator whether the built-in simulator is used as LM Studio
 * @param changed each setting whose value is not the default, as a line for the log without secrets
 * @param warnings warnings for the log about settings that are allowed but unsafe or unknown
 */
public record Settings(
    ServerSettings server,
    LmStudioSettings upstream,
    boolean usesSimulator,
    List<String> changed,
    List<String> warnings) {

  public Settings {
    changed = List.copyOf(changed);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads the settings of a program without a container, from system properties and environment
   * variables with the names that MicroProfile Config uses.
   *
   * @param environment the environment variables
   * @param overrides values by property, which take precedence over all others
   * @throws InvalidSettingsException if any value is invalid
   */
  public static Settings ofEnvironment(
      Map<String, String> environment, Map<String, String> overrides) {
    Set<String> names = new TreeSet<>(environment.keySet());
    names.addAll(System.getProperties().stringPropertyNames());
    return SettingsReader.read(
        name ->
            Stream.of(
                    overrides.get(name),
                    System.getProperty(name),
                    environment.get(name),
                    environment.get(ConfigKey.environmentVariable(name)))
                .filter(Objects::nonNull)
                .findFirst(),
        names);
  }

  /**
   * Returns the settings for LM Studio.
   *
   * @param ownAddress this server's address with context root, such as {@code
   *     http://127.0.0.1:8080/app}; called only if the simulator is used
   */
  public LmStudioSettings upstream(Supplier<URI> ownAddress) {
    if (!usesSimulator) {
      return upstream;
    }
    URI address = ownAddress.get();
    List<String> hosts = new ArrayList<>(upstream.allowedHosts());
    hosts.add(address.getRawAuthority());
    return upstream.toBuilder()
        .baseUrl(URI.create(address + "/simulator"))
        .allowedHosts(hosts)
        .build();
  }
}
