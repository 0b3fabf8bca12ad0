package ee.lmstudio.server;

/** The CDI event that tells that the server has warmed itself, and is ready for all callers. */
public record ServerWarm() {}
