/**
 * The LM Studio machines that this server uses, and what belongs to each: its connection, its guard
 * and its model states. START HERE: {@link ee.lmstudio.upstreams.SdkProducer} makes the SDK
 * injectable. Imports {@code stream}, {@code telemetry}, {@code config} and {@code sdk}.
 */
package ee.lmstudio.upstreams;
