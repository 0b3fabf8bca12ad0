package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.AuthenticationException;
import java.util.List;

/** The contract in memory keeps it, so tests that use it are believed. */
class FakeContractTest extends SdkContractTest {
  private static final List<String> MODELS = List.of("one", "two", "three");
  private static final List<String> PIECES = List.of("Hello", " ", "there");

  private final FakeSdk sdk = new FakeSdk(true, false, MODELS, PIECES);

  @Override
  SdkContract sdk() {
    return sdk;
  }

  @Override
  SdkContract plain() {
    return new FakeSdk(false, false, MODELS, PIECES);
  }

  @Override
  SdkContract media() {
    return new FakeSdk(true, true, MODELS, PIECES);
  }

  @Override
  boolean canLoad() {
    return true;
  }

  @Override
  String model() {
    return "two";
  }

  @Override
  String embeddingModel() {
    return "two";
  }

  @Override
  void willStall() {
    sdk.stall();
  }

  @Override
  void willRefuseToken() {
    sdk.fail(new AuthenticationException("The token is wrong", "Take another one.", null));
  }
}
