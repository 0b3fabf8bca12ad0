package ee.lmstudio.stream.memory;

import ee.lmstudio.run.TestRun;
import ee.lmstudio.stream.StreamLog;
import ee.lmstudio.stream.StreamLogContract;

class MemoryStreamLogTest extends StreamLogContract {
  @Override
  protected StreamLog emptyLog() {
    return TestRun.emptyLog();
  }
}
