package ee.lmstudio.simulator.writing;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes answers that are readable but have little meaning. Equal questions and equal random
 * numbers give equal answers. Used by one thread.
 */
public final class Author {
  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");
  private static final int SENTENCES_A_PARAGRAPH = 4;

  private final Question question;
  private final List<String> keywords;
  private final RandomGenerator random;

  /**
   * @param random the source of all choices; seed it for repeatable answers
   */
  public Author(Question question, RandomGenerator random) {
    this.question = question;
    List<String> words = question.keywords();
    this.keywords = words.isEmpty() ? List.of("it") : words;
    this.random = random;
  }

  /** Returns an answer in Markdown, of about the length that the question asks for. */
  public String answer() {
    StringBuilder answer = new StringBuilder(opening());
    int wanted = question.wantedWords();
    int words = count(answer);
    if (words < wanted) {
      append(answer, " ", paragraph(wanted - words));
    }
    if (count(answer) < wanted) {
      extra(answer);
    }
    for (words = count(answer); words < wanted; words = count(answer)) {
      append(answer, "\n\n", paragraph(wanted - words));
    }
    return answer.append("\n\n").append(fill(pick(Phrases.CLOSINGS))).toString();
  }

  /** Returns the reasoning that precedes an answer. */
  public String reasoning() {
    return "The user wants to know about \""
        + question.quote()
        + "\". "
        + fill("Let me think about {key} first.")
        + "\n"
        + fill(pick(Phrases.SENTENCES))
        + "\n"
        + fill("I will mention {key}, keep it {adjective}, and then answer.");
  }

  /** Returns an answer to the result of a tool. */
  public String afterTool(String result) {
    return "The tool says: " + result.strip() + "\n\n" + fill(pick(Phrases.CLOSINGS));
  }

  /** Returns a text that continues {@code question}, for a completion. */
  public String continuation() {
    return " … " + paragraph(question.wantedWords());
  }

  private String opening() {
    String opening =
        question.text().isBlank() ? "Hello! What about {key}?" : pick(Phrases.OPENINGS);
    return fill(opening);
  }

  private String paragraph(int words) {
    StringBuilder paragraph = new StringBuilder(fill(pick(Phrases.SENTENCES)));
    for (int i = 1; i < SENTENCES_A_PARAGRAPH && count(paragraph) < words; i++) {
      append(paragraph, " ", fill(pick(Phrases.SENTENCES)));
    }
    if (random.nextInt(3) == 0) {
      append(paragraph, " ", pick(Phrases.FOREIGN));
    }
    return paragraph.toString();
  }

  private void extra(StringBuilder answer) {
    int dice = random.nextInt(4);
    if (question.mentions("code", "program", "function", "script") || dice == 0) {
      append(answer, "\n\n", code());
    } else if (question.mentions("list", "steps", "ideas") || dice == 1) {
      append(answer, "\n\n", list());
    }
  }

  private String list() {
    StringBuilder list = new StringBuilder("Three things to keep in mind:\n");
    int first = random.nextInt(Phrases.ITEMS.size());
    for (int i = 0; i < 3; i++) {
      String item = Phrases.ITEMS.get((first + i) % Phrases.ITEMS.size());
      list.append("\n- ").append(fill(item));
    }
    return list.toString();
  }

  private String code() {
    String program =
        """
        ```java
        // A {adjective} %1$s, in five lines.
        String %1$s = "{adjective}";
        for (int i = 0; i < 3 && !%1$s.isEmpty(); i++) {
          System.out.println("The " + %1$s + " %1$s {verb}");
        }
        ```\
        """;
    return fill(program.formatted(pick(Phrases.NOUNS)));
  }

  private String fill(String template) {
    Matcher slots = SLOT.matcher(template);
    StringBuilder filled = new StringBuilder();
    while (slots.find()) {
      slots.appendReplacement(filled, Matcher.quoteReplacement(word(slots.group(1))));
    }
    return slots.appendTail(filled).toString();
  }

  private String word(String slot) {
    return switch (slot) {
      case "quote" -> question.quote();
      case "key" -> pick(keywords);
      case "Key" -> capitalised(pick(keywords));
      case "noun" -> pick(Phrases.NOUNS);
      case "adjective" -> pick(Phrases.ADJECTIVES);
      case "verb" -> pick(Phrases.VERBS);
      case "adverb" -> pick(Phrases.ADVERBS);
      case "place" -> pick(Phrases.PLACES);
      default -> throw new IllegalStateException("Phrases has a slot {" + slot + "}");
    };
  }

  private static String capitalised(String word) {
    int end = word.offsetByCodePoints(0, 1);
    return word.substring(0, end).toUpperCase(Locale.ROOT) + word.substring(end);
  }

  private static void append(StringBuilder text, String gap, String more) {
    text.append(gap).append(more);
  }

  private static int count(CharSequence text) {
    return text.toString().split("\\s+").length;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
