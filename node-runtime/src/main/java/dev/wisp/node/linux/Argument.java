package dev.wisp.node.linux;

import java.util.List;

/** One argument of a row, as data: what it means, not yet where it lies. */
public sealed interface Argument
        permits Named, Argument.Text, Argument.Longs, Argument.Strings, Argument.Word, Argument.Previous {

    /** A string, in UTF-8 with a NUL behind it. */
    record Text(String value) implements Argument {}

    /** A structure that the call reads, as little-endian 64-bit words, with how to print it. */
    record Longs(List<Long> words, String text) implements Argument {

        public Longs {
            words = List.copyOf(words);
        }
    }

    /** Strings as {@code execve} takes them: an array of pointers with NULL behind. */
    record Strings(List<String> values) implements Argument {

        public Strings {
            values = List.copyOf(values);
        }
    }

    /** Address of a word that the child shares with the runtime. */
    record Word(SharedWord word) implements Argument {}

    /** The result of the row before; only as a first argument. */
    record Previous() implements Argument {}

    static Argument text(String value) {
        return new Text(value);
    }

    static Argument longs(String text, Long... words) {
        return new Longs(List.of(words), text);
    }

    static Argument word(SharedWord word) {
        return new Word(word);
    }

    static Argument previous() {
        return new Previous();
    }
}
