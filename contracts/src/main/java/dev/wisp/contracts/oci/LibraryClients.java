package dev.wisp.contracts.oci;

import com.google.api.client.http.HttpTransport;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import java.lang.reflect.Constructor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes jib-core's registry clients, with our transport below them. The one place that reaches past the library's public face: it has a
 * constructor that takes transports, for its own tests, and the public ones would use a transport that goes wherever a registry says.
 */
final class LibraryClients {

    private static final Constructor<FailoverHttpClient> HTTP_CLIENT = httpClient();

    private LibraryClients() {}

    /** A client for one repository, which remembers its token; every call goes through a fresh transport. */
    static com.google.cloud.tools.jib.registry.RegistryClient make(
            String authority, String path, Supplier<HttpTransport> transports) {
        try {
            Consumer<LogEvent> noLog = event -> {};
            Supplier<HttpTransport> weaker = LibraryClients::weaker;
            // Plain HTTP and its Authorization header are the transport's to refuse. Transports that do not look at
            // certificates there
            // are none, and no retries: neither could be reached past a transport that only throws faults.
            FailoverHttpClient http = HTTP_CLIENT.newInstance(true, true, noLog, transports, weaker, false);
            return com.google.cloud.tools.jib.registry.RegistryClient.factory(EventHandlers.NONE, authority, path, http)
                    .newRegistryClient();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("jib-core's FailoverHttpClient cannot be made", e);
        }
    }

    private static HttpTransport weaker() {
        throw new IllegalStateException("a registry is not spoken to without checking its certificate");
    }

    private static Constructor<FailoverHttpClient> httpClient() {
        try {
            Constructor<FailoverHttpClient> constructor = FailoverHttpClient.class.getDeclaredConstructor(
                    boolean.class, boolean.class, Consumer.class, Supplier.class, Supplier.class, boolean.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(
                    "this jib-core takes no transports: see docs/adr/0034-registry-library.md", e);
        }
    }
}
