package ee.lmstudio.sdk;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;

/** JSON that can be read in a Java string: its quotes are single ones. */
public final class Quoted {
  private Quoted() {}

  /** The object that {@code text} is, once each {@code '} is a {@code "}. */
  public static JsonObject json(String text) {
    return JsonText.readObject(text.replace('\'', '"')).orElseThrow();
  }
}
