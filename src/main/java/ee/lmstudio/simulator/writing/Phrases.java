package ee.lmstudio.simulator.writing;

import java.util.List;

/**
 * The parts that answers are composed of. Curly braces contain {@code quote}, the beginning of the
 * question; {@code key}, one of its words; or the name of a word list below.
 */
final class Phrases {
  private Phrases() {}

  static final List<String> OPENINGS =
      lines(
          """
          You asked “{quote}”, so let us begin with {key}.
          A good question: “{quote}”. Most of it turns on {key}.
          Let me take “{quote}” one step at a time, starting with {key}.
          There is a short answer to “{quote}” and a long one; here is the {adjective} one.
          To answer “{quote}”, it helps to look at {key} first.
          In a few words: {key} matters here, and the rest of “{quote}” follows from it.
          Happy to help with “{quote}”. The heart of it is {key}.
          """);

  static final List<String> SENTENCES =
      lines(
          """
          The word {key} does most of the work in your question.
          Think of {key} as a {adjective} {noun} that somebody left in the {place}.
          In the {place}, every {noun} has a {adjective} story to tell about {key}.
          Without a {noun}, {key} would be only half as {adjective}.
          Most people meet {key} {adverb}, and only later notice the {noun} behind it.
          A {adjective} {noun} rarely {verb}, but near the {place} it {adverb} {verb}.
          When the {noun} {verb}, look at the {place} and wait a moment.
          The {adjective} part is {key}; the {adjective} part is everything around it.
          It is {adverb} true that one {noun} {verb} before the next one {verb}.
          Some say {key} began in a {place}, others that a {noun} started it.
          If you remember one thing about {key}, let it be the {adjective} {noun}.
          Every {place} needs a {noun}, and every {noun} needs a little patience.
          The difference between a {noun} and a {noun} is smaller than it looks.
          Early one morning a {adjective} {noun} {verb} across the {place}.
          {Key} is easier to understand once you have seen a {noun} up close.
          You can test this yourself: take a {noun}, go to the {place}, and watch how it {verb}.
          Nobody has counted them, yet each {noun} in the {place} {verb} in its own time.
          What looks {adjective} from far away is often {adjective} when you stand beside it.
          The {noun} {verb} {adverb}, because the {place} leaves it no other choice.
          That is why {key} and the {noun} are so often named together.
          A careful reader will ask where the {noun} comes from, and that is the {adjective} bit.
          As a rule, {key} changes slowly, while the {noun} {verb} all day long.
          Put {adverb}, the {noun} is the answer and {key} is the reason.
          Long ago the {place} was {adjective}, and nobody thought about {key} at all.
          It costs nothing to try: a {noun}, ten minutes, and a {adjective} {place}.
          Between the {place} and the {place} there is always room for a {noun}.
          The more often a {noun} {verb}, the more {adjective} it becomes.
          In practice, {key} is what remains when the {noun} is taken away.
          A second look at {key} shows a {adjective} {noun} that we missed the first time.
          By evening the {noun} {verb} again, and the {place} grows quiet.
          There are three kinds of {noun}: the {adjective}, the {adjective} and the rest.
          None of this is new, but {key} makes it worth repeating.
          """);

  static final List<String> CLOSINGS =
      lines(
          """
          I hope that makes {key} a little clearer.
          So much for {key}; ask me about the {noun} if you want to know more.
          In short: start with {key}, keep the {noun} in sight, and take your time.
          If anything about {key} is still {adjective}, tell me which part.
          That is all there is to it, apart from the {noun}.
          """);

  static final List<String> FOREIGN =
      lines(
          """
          Auf Deutsch hieße das: über schöne Flüsse führen größere Brücken. 🌉
          En français on dirait : ça, c’est déjà l’été à côté du château.
          日本語では「海は広いな、大きいな」と言います。
          一位中国朋友会说:千里之行,始于足下。
          По-русски это звучит так: тише едешь — дальше будешь.
          Even a whole family would agree 👨‍👩‍👧‍👦, and so would a 👩🏽‍🚀 on her way to the moon.
          Ελληνικά: η αρχή είναι το ήμισυ του παντός.
          Naïve façades in Zürich and Kraków cost about 20 €, and 3 × 4 ≈ 12. ✅
          """);

  static final List<String> ITEMS =
      lines(
          """
          **{Key}**: the {adjective} place to start
          **A {noun}**: found in every {place}
          **Patience**: the {noun} {verb} when it is ready
          **The {place}**: quiet, {adjective} and close by
          **{Key} again**: because it {adverb} comes back
          **One more {noun}**: in case the first one {verb}
          """);

  static final List<String> NOUNS =
      words(
          "river lantern bridge garden window clock mountain library letter bicycle kettle compass"
              + " harbour feather violin saddle map tower blanket carpet pencil mirror shadow"
              + " village teapot ladder candle forest puzzle drum telescope basket");
  static final List<String> ADJECTIVES =
      words(
          "quiet curious bright gentle sturdy narrow golden patient simple rare clever warm distant"
              + " loyal playful steady hidden small careful brave silver famous calm surprising");
  static final List<String> VERBS =
      words(
          "turns sings waits grows wanders glows rests moves returns changes begins hums travels"
              + " disappears settles opens falls rises sleeps shines");
  static final List<String> ADVERBS =
      words(
          "slowly often quietly gladly rarely always suddenly simply almost surely nearly gently");
  static final List<String> PLACES =
      words(
          "valley kitchen market station garage meadow workshop museum courtyard lighthouse bakery"
              + " square cellar canyon schoolroom theatre");

  private static List<String> lines(String block) {
    return block.lines().toList();
  }

  private static List<String> words(String line) {
    return List.of(line.split(" "));
  }
}
