package dev.wisp.cli.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Header or trailer fields in the order they were sent; names compare without regard to case. */
public record Headers(List<Field> fields) {

    /** One field. */
    public record Field(String name, String value) {

        public Field {
            if (name.isEmpty() || hasControl(name) || hasControl(value)) {
                throw new IllegalArgumentException(
                        "header '%s' has no name or holds control characters".formatted(name));
            }
        }

        /** Reads {@code Name: value}; throws {@link IllegalArgumentException} when there is no name. */
        public static Field parse(String line) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IllegalArgumentException("'%s' is not a header like 'Name: value'".formatted(line));
            }
            return new Field(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }

        private static boolean hasControl(String text) {
            return text.chars().anyMatch(c -> c < ' ' && c != '\t');
        }
    }

    public static final Headers NONE = new Headers(List.of());

    public Headers {
        fields = List.copyOf(fields);
    }

    public Optional<String> first(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .findFirst();
    }

    public boolean has(String name) {
        return first(name).isPresent();
    }

    public Headers with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Headers(more);
    }

    /** These fields and, where they have none of that name, the other's. */
    public Headers orElse(Headers other) {
        List<Field> all = new ArrayList<>(fields);
        other.fields().stream().filter(field -> !has(field.name())).forEach(all::add);
        return new Headers(all);
    }
}
