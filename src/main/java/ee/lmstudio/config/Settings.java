package ee.lmstudio.config;

import ee.lmstudio.sdk.LmStudioSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The whole configuration, checked.
 *
 * @param server how this server behaves
 * @param upstream how to reach LM Studio; its address does not count if {@code usesSimulator}
 * @param usesSimulator whether the built-in simulator takes the place of LM Studio
 * @param warnings what is allowed but unwise, for the log
 */
public record Settings(
    ServerSettings server,
    LmStudioSettings upstream,
    boolean usesSimulator,
    List<String> warnings) {

  public Settings {
    warnings = List.copyOf(warnings);
  }

  /**
   * How to reach LM Studio.
   *
   * @param ownAddress this server's address with context root, such as {@code
   *     http://127.0.0.1:8080/app}; asked only if the simulator is used
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
