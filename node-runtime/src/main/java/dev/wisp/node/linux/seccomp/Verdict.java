package dev.wisp.node.linux.seccomp;

import java.util.List;

/** What happens to one system call. */
sealed interface Verdict {

    /** It is made. */
    record Allow() implements Verdict {}

    /** It returns an error without being made, or 0 as if it had been. */
    record Refuse(int errno) implements Verdict {}

    /** It is made when one of the conditions holds, else it returns the error. */
    record AllowWhen(List<Condition> alternatives, int errno) implements Verdict {

        public AllowWhen {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** Tests that must all hold. */
    record Condition(List<Test> tests) {

        public Condition {
            tests = List.copyOf(tests);
        }
    }

    /** A test of the lower half of one argument. */
    sealed interface Test {

        int argument();

        /** It has one of these values. */
        record In(int argument, List<Integer> values) implements Test {

            public In {
                values = List.copyOf(values);
            }
        }

        /** It has none of these bits. */
        record Without(int argument, int bits) implements Test {}
    }
}
