package dev.wisp.contracts.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a body that drips: when the limit is over the stream is closed under its reader, whose read then fails. Failures are
 * {@link RegistryFault}s.
 */
final class DeadlineStream extends FilterInputStream {

    private final CompletableFuture<Void> alarm;
    private final String what;
    private volatile boolean late;

    /** {@code what} is being read, for messages. */
    DeadlineStream(InputStream in, Duration limit, String what) {
        super(in);
        this.what = what;
        this.alarm = new CompletableFuture<Void>().completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        this.alarm.thenRunAsync(this::expire);
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public void close() throws IOException {
        alarm.cancel(false);
        super.close();
    }

    private void expire() {
        late = true;
        try {
            in.close();
        } catch (IOException e) {
            // The reader's next read fails either way.
        }
    }

    private IOException explained(IOException e) {
        String reason = late ? "it took too long" : OciParser.excerpt(String.valueOf(e.getMessage()));
        return RegistryFault.unusable("reading %s failed: %s".formatted(what, reason), e);
    }
}
