/**
 * The graceful stop: what happens to streams and other requests when the server is told to end.
 * Start with {@link ee.lmstudio.server.GracefulStop}. Imports {@code ee.lmstudio.run}.
 */
package ee.lmstudio.server;
