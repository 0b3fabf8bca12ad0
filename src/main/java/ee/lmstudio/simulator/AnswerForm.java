package ee.lmstudio.simulator;

import java.util.List;
import java.util.function.Supplier;

/**
 * An answer in the form of one API. Only the method that is called renders anything.
 *
 * @param whole renders the answer as one JSON body
 * @param events renders the answer as the frames of an event stream
 */
record AnswerForm(Supplier<String> whole, Supplier<List<Frame>> events) {}
