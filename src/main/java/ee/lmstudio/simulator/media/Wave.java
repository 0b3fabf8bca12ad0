package ee.lmstudio.simulator.media;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Creates WAV files (PCM, mono, 8 bits, 8 kHz) with one tone for each word. Equal words sound
 * equal.
 */
public final class Wave {
  private static final int RATE = 8_000;
  private static final int SAMPLES_A_WORD = 1_200;
  private static final int HEADER = 44;
  private static final int MAX_WORDS = 5_000;

  private Wave() {}

  /** Returns a WAV file of the words as tones, for at most the first 5,000 words. */
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

  /** Fades in and out, so that there are no clicks. */
  private static byte sample(String word, int at) {
    double frequency = 180 + Math.floorMod(word.hashCode(), 400);
    double loudness = 100 * Math.sin(Math.PI * at / SAMPLES_A_WORD);
    return (byte) (128 + loudness * Math.sin(2 * Math.PI * frequency * at / RATE));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
