package ee.lmstudio.sdk;

/** Plain JSON through the JAX-RS client, as a plain program sends it. */
class PlainJsonTest extends PlainJsonContract {
  PlainJsonTest() {
    super(LmStudio::connect);
  }
}
