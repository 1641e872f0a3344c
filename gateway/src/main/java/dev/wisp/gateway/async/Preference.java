package dev.wisp.gateway.async;

/** Reads {@code Prefer} (RFC 7240). */
public final class Preference {

    /** The preference for an answer before the work is done. */
    public static final String RESPOND_ASYNC = "respond-async";

    private Preference() {}

    /** Whether one value of the field asks for it; parameters and other preferences beside it do not matter. */
    public static boolean isAsync(String value) {
        int from = 0;
        while (from <= value.length()) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            int semicolon = value.indexOf(';', from);
            int nameEnd = semicolon >= 0 && semicolon < end ? semicolon : end;
            if (value.substring(from, nameEnd).strip().equalsIgnoreCase(RESPOND_ASYNC)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }
}
