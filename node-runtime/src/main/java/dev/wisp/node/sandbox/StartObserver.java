package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Table;

/** Watches one start; called by the thread that makes it. */
interface StartObserver {

    /** Sees nothing and costs nothing. */
    StartObserver NONE = new StartObserver() {

        @Override
        public void opening() {}

        @Override
        public void executed(Table table) {}
    };

    /** The parked child is about to be woken. */
    void opening();

    /** It has executed the entrypoint; the table is valid until this returns. */
    void executed(Table table);
}
