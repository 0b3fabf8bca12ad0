/**
 * The log of a stream and its readers. START HERE: {@link ee.lmstudio.stream.StreamLog} is the
 * port, {@link ee.lmstudio.stream.Entry} is one entry (data only, {@link
 * ee.lmstudio.stream.EntryCodec} turns it into bytes and back), and a {@link
 * ee.lmstudio.stream.Cursor} reads.
 *
 * <p>An entry is the event of our own event format, and the chunks of LM Studio that it was read
 * from ({@link ee.lmstudio.stream.Chunks}), for event formats that pass chunks on.
 *
 * <p>{@code memory} holds the log of one server. The writer appends and never waits for a reader.
 * This package is plain Java: no CDI, no HTTP. It imports {@code sdk} only.
 */
package ee.lmstudio.stream;
