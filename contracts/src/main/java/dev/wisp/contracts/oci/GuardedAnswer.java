package dev.wisp.contracts.oci;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the library gets to see of an answer: status, body, and of its headers those it is meant to act on. */
final class GuardedAnswer extends LowLevelHttpResponse {

    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final InputStream content;

    GuardedAnswer(int status, Map<String, String> headers, InputStream content) {
        this.status = status;
        this.headers = List.copyOf(headers.entrySet());
        this.content = content;
    }

    static GuardedAnswer whole(int status, Map<String, String> headers, byte[] body) {
        return new GuardedAnswer(status, headers, new ByteArrayInputStream(body));
    }

    @Override
    public InputStream getContent() {
        return content;
    }

    /** Never: the library would unpack a compressed body, and our bounds hold for what comes over the wire. */
    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public long getContentLength() {
        return -1;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getStatusLine() {
        return null;
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public @Nullable String getReasonPhrase() {
        return null;
    }

    @Override
    public int getHeaderCount() {
        return headers.size();
    }

    @Override
    public String getHeaderName(int index) {
        return headers.get(index).getKey();
    }

    @Override
    public String getHeaderValue(int index) {
        return headers.get(index).getValue();
    }

    @Override
    public void disconnect() throws IOException {
        content.close();
    }
}
