package ee.lmstudio.stream;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a stream before its first entry, and never changes. It is data only, as an
 * {@link Entry} is.
 *
 * @param id 128 random bits in hexadecimal. A caller who knows this id and is allowed to see the
 *     stream can read it and cancel it.
 * @param owner the name of the caller who started the stream
 * @param promptHash {@code sha256:} and the hash of the request
 * @param modelRequested the model that the request named; empty if it named none
 * @param startedAt when the stream was created, before its work waited for its turn
 * @param content what its entries are
 */
public record StreamHead(
    String id,
    String owner,
    String promptHash,
    Optional<String> modelRequested,
    Instant startedAt,
    StreamContent content) {}
