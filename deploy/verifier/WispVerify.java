import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks an export of Wisp's ledger: {@code java WispVerify.java EXPORT [--kept NAMESPACE:LINK:HASH]}. Needs a Java of 21 or newer and nothing else; it
 * shares no code with the platform, and is short enough to be read before it is believed. docs/verifier.md says what the lines of an export mean.
 *
 * <p>What is checked: the links of both chains follow each other and end at their heads; every price book, correction, record and set of labels is the one that a link
 * covers, and none is missing; every record has the charge that the prices of its moment give; the sums that bills are made of are those of the records.
 */
public final class WispVerify {

    private static final String NAME = "wisp-ledger-export";

    /** Exports of this format and of those before it can be read; 2 has labels, and links that cover them; 3 has how a call came about. */
    private static final int FORMAT_MAX = 3;

    private static final int LINE_BYTES_MAX = 1 << 20;

    private static final int KIND_RECORDS = 0;
    private static final int KIND_CORRECTION = 1;
    private static final int KIND_PRICES = 2;
    private static final int KIND_TIME = 8;
    private static final int KIND_LABELS = 9;

    /** Postgres counts from 2000-01-01. */
    private static final long EPOCH_DAYS = LocalDate.of(2000, 1, 1).toEpochDay();

    private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

    /** Success, error, timeout and client gone are billed; out of memory and platform errors are not. */
    private static final int LAST_BILLED_OUTCOME = 3;

    private final Map<String, Chain> chains = new HashMap<>();
    private final List<Prices> prices = new ArrayList<>();
    private final Map<String, Total> totals = new TreeMap<>();
    private final Map<Batch, Link> uncovered = new HashMap<>();
    private final List<LocalDate> gone = new ArrayList<>();
    private String namespace = "";
    private Chain reading = new Chain("");
    private Batch batch = new Batch(0, Long.MIN_VALUE, 0);
    private MessageDigest batchDigest = sha256();
    private long batchRows;
    private String lastId = "";
    private String lastWord = "";
    private long lastNumber;
    private long lastDay = Long.MIN_VALUE;
    private String lastTotal = "";
    private final Map<String, BigDecimal> bill = new TreeMap<>();
    private final MessageDigest whole = sha256();
    private long records;
    private long corrections;
    private long times;
    private long labelled;
    private boolean ended;
    private int stage;

    /** Something is not as it was recorded. */
    public static class Finding extends Exception {

        private static final long serialVersionUID = 1;

        Finding(String text) {
            super(text);
        }
    }

    /** It may be as it was recorded, and this verifier is too old to say. */
    public static final class TooNew extends Finding {

        private static final long serialVersionUID = 1;

        TooNew(String text) {
            super(text);
        }
    }

    /** One chain while it is read. */
    private static final class Chain {

        private final String name;
        private final Map<String, Link> single = new HashMap<>();
        private final Map<Long, byte[]> hashes = new HashMap<>();
        private long seq;
        private byte[] hash = sha256().digest();

        private Chain(String name) {
            this.name = name;
        }
    }

    private record Link(long rows, byte[] digest) {}

    /**
     * Rows that were stored together.
     *
     * @param kind of calls or of instances' time
     */
    private record Batch(int kind, long day, long number) {

        private boolean isAfter(Batch other) {
            return day != other.day ? day > other.day : kind != other.kind ? kind > other.kind : number > other.number;
        }
    }

    private record Prices(
            int version,
            String currency,
            long fromMicros,
            long perRequest,
            long perCpuSecond,
            long perVcpuSecond,
            long perGibSecond,
            long perEgressGb,
            long incrementMillis,
            boolean startBilled) {}

    /** Sums of one service, day and version of the prices. */
    private static final class Total {

        private BigInteger calls = BigInteger.ZERO;
        private BigInteger billedMillis = BigInteger.ZERO;
        private BigInteger cpuMicros = BigInteger.ZERO;
        private BigInteger vcpuMillicoreMillis = BigInteger.ZERO;
        private BigInteger memoryByteMillis = BigInteger.ZERO;
        private BigInteger bytesOut = BigInteger.ZERO;
        private BigInteger costPicos = BigInteger.ZERO;

        private void add(long count, long billed, long cpu, BigInteger vcpu, BigInteger memory, long bytes, long cost) {
            calls = calls.add(BigInteger.valueOf(count));
            billedMillis = billedMillis.add(BigInteger.valueOf(billed));
            cpuMicros = cpuMicros.add(BigInteger.valueOf(cpu));
            vcpuMillicoreMillis = vcpuMillicoreMillis.add(vcpu);
            memoryByteMillis = memoryByteMillis.add(memory);
            bytesOut = bytesOut.add(BigInteger.valueOf(bytes));
            costPicos = costPicos.add(BigInteger.valueOf(cost));
        }

        private String text() {
            String last = vcpuMillicoreMillis.signum() == 0 ? "" : " " + vcpuMillicoreMillis;
            return "%s %s %s %s %s %s".formatted(calls, billedMillis, cpuMicros, memoryByteMillis, bytesOut, costPicos) + last;
        }
    }

    /** The columns of a row as Postgres sends it: how many, then for each its type, its length (-1 for none) and its bytes. */
    private static final class Row {

        private final byte[][] columns;

        private Row(byte[] bytes, int least, int most) throws Finding {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            try {
                columns = new byte[in.getInt()][];
                if (columns.length < least || columns.length > most) {
                    throw new Finding("a row has %d columns, should have %d".formatted(columns.length, least));
                }
                for (int at = 0; at < columns.length; at++) {
                    in.getInt();
                    int length = in.getInt();
                    columns[at] = new byte[Math.max(0, Math.min(length, in.remaining() + 1))];
                    in.get(columns[at]);
                }
            } catch (RuntimeException e) {
                throw new Finding("a row is no row");
            }
            if (in.hasRemaining()) {
                throw new Finding("a row is longer than its columns");
            }
        }

        /** 0 in a column that was added later and is left out where there is nothing in it. */
        private long number(int column) {
            return column >= columns.length ? 0 : new BigInteger(columns[column]).longValueExact();
        }

        private String text(int column) {
            return new String(columns[column], StandardCharsets.UTF_8);
        }

        private boolean isTrue(int column) {
            return columns[column][0] != 0;
        }

        private long micros(int column) {
            return number(column) + EPOCH_MICROS;
        }

        private long day(int column) {
            return number(column) + EPOCH_DAYS;
        }

        private String hex(int column) {
            return HexFormat.of().formatHex(columns[column]);
        }

        /** A numeric without a fraction: how many digits of base 10,000, the exponent of the first, sign, scale, digits; 0 as with {@link #number}. */
        private BigInteger whole(int column) {
            if (column >= columns.length) {
                return BigInteger.ZERO;
            }
            ByteBuffer in = ByteBuffer.wrap(columns[column]);
            int digits = in.getShort();
            int weight = in.getShort();
            boolean negative = in.getShort() != 0;
            in.getShort();
            BigInteger value = BigInteger.ZERO;
            for (int at = 0; at < digits; at++) {
                value = value.multiply(BigInteger.valueOf(10_000)).add(BigInteger.valueOf(in.getShort()));
            }
            value = value.multiply(BigInteger.valueOf(10_000).pow(weight + 1 - digits));
            return negative ? value.negate() : value;
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1 && !(arguments.length == 3 && arguments[1].equals("--kept"))) {
            System.err.println("usage: java WispVerify.java EXPORT [--kept NAMESPACE:LINK:HASH]");
            System.exit(2);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(arguments[0])))) {
            System.out.print(verify(in, arguments.length == 3 ? arguments[2] : ""));
        } catch (TooNew tooNew) {
            System.out.println("NOT checked: " + tooNew.getMessage());
            System.exit(2);
        } catch (Finding finding) {
            System.out.println("NOT as it was recorded: " + finding.getMessage());
            System.exit(1);
        }
    }

    /**
     * Reads an export to its end; returns what to tell.
     *
     * @param kept a link that an earlier run told to keep, as {@code NAMESPACE:LINK:HASH}; empty for none
     */
    public static String verify(InputStream in, String kept) throws IOException, Finding {
        WispVerify verify = new WispVerify();
        long lines = 0;
        for (String line = line(in); line != null; line = line(in)) {
            try {
                verify.take(line, lines);
                verify.whole.update((line + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (RuntimeException e) {
                throw new Finding("line %d cannot be read: %s".formatted(lines + 1, e.getMessage()));
            }
            lines++;
        }
        return verify.conclude(kept);
    }

    private void take(String line, long linesBefore) throws Finding {
        if (linesBefore == 0) {
            begin(line);
            return;
        }
        require(!ended, "something follows its end");
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "chain" -> chain(words);
            case "link" -> link(line, words);
            case "head" -> head(line, words);
            case "price" -> price(line, words);
            case "correction" -> correction(line, words);
            case "labels" -> labels(line, words);
            case "record" -> record(line, words, KIND_RECORDS);
            case "time" -> record(line, words, KIND_TIME);
            case "gone" -> gone(line, words);
            case "total" -> total(line, words);
            case "end" -> {
                require(line.equals("end %d %s".formatted(linesBefore, hex(whole.digest()))), "it was changed on its way: it is not what its last line says");
                ended = true;
            }
            default -> throw new Finding("line %d begins with nothing that is known".formatted(linesBefore + 1));
        }
    }

    private static void begin(String line) throws Finding {
        require(line.matches(NAME + " [1-9][0-9]{0,8}"), "it does not begin as an export of a ledger");
        int format = Integer.parseInt(line.substring(NAME.length() + 1));
        if (format > FORMAT_MAX) {
            throw new TooNew("this export is of format %d, this verifier reads formats up to %d: get the newer one".formatted(format, FORMAT_MAX));
        }
    }

    /** First the chain of prices, which has no name, then that of the namespace. */
    private void chain(String[] words) throws Finding {
        enter(stage == 0 ? 1 : 3);
        require(words.length == 2 && words[1].isEmpty() == (stage == 1), "its chains are not in order");
        reading = new Chain(words[1]);
        namespace = words[1];
        chains.put(namespace, reading);
    }

    private void link(String line, String[] words) throws Finding {
        require(stage == 1 || stage == 3, "a link is not where links are");
        long seq = Long.parseLong(words[1]);
        int kind = Integer.parseInt(words[2]);
        long day = Long.parseLong(words[3]);
        long content = Long.parseLong(words[4]);
        long rows = Long.parseLong(words[5]);
        byte[] digest = HexFormat.of().parseHex(words[6]);
        long linkedAt = Long.parseLong(words[7]);
        byte[] hash = HexFormat.of().parseHex(words[8]);
        String again = "link %d %d %d %d %d %s %d %s"
                .formatted(seq, kind, day, content, rows, hex(digest), linkedAt, hex(hash));
        require(again.equals(line), "link %s is not written as links are".formatted(words[1]));
        String where = "chain of %s: link %d ".formatted(name(reading.name), seq);
        require(seq == reading.seq + 1, where + "follows link " + reading.seq);
        require(Arrays.equals(hash, linkHash(kind, day, content, rows, digest, linkedAt)), where + "does not have the hash of its content");
        reading.seq = seq;
        reading.hash = hash;
        reading.hashes.put(seq, hash);
        Link link = new Link(rows, digest);
        boolean twice = kind == KIND_RECORDS || kind == KIND_TIME || kind == KIND_LABELS
                ? uncovered.put(new Batch(kind, day, content), link) != null
                : reading.single.put(kind + ":" + content, link) != null;
        require(!twice, where + "covers what another one covers");
    }

    /** SHA-256 of the hash before and of everything that the link says, numbers in big-endian order. */
    private byte[] linkHash(int kind, long day, long content, long rows, byte[] digest, long linkedAt) {
        byte[] name = reading.name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer link = ByteBuffer.allocate(4 + name.length + 42 + digest.length)
                .putInt(name.length)
                .put(name)
                .putLong(reading.seq + 1)
                .putShort((short) kind)
                .putLong(day)
                .putLong(content)
                .putLong(rows)
                .put(digest)
                .putLong(linkedAt);
        MessageDigest sha256 = sha256();
        sha256.update(reading.hash);
        return sha256.digest(link.array());
    }

    private void head(String line, String[] words) throws Finding {
        String expected = "head %d %s".formatted(reading.seq, reading.seq == 0 ? "" : hex(reading.hash));
        require(line.equals(expected), "chain of %s: ends with link %d, and its head says %s".formatted(name(reading.name), reading.seq, words[1]));
        enter(stage == 1 ? 2 : 4);
    }

    private void price(String line, String[] words) throws Finding {
        require(stage == 2, "prices are not where prices are");
        Row row = single(line, words, KIND_PRICES, "prices", 11, 12);
        prices.add(new Prices(
                (int) row.number(0),
                row.text(1),
                row.micros(2),
                row.number(3),
                row.number(4),
                row.number(11),
                row.number(5),
                row.number(8),
                row.number(6),
                row.isTrue(7)));
    }

    private void correction(String line, String[] words) throws Finding {
        require(stage == 2, "a correction is not where corrections are");
        Row row = single(line, words, KIND_CORRECTION, "correction", 15, 16);
        corrections++;
        sums(row.text(4), row.text(5), row.micros(1), row.number(7))
                .add(row.number(8), row.number(9), row.number(10), row.whole(15), row.whole(11), row.number(12), row.number(13));
    }

    private Row single(String line, String[] words, int kind, String what, int least, int most) throws Finding {
        long number = Long.parseLong(words[1]);
        byte[] bytes = Base64.getDecoder().decode(words[2]);
        require(line.equals("%s %d %s".formatted(words[0], number, Base64.getEncoder().encodeToString(bytes))), "%s %d is not written as it should be".formatted(what, number));
        require(number > lastNumber || !words[0].equals(lastWord), "%s %d is not in order".formatted(what, number));
        lastNumber = number;
        lastWord = words[0];
        Link link = chains.get("").single.remove(kind + ":" + number);
        require(link != null, "%s %d: no link covers it, or it is there twice".formatted(what, number));
        require(Arrays.equals(link.digest(), sha256().digest(bytes)), "%s %d: it was changed".formatted(what, number));
        return new Row(bytes, least, most);
    }

    /** What a revision's labels are, and from which day on: a row of its batch. */
    private void labels(String line, String[] words) throws Finding {
        require(stage == 4 && lastDay == Long.MIN_VALUE, "labels are not where labels are");
        long number = Long.parseLong(words[1]);
        byte[] bytes = Base64.getDecoder().decode(words[2]);
        require(line.equals("labels %d %s".formatted(number, Base64.getEncoder().encodeToString(bytes))), "labels are not written as they should be");
        open(new Batch(KIND_LABELS, 0, number));
        Row row = new Row(bytes, 6, 6);
        String id = row.text(1) + ' ' + row.text(2);
        require(id.compareTo(lastId) > 0, "labels of %s are there twice or not in order".formatted(id));
        require(row.number(5) == number && row.text(0).equals(namespace), "labels of %s are of another batch or namespace".formatted(id));
        add(id, bytes);
        labelled++;
    }

    private void open(Batch its) throws Finding {
        if (!its.equals(batch)) {
            require(its.isAfter(batch), "batches are not in order");
            endBatch();
            batch = its;
        }
    }

    private void add(String id, byte[] bytes) {
        lastId = id;
        batchRows++;
        batchDigest.update(sha256().digest(bytes));
    }

    /** Of a call or of an instance's time: a row of its batch. */
    private void record(String line, String[] words, int kind) throws Finding {
        require(stage == 4, "a record is not where records are");
        long day = Long.parseLong(words[1]);
        long number = Long.parseLong(words[2]);
        byte[] bytes = Base64.getDecoder().decode(words[3]);
        require(line.equals("%s %d %d %s".formatted(words[0], day, number, Base64.getEncoder().encodeToString(bytes))), "a record is not written as it should be");
        require(day >= lastDay, "days are not in order");
        lastDay = day;
        open(new Batch(kind, day, number));
        // Columns that were added later, up to the last one with something in it: the start's parts, the processor limit, and how the call came about.
        Row row = kind == KIND_RECORDS ? new Row(bytes, 27, 32) : new Row(bytes, 22, 22);
        String id = row.hex(1);
        require(id.compareTo(lastId) > 0, "record %s is there twice or not in order".formatted(id));
        int batchColumn = kind == KIND_RECORDS ? 26 : 21;
        require(row.day(0) == day && row.number(batchColumn) == number && row.text(4).equals(namespace), "record %s is of another day, batch or namespace".formatted(id));
        add(id, bytes);
        if (kind == KIND_RECORDS) {
            call(row, id);
        } else {
            times++;
        }
    }

    private void call(Row row, String id) throws Finding {
        records++;
        rated(row, id);
        sums(row.text(4), row.text(5), row.micros(2), row.number(23))
                .add(
                        1,
                        row.number(16),
                        row.number(17),
                        BigInteger.valueOf(row.number(28)).multiply(BigInteger.valueOf(row.number(16))),
                        BigInteger.valueOf(row.number(19)).multiply(BigInteger.valueOf(row.number(16))),
                        row.number(22),
                        row.number(24));
    }

    private void endBatch() throws Finding {
        if (batchRows > 0) {
            String what = batch.kind() == KIND_LABELS ? "labels" : "records of " + LocalDate.ofEpochDay(batch.day());
            String where = "%s, batch %d: ".formatted(what, batch.number());
            Link link = uncovered.remove(batch);
            require(link != null, where + "no link covers them");
            require(link.rows() == batchRows, where + "%d, and %d were stored".formatted(batchRows, link.rows()));
            require(Arrays.equals(link.digest(), batchDigest.digest()), where + "at least one was changed");
        }
        batchDigest = sha256();
        batchRows = 0;
        lastId = "";
    }

    private void rated(Row row, String id) throws Finding {
        Prices book = at(row.micros(2));
        boolean billed = row.number(11) <= LAST_BILLED_OUTCOME;
        long micros = row.number(14) + (book.startBilled() ? row.number(13) : 0);
        long millis = billed ? Math.ceilDiv(micros, book.incrementMillis() * 1_000) * book.incrementMillis() : 0;
        BigInteger cost = billed ? cost(book, millis, row.number(17), row.number(28), row.number(19), row.number(22)) : BigInteger.ZERO;
        require(
                row.number(23) == book.version() && row.number(16) == millis && BigInteger.valueOf(row.number(24)).equals(cost),
                "record %s: %d ms and %d picos under prices %d, should be %d ms and %s under %d"
                        .formatted(id, row.number(16), row.number(24), row.number(23), millis, cost, book.version()));
    }

    /** An exact fraction, rounded once, half to even, to 10^-12 of the currency. */
    private static BigInteger cost(Prices book, long millis, long cpuMicros, long cpuMillicores, long memoryBytes, long bytesOut) {
        BigInteger gib = BigInteger.ONE.shiftLeft(30);
        BigInteger billion = BigInteger.valueOf(1_000_000_000);
        BigInteger sum = product(book.perCpuSecond(), cpuMicros).multiply(gib).multiply(BigInteger.valueOf(1_000))
                .add(product(book.perVcpuSecond(), millis).multiply(BigInteger.valueOf(cpuMillicores)).multiply(gib).multiply(BigInteger.valueOf(1_000)))
                .add(product(book.perGibSecond(), millis).multiply(BigInteger.valueOf(memoryBytes)).multiply(BigInteger.valueOf(1_000_000)))
                .add(product(book.perEgressGb(), bytesOut).multiply(gib));
        BigInteger[] parts = sum.divideAndRemainder(gib.multiply(billion));
        int half = parts[1].shiftLeft(1).compareTo(gib.multiply(billion));
        boolean up = half > 0 || (half == 0 && parts[0].testBit(0));
        return parts[0].add(BigInteger.valueOf(book.perRequest())).add(up ? BigInteger.ONE : BigInteger.ZERO);
    }

    private static BigInteger product(long one, long other) {
        return BigInteger.valueOf(one).multiply(BigInteger.valueOf(other));
    }

    /** Of the versions that had begun, the one that began last; of two at one moment the higher number. */
    private Prices at(long receivedAtMicros) throws Finding {
        Prices latest = null;
        for (Prices book : prices) {
            boolean later = latest == null
                    || book.fromMicros() > latest.fromMicros()
                    || (book.fromMicros() == latest.fromMicros() && book.version() > latest.version());
            if (book.fromMicros() <= receivedAtMicros && later) {
                latest = book;
            }
        }
        require(latest != null, "there were no prices at " + Instant.EPOCH.plusMillis(receivedAtMicros / 1_000));
        return latest;
    }

    /** A day whose records were dropped after the time for which they are kept: its links stay. */
    private void gone(String line, String[] words) throws Finding {
        require(stage == 4, "a day is not where days are");
        long day = Long.parseLong(words[1]);
        require(line.equals("gone " + day) && day > lastDay, "a day is not written as days are, or not in order");
        lastDay = day;
        require(uncovered.keySet().removeIf(one -> one.day() == day), "nothing of %s was there that could be gone".formatted(LocalDate.ofEpochDay(day)));
        gone.add(LocalDate.ofEpochDay(day));
    }

    private Total sums(String ofNamespace, String service, long atMicros, long version) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(atMicros, 86_400_000_000L));
        return totals.computeIfAbsent("%s %s %s %d".formatted(ofNamespace, service, day, version), key -> new Total());
    }

    private void total(String line, String[] words) throws Finding {
        if (stage == 4) {
            endBatch();
            enter(5);
        }
        require(stage == 5, "a sum is not where sums are");
        require(line.compareTo(lastTotal) > 0, "sums are there twice or not in order");
        lastTotal = line;
        String key = "%s %s %s %s".formatted(namespace, words[1], words[2], words[3]);
        Total found = totals.remove(key);
        if (!isPartlyGone(words[2])) {
            require(found != null && line.equals("total %s %s %s %s".formatted(words[1], words[2], words[3], found.text())),
                    "sums of service %s on %s under prices %s: %s, the records give %s"
                            .formatted(words[1], words[2], words[3], line, found == null ? "none" : found.text()));
        }
        BigDecimal cost = new BigDecimal(new BigInteger(words[9]), 12);
        bill.merge("  %s %s, prices %s".formatted(words[1], words[2].substring(0, 7), words[3]), cost, BigDecimal::add);
    }


    /** Whether records of that day may be among those that were dropped; an id of just before midnight may be of the day before. */
    private boolean isPartlyGone(String day) {
        return gone.stream().anyMatch(one -> Math.abs(one.toEpochDay() - LocalDate.parse(day).toEpochDay()) <= 1);
    }

    private void enter(int next) throws Finding {
        require(next == stage + 1, "its parts are not in order");
        stage = next;
    }

    private String conclude(String kept) throws Finding {
        endBatch();
        require(ended, "it breaks off before its end");
        require(uncovered.isEmpty(), "rows of %s are missing".formatted(uncovered.keySet()));
        for (String key : totals.keySet()) {
            require(isPartlyGone(key.split(" ")[2]), "there are records of %s that no sum covers".formatted(key));
        }
        Map<String, Link> rest = chains.get("").single;
        require(rest.keySet().stream().noneMatch(key -> key.startsWith(KIND_PRICES + ":")), "prices are missing");
        long others = rest.keySet().stream().filter(key -> key.startsWith(KIND_CORRECTION + ":")).count();
        require(kept.isEmpty() || isKept(kept), "link %s is not there any more: the ledger was written anew".formatted(kept));
        Chain own = chains.get(namespace);
        return "namespace %s: %d links, %d records, %d of instances' time, %d sets of labels, %d corrections, %d versions of the prices%n%s%s%sas it was recorded%n%s"
                .formatted(
                        namespace,
                        own.seq,
                        records,
                        times,
                        labelled,
                        corrections,
                        prices.size(),
                        said(),
                        gone.isEmpty() ? "" : "  days that are kept no longer, and could not be checked: %s%n".formatted(gone),
                        others == 0 ? "" : "  corrections of other namespaces, which are not shown: %d%n".formatted(others),
                        own.seq == 0 ? "" : "keep this, and give it with --kept next time: %s:%d:%s%n".formatted(namespace, own.seq, hex(own.hash)));
    }

    private String said() {
        StringBuilder text = new StringBuilder();
        bill.forEach((what, cost) -> text.append("%s: %s %s%n".formatted(what, cost.toPlainString(), prices.getFirst().currency())));
        return text.toString();
    }

    private boolean isKept(String kept) {
        String[] parts = kept.split(":", -1);
        Chain chain = parts.length == 3 ? chains.get(parts[0]) : null;
        byte[] hash = chain == null ? null : chain.hashes.get(Long.parseLong(parts[1]));
        return hash != null && hex(hash).equals(parts[2]);
    }

    /** Null at the end. Lines end with a line feed and nothing else; what is not UTF-8 is no line. */
    private static String line(InputStream in) throws IOException, Finding {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        int one = in.read();
        if (one < 0) {
            return null;
        }
        while (one != '\n') {
            require(one >= 0, "its last line breaks off");
            require(bytes.size() < LINE_BYTES_MAX, "a line is too long");
            bytes.write(one);
            one = in.read();
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Finding("a line is not UTF-8");
        }
    }

    private static void require(boolean holds, String otherwise) throws Finding {
        if (!holds) {
            throw new Finding(otherwise);
        }
    }

    private static String name(String chain) {
        return chain.isEmpty() ? "prices" : "namespace " + chain;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
