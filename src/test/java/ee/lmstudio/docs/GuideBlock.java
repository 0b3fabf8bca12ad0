package ee.lmstudio.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command or program of a guide, and what the guide says that it prints.
 *
 * @param language such as {@code sh}
 * @param mark the text behind the language; empty if there is none
 * @param line the line of the guide in which the block begins
 * @param output the {@code text} block that comes next; empty if there is none
 */
record GuideBlock(String language, String mark, int line, String code, String output) {
  static final Path GUIDE = Path.of("docs/guides/http-api.md");

  /** The address that the guide uses. */
  static final String ADDRESS = "http://127.0.0.1:8080";

  private static final String ANY = "…";
  private static final Set<String> LANGUAGES =
      Set.of("sh", "js", "java", "python", "powershell", "ini", "text");
  private static final Pattern BLOCK = Pattern.compile("(?m)^```(\\S+) *(.*)\n((?s:.*?))^```$");

  /** Returns all blocks of docs/guides/http-api.md, in their order. */
  static List<GuideBlock> all() {
    return all(GUIDE);
  }

  /** Returns all blocks of a guide, in their order. */
  static List<GuideBlock> all(Path file) {
    List<GuideBlock> blocks = new ArrayList<>();
    String guide = Readme.read(file);
    Matcher found = BLOCK.matcher(guide);
    while (found.find()) {
      String language = found.group(1);
      if (!LANGUAGES.contains(language)) {
        throw new AssertionError("A block with the language '" + language + "'");
      }
      if (language.equals("text")) {
        blocks.add(blocks.removeLast().printing(found.group(3)));
      } else {
        int line = (int) guide.substring(0, found.start()).lines().count() + 1;
        blocks.add(new GuideBlock(language, found.group(2), line, found.group(3), ""));
      }
    }
    return blocks;
  }

  private GuideBlock printing(String text) {
    if (!output.isEmpty()) {
      throw new AssertionError("The block in line " + line + " has two outputs");
    }
    return new GuideBlock(language, mark, line, code, text);
  }

  /** Returns whether the block starts the server. */
  boolean startsServer() {
    return language.equals("sh") && mark.equals("server");
  }

  /** Returns whether the block runs against the server. */
  boolean runs() {
    return switch (language) {
      case "sh", "js" -> mark.isEmpty();
      case "java" -> mark.equals("server");
      default -> false;
    };
  }

  /** Returns the block with this address in place of the one that the guide uses. */
  GuideBlock at(String address) {
    return with(ADDRESS, address);
  }

  /** Returns the block with {@code text} in place of each {@code old}. */
  GuideBlock with(String old, String text) {
    return new GuideBlock(language, mark, line, code.replace(old, text), output.replace(old, text));
  }

  /**
   * Returns the first part of the output that {@code printed} does not have in its place; empty if
   * it has all of them. The parts are separated by the sign for any text, and spaces and line ends
   * do not count.
   */
  String missingIn(String printed) {
    String rest = withoutSpace(printed);
    List<String> parts = List.of(withoutSpace(output).split(ANY, -1));
    if (!rest.startsWith(parts.getFirst())) {
      return parts.getFirst();
    }
    rest = rest.substring(parts.getFirst().length());
    for (int i = 1; i < parts.size(); i++) {
      String part = parts.get(i);
      boolean last = i == parts.size() - 1;
      int at = last ? rest.lastIndexOf(part) : rest.indexOf(part);
      if (at < 0) {
        return part;
      }
      rest = rest.substring(at + part.length());
    }
    return rest;
  }

  private static String withoutSpace(String text) {
    return text.replaceAll("\\s+", "");
  }

  @Override
  public String toString() {
    return "line " + line + " (" + language + ")";
  }
}
