/**
 * The upstreams that this server uses. {@link ee.lmstudio.upstreams.Machine} holds everything that
 * belongs to one upstream. START HERE: {@link ee.lmstudio.upstreams.Upstreams} has the upstreams
 * and makes the SDK injectable. Imports {@code stream}, {@code telemetry}, {@code config} and
 * {@code sdk}.
 */
package ee.lmstudio.upstreams;
