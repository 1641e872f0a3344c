package dev.wisp.contracts.oci;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a registry answers to a request without a token: where to get one and for what.
 *
 * @param realm URL of the token service, not yet checked
 */
record BearerChallenge(
        String realm, @Nullable String service, @Nullable String scope) {

    private static final int HEADER_CHARS_MAX = 4096;
    private static final Pattern PARAMETER = Pattern.compile("([A-Za-z_]{1,32})\\s*=\\s*\"([^\"]*)\"");

    /** Reads a {@code WWW-Authenticate} value; empty when it asks for something else than a bearer token. */
    static Optional<BearerChallenge> parse(String header) {
        if (header.length() > HEADER_CHARS_MAX || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            parameters.putIfAbsent(matcher.group(1), matcher.group(2));
        }
        String realm = parameters.get("realm");
        return realm == null
                ? Optional.empty()
                : Optional.of(new BearerChallenge(realm, parameters.get("service"), parameters.get("scope")));
    }

    /** Where to ask for an anonymous token; throws {@link IllegalArgumentException} when the realm is no URL. */
    URI tokenUri(String defaultScope) {
        StringBuilder url = new StringBuilder(realm);
        url.append(realm.indexOf('?') < 0 ? '?' : '&').append("scope=").append(encoded(scope, defaultScope));
        if (service != null) {
            url.append("&service=").append(encoded(service, service));
        }
        return URI.create(url.toString());
    }

    private static String encoded(@Nullable String value, String fallback) {
        return URLEncoder.encode(value == null ? fallback : value, StandardCharsets.UTF_8);
    }
}
