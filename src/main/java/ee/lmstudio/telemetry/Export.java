package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallRecord;
import java.time.Duration;

/** A way to send telemetry to another program. No class of OpenTelemetry is in its signatures. */
interface Export {
  /** Exports nothing. */
  Export NOTHING =
      new Export() {
        @Override
        public void ended(Peer peer, CallRecord call, ModelNames names) {}

        @Override
        public void waited(String upstream, String model, Duration time) {}

        @Override
        public void running(String upstream, String model, int change) {}

        @Override
        public Runnable inContext(Runnable work) {
          return work;
        }
      };

  /** Exports a call that has ended on this thread. */
  void ended(Peer peer, CallRecord call, ModelNames names);

  /** Exports how long a stream has waited for its turn. */
  void waited(String upstream, String model, Duration time);

  /** Exports that streams have begun or, if {@code change} is negative, have ended. */
  void running(String upstream, String model, int change);

  /** Returns work that belongs to the trace of the calling thread, whichever thread runs it. */
  Runnable inContext(Runnable work);
}
