package ee.lmstudio.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java block of a document. Behind the word {@code java} it is marked {@code run}, or {@code
 * skip} with a reason. A line ends with what it must print, after an arrow: {@code // → text}.
 *
 * @param mark all that stands behind {@code java}; empty if nothing does
 */
record JavaBlock(Path file, int line, String mark, String code) {
  private static final Pattern FENCE = Pattern.compile("```java\\b *(.*)");
  private static final Pattern PRINTED = Pattern.compile("// → (.+)");
  private static final Pattern TYPE =
      Pattern.compile("^\\s*(?:@[\\w.]+\\s+)*(?:public |final )*(?:class|record|interface) ");
  private static final Pattern IMPORT = Pattern.compile("(?m)^import .+;\n");

  /** The blocks of the README and of every guide. */
  static List<JavaBlock> all() throws IOException {
    List<JavaBlock> blocks = new ArrayList<>(of(Path.of("README.md")));
    try (Stream<Path> guides = Files.list(Path.of("docs/guides"))) {
      for (Path guide : guides.filter(file -> file.toString().endsWith(".md")).sorted().toList()) {
        blocks.addAll(of(guide));
      }
    }
    return blocks;
  }

  private static List<JavaBlock> of(Path file) throws IOException {
    List<JavaBlock> blocks = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int at = 0; at < lines.size(); at++) {
      Matcher fence = FENCE.matcher(lines.get(at).strip());
      if (fence.matches()) {
        int from = at + 1;
        while (!lines.get(++at).strip().equals("```")) {
          // The output is expected anywhere up to the end of the block.
        }
        String code = String.join("\n", lines.subList(from, at)) + "\n";
        blocks.add(new JavaBlock(file, from, fence.group(1).strip(), code));
      }
    }
    return blocks;
  }

  boolean runs() {
    return mark.equals("run");
  }

  /** Returns whether the block is one of those that {@link HttpApiGuideIT} runs. */
  boolean isOfHttpApiGuide() {
    return file.equals(GuideBlock.GUIDE) && mark.equals("server");
  }

  /** Returns whether the block holds the imports of all other blocks. */
  boolean isImports() {
    return mark.equals("imports");
  }

  /** Returns why the block is not run; empty if it is run. */
  String reason() {
    return mark.startsWith("skip ") ? mark.substring(5).strip() : "";
  }

  /** Returns what the block must print. */
  List<String> prints() {
    return PRINTED.matcher(code).results().map(found -> found.group(1).strip()).toList();
  }

  /** Returns whether the block checks its result, so that a wrong result fails. */
  boolean checksItself() {
    return !prints().isEmpty() || code.contains("assertThat(");
  }

  /** Returns whether the block consists of whole types and not of statements. */
  boolean isType() {
    return TYPE.matcher(IMPORT.matcher(code).replaceAll("")).find();
  }

  /**
   * Returns a source file with its own imports, those of the guide, and a variable {@code
   * lmStudio}.
   */
  String source(String imports, String address) {
    String body = IMPORT.matcher(code).replaceAll("");
    StringBuilder own = new StringBuilder(imports);
    IMPORT.matcher(code).results().forEach(found -> own.append(found.group()));
    if (!isType()) {
      String given = body.contains("LmStudio lmStudio =") ? "" : "LmStudio lmStudio";
      body =
          "public class Block { public static void run(%s) throws Exception {\n%s}\n}\n"
              .formatted(given, body);
    }
    return own + body.replace("http://127.0.0.1:1234", address);
  }

  @Override
  public String toString() {
    return file + ":" + line;
  }
}
