package ee.lmstudio.simulator.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A WAV file (PCM, mono, 8 bits, 8 kHz) in which every word is a tone, the same for the same. */
public final class Wave {
  private static final int RATE = 8_000;
  private static final int SAMPLES_A_WORD = 1_200;
  private static final int HEADER = 44;
  private static final int MAX_WORDS = 5_000;

  private Wave() {}

  /** The words as tones, the first 5,000 of them. */
  public static byte[] of(List<String> words) {
    int count = Math.min(words.size(), MAX_WORDS) * SAMPLES_A_WORD;
    ByteBuffer wave = ByteBuffer.allocate(HEADER + count).order(ByteOrder.LITTLE_ENDIAN);
    wave.put(ascii("RIFF")).putInt(HEADER - 8 + count).put(ascii("WAVEfmt ")).putInt(16);
    wave.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE);
    wave.putShort((short) 1).putShort((short) 8).put(ascii("data")).putInt(count);
    for (int i = 0; i < count; i++) {
      wave.put(sample(words.get(i / SAMPLES_A_WORD), i % SAMPLES_A_WORD));
    }
    return wave.array();
  }

  /** Fades in and out, so that nothing clicks. */
  private static byte sample(String word, int at) {
    double frequency = 180 + Math.floorMod(word.hashCode(), 400);
    double loudness = 100 * Math.sin(Math.PI * at / SAMPLES_A_WORD);
    return (byte) (128 + loudness * Math.sin(2 * Math.PI * frequency * at / RATE));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
