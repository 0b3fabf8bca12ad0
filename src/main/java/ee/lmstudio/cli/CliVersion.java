package ee.lmstudio.cli;

import picocli.CommandLine.IVersionProvider;

/** Reads the version from the manifest of the jar. */
final class CliVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = CliVersion.class.getPackage().getImplementationVersion();
    return new String[] {
      "lmstudio " + (version == null ? "(not packaged)" : version), "Java " + Runtime.version()
    };
  }
}
