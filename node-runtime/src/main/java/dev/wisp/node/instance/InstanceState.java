package dev.wisp.node.instance;

/**
 * Where an instance is in its life; a wrong move does not compile.
 *
 * <pre>
 *   Starting ──listens──► Ready ──drain──► Draining ──ended──► Gone
 *      └──────failed────────┴──────ended──────────────────────►─┘
 * </pre>
 */
sealed interface InstanceState {

    /** Requests inside it. */
    int inFlight();

    /** Whether it counts against the node's grant: it serves, or may come to serve, a request. */
    boolean isLive();

    /** Claimed by a start that is under way. */
    record Starting() implements InstanceState {

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public boolean isLive() {
            return true;
        }

        Ready toReady(long nowNanos) {
            return new Ready(0, nowNanos, false);
        }

        Gone toGone(Ending ending) {
            return new Gone(ending);
        }
    }

    /**
     * Listens and takes requests.
     *
     * @param idleSinceNanos monotonic; only meaningful with nothing in flight
     * @param used whether a request has ever come in
     */
    record Ready(int inFlight, long idleSinceNanos, boolean used) implements InstanceState {

        @Override
        public boolean isLive() {
            return true;
        }

        boolean isIdle() {
            return inFlight == 0;
        }

        Ready admitted() {
            return new Ready(inFlight + 1, idleSinceNanos, true);
        }

        Ready released(long nowNanos) {
            return new Ready(inFlight - 1, nowNanos, used);
        }

        Draining toDraining(Ending ending) {
            return new Draining(inFlight, ending);
        }

        Gone toGone(Ending ending) {
            return new Gone(ending);
        }
    }

    /** Finishes what it has and takes nothing new. With nothing left in flight it is being stopped and no longer live. */
    record Draining(int inFlight, Ending ending) implements InstanceState {

        @Override
        public boolean isLive() {
            return inFlight > 0;
        }

        Draining released() {
            return new Draining(inFlight - 1, ending);
        }

        Gone toGone() {
            return new Gone(ending);
        }
    }

    /** Its process is gone; nothing follows. */
    record Gone(Ending ending) implements InstanceState {

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public boolean isLive() {
            return false;
        }
    }
}
