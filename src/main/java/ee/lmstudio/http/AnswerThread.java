package ee.lmstudio.http;

/** Answers a suspended request on a virtual thread of its own. */
public final class AnswerThread {
  private AnswerThread() {}

  /** Runs {@code answering} on a virtual thread. It must answer the request or end it. */
  public static void start(Runnable answering) {
    Thread.ofVirtual().name("lmstudio-answer").start(new LetsGo(answering));
  }

  /**
   * Forgets its work when it runs. Payara's timer for a call to LM Studio ({@code CallTimeouts})
   * keeps the thread of each call until the call's limit has passed, even if the call has ended.
   * Without this class, it would keep the whole request with it, about 40 KB for each call.
   */
  private static final class LetsGo implements Runnable {
    private Runnable work;

    LetsGo(Runnable work) {
      this.work = work;
    }

    @Override
    public void run() {
      Runnable now = work;
      work = null;
      now.run();
    }
  }
}
