package dev.wisp.standalone;

import java.util.Set;
import java.util.regex.Pattern;

/** What a request at the API's port is counted under; callers cannot make one up, for every name stands in the code or is one of these few. */
record ApiRoute(Listener listener, String template) {

    /** Which of the port's two faces was asked. */
    enum Listener {
        API,
        CONSOLE
    }

    private static final String CONSOLE_FOLDER = "/console";
    private static final String OWN_FOLDER = "/q/";
    private static final Set<String> OWN = Set.of("metrics", "health");
    private static final Pattern EXPRESSION_OF_A_PARAMETER = Pattern.compile("\\{\\s*([\\w.-]+)\\s*:[^{}]*}");
    private static final Pattern SLASHES = Pattern.compile("/+");

    /**
     * Of a resource's method, by the paths that it and its class are annotated with: {@code /v2} and {@code {name:.+}/tags/list} are
     * {@code /v2/{name}/tags/list}.
     */
    static ApiRoute ofResource(String ofClass, String ofMethod) {
        String joined = SLASHES.matcher('/' + ofClass + '/' + ofMethod).replaceAll("/");
        String named = EXPRESSION_OF_A_PARAMETER.matcher(joined).replaceAll("{$1}");
        boolean slashed = named.length() > 1 && named.endsWith("/");
        return new ApiRoute(Listener.API, slashed ? named.substring(0, named.length() - 1) : named);
    }

    /** Of what no resource answered: the console's files, health and metrics, and, without a template, whatever else was asked for. */
    static ApiRoute ofPath(String path) {
        if (path.equals(CONSOLE_FOLDER) || path.startsWith(CONSOLE_FOLDER + '/')) {
            return new ApiRoute(Listener.CONSOLE, CONSOLE_FOLDER + "/*");
        }
        if (path.startsWith(OWN_FOLDER)) {
            String first = path.substring(OWN_FOLDER.length()).split("/", 2)[0];
            return new ApiRoute(Listener.API, OWN.contains(first) ? OWN_FOLDER + first : "");
        }
        return new ApiRoute(Listener.API, "");
    }
}
