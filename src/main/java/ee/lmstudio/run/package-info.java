/**
 * The work behind a stream. START HERE: {@link ee.lmstudio.run.Runs} begins a {@link
 * ee.lmstudio.run.Run} for a piece of {@link ee.lmstudio.run.Work}, and {@link
 * ee.lmstudio.run.RunWriter} writes what it brings into the run's log. A {@link
 * ee.lmstudio.run.GenerationWork} is one kind of work.
 *
 * <p>Imports {@code upstreams}, {@code stream}, {@code telemetry}, {@code config} and {@code sdk}.
 */
package ee.lmstudio.run;
