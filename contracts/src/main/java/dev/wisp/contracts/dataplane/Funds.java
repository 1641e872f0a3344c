package dev.wisp.contracts.dataplane;

/**
 * Money for one call while it runs. What was set aside when it was admitted is enough for most; for a long answer and for a connection that
 * stays, who runs the call asks before more is given out, and ends the call when nothing more is set aside for it. Returns at once; thread-safe.
 */
public interface Funds {

    /** Of a call that no cap covers. */
    Funds ENDLESS = new Funds() {
        @Override
        public boolean coverBytes(long bytesOut) {
            return true;
        }

        @Override
        public long coverMillis(long millis) {
            return Long.MAX_VALUE;
        }

        @Override
        public void ranOut() {}
    };

    /** Whether an answer of so many bytes in all is paid for, after an attempt to set more aside. */
    boolean coverBytes(long bytesOut);

    /**
     * Tries to have so many milliseconds of the call paid for, its start included if prices bill starts, and says how many are, {@link
     * Long#MAX_VALUE} for all there can be. A call that ends within a second after that costs no more than is set aside.
     */
    long coverMillis(long millis);

    /** The call is ended now, because no more of it is paid for. */
    void ranOut();
}
