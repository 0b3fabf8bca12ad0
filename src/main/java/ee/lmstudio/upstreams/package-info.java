/**
 * The LM Studio machines that this server uses, and what belongs to each: {@link
 * ee.lmstudio.upstreams.Machine}. START HERE: {@link ee.lmstudio.upstreams.Upstreams} has the
 * machines and makes the SDK injectable. Imports {@code stream}, {@code telemetry}, {@code config}
 * and {@code sdk}.
 */
package ee.lmstudio.upstreams;
