/**
 * A stream is a log; listeners are cursors. START HERE: {@link ee.lmstudio.stream.StreamLog} is the
 * port, {@link ee.lmstudio.stream.Entry} is one entry (data only, {@link
 * ee.lmstudio.stream.EntryCodec} turns it into bytes and back), and a {@link
 * ee.lmstudio.stream.Cursor} reads.
 *
 * <p>{@code memory} holds the log of one server. The writer appends and never waits for a reader.
 * This package is plain Java: no CDI, no HTTP. It imports {@code sdk} only.
 */
package ee.lmstudio.stream;
