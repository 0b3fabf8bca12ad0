package ee.lmstudio.simulator.media;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Creates PNG files with a pattern of two colours, which a number chooses. */
public final class Picture {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] TRUE_COLOUR_8_BITS = {8, 2, 0, 0, 0};

  private Picture() {}

  /** Returns a picture of this size in pixels. */
  public static byte[] of(long seed, int width, int height) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(png);
      out.write(SIGNATURE);
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      DataOutputStream fields = new DataOutputStream(head);
      fields.writeInt(width);
      fields.writeInt(height);
      fields.write(TRUE_COLOUR_8_BITS);
      chunk(out, "IHDR", head.toByteArray());
      chunk(out, "IDAT", pixels(seed, width, height));
      chunk(out, "IEND", new byte[0]);
      return png.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory failed", e);
    }
  }

  private static byte[] pixels(long seed, int width, int height) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(packed)) {
      byte[] row = new byte[1 + 3 * width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          boolean figure = ((x * 8 / width) ^ (y * 8 / height)) % 2 == 0;
          long colour = figure ? seed : seed >>> 24;
          row[1 + 3 * x] = (byte) colour;
          row[2 + 3 * x] = (byte) (colour >>> 8);
          row[3 + 3 * x] = (byte) (colour >>> 16);
        }
        out.write(row);
      }
    }
    return packed.toByteArray();
  }

  private static void chunk(DataOutputStream out, String name, byte[] content) throws IOException {
    byte[] type = name.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(type);
    sum.update(content);
    out.writeInt(content.length);
    out.write(type);
    out.write(content);
    out.writeInt((int) sum.getValue());
  }
}
