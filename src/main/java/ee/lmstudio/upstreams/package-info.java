/**
 * The LM Studio machines that this server uses. {@link ee.lmstudio.upstreams.Machine} holds
 * everything that belongs to one machine. START HERE: {@link ee.lmstudio.upstreams.Upstreams} has
 * the machines and makes the SDK injectable. Imports {@code stream}, {@code telemetry}, {@code
 * config} and {@code sdk}.
 */
package ee.lmstudio.upstreams;
