package dev.wisp.contracts.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundWritesTest {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final EpollEventLoopGroup group = new EpollEventLoopGroup(1);
    private final EventLoop loop = group.next();
    private ServerSocket listener;

    /** A connection of the loop's, and its other end. */
    private record Pair(EpollSocketChannel channel, Socket peer) {

        void write(ByteBuf bytes) {
            channel.write(bytes, channel.voidPromise());
        }

        /** The pipeline's tail, as whoever writes is behind this handler. */
        void flush() {
            channel.flush();
        }

        byte[] read(int length) throws IOException {
            return peer.getInputStream().readNBytes(length);
        }

        boolean nothingCame() throws IOException {
            return peer.getInputStream().available() == 0;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, SendRing.CAPACITY, InetAddress.getLoopbackAddress());
        opened.add(listener);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        System.clearProperty(Round.SWITCH);
    }

    @Test
    void whatIsFlushedInARoundGoesOutAtItsEnd() throws Exception {
        assumeRing();
        List<Pair> pairs = pairs(3);

        inLoop(() -> {
            for (Pair pair : pairs) {
                pair.write(direct("one"));
                pair.flush();
            }
            for (Pair pair : pairs) {
                assertThat(pair.nothingCame()).isTrue();
            }
            return null;
        });

        for (Pair pair : pairs) {
            assertThat(pair.read(3)).asString().isEqualTo("one");
        }
    }

    @Test
    void moreConnectionsThanARingHasRoomForAreAllServed() throws Exception {
        List<Pair> pairs = pairs(SendRing.CAPACITY + 20);

        inLoop(() -> {
            for (Pair pair : pairs) {
                pair.write(direct("one"));
                pair.flush();
            }
            return null;
        });

        for (Pair pair : pairs) {
            assertThat(pair.read(3)).asString().isEqualTo("one");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytesComeInTheOrderTheyWereWritten(boolean ring) throws Exception {
        System.setProperty(Round.SWITCH, Boolean.toString(ring));
        Pair pair = pair();
        StringBuilder expected = new StringBuilder();

        inLoop(() -> {
            for (int at = 0; at < 200; at++) {
                String text = at + ",";
                expected.append(text);
                if (at % 11 == 0) {
                    pair.channel().write(direct(text));
                } else if (at % 7 == 0) {
                    pair.write(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.US_ASCII)));
                } else {
                    pair.write(direct(text));
                }
                if (at % 3 == 0) {
                    pair.flush();
                }
            }
            pair.flush();
            return null;
        });

        assertThat(pair.read(expected.length())).asString().isEqualTo(expected.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatASocketDoesNotTakeAtOnceFollows(boolean ring) throws Exception {
        System.setProperty(Round.SWITCH, Boolean.toString(ring));
        Pair pair = pair();
        byte[] sent = new byte[RoundWrites.WAITING_BYTES_MAX];
        for (int at = 0; at < sent.length; at++) {
            sent[at] = (byte) (at % 251);
        }
        List<ByteBuf> buffers = new ArrayList<>();

        inLoop(() -> {
            pair.channel().config().setOption(ChannelOption.SO_SNDBUF, 4096);
            int quarter = sent.length / 4;
            for (int from = 0; from < sent.length; from += quarter) {
                ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(quarter);
                buffers.add(buffer.writeBytes(sent, from, quarter));
                pair.write(buffer);
            }
            pair.flush();
            return null;
        });

        assertThat(pair.read(sent.length)).isEqualTo(sent);
        awaitEndOfRound();
        assertThat(buffers).allMatch(buffer -> buffer.refCnt() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingSendsWhatWasFlushedAndNothingElse(boolean ring) throws Exception {
        System.setProperty(Round.SWITCH, Boolean.toString(ring));
        Pair flushed = pair();
        Pair written = pair();
        ByteBuf dropped = direct("never");

        inLoop(() -> {
            flushed.write(direct("last"));
            flushed.flush();
            flushed.channel().close();
            written.write(dropped);
            written.channel().close();
            return null;
        });

        assertThat(flushed.peer().getInputStream().readAllBytes()).asString().isEqualTo("last");
        assertThat(written.peer().getInputStream().readAllBytes()).isEmpty();
        awaitEndOfRound();
        assertThat(dropped.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionThatItsPeerResetIsClosed(boolean ring) throws Exception {
        System.setProperty(Round.SWITCH, Boolean.toString(ring));
        Pair pair = pair();
        // Nobody reads, so that only a send can find out.
        inLoop(() -> pair.channel().config().setAutoRead(false));
        pair.peer().setSoLinger(true, 0);
        pair.peer().close();
        ByteBuf first = direct("one");
        ByteBuf second = direct("two");

        inLoop(() -> {
            pair.write(first);
            pair.write(second);
            pair.flush();
            return null;
        });

        assertThat(pair.channel().closeFuture().await(PATIENCE_MILLIS)).isTrue();
        awaitEndOfRound();
        assertThat(first.refCnt() + second.refCnt()).isZero();
    }

    @Test
    void nothingGoesToASocketThatHasTheNumberOfAClosedOne() throws Exception {
        assumeRing();
        Pair closed = pair();
        ByteBuf waiting = direct("for another");
        List<Pair> asManyAsARingHasRoomFor = pairs(SendRing.CAPACITY);
        List<Socket> peers = new ArrayList<>();

        inLoop(() -> {
            Path number =
                    DESCRIPTORS.resolve(Integer.toString(closed.channel().fd().intValue()));
            closed.write(waiting);
            closed.flush();
            // As a channel does when its peer has ended: not by way of the pipeline.
            closed.channel().unsafe().close(closed.channel().voidPromise());
            assertThat(number).doesNotExist();
            // The lowest that are free are taken first.
            while (Files.notExists(number)) {
                Socket other = new Socket();
                opened.add(other);
                other.connect(listener.getLocalSocketAddress());
                peers.add(listener.accept());
            }
            // The ring is full before the loop has told the channel's handlers that it is closed.
            for (Pair pair : asManyAsARingHasRoomFor) {
                pair.write(direct("one"));
                pair.flush();
            }
            assertThat(waiting.refCnt()).isZero();
            return null;
        });
        opened.addAll(peers);

        awaitEndOfRound();
        for (Socket peer : peers) {
            assertThat(peer.getInputStream().available()).isZero();
        }
    }

    @Test
    void aBufferThatIsGoneEndsItsConnectionOnly() throws Exception {
        assumeRing();
        Pair broken = pair();
        Pair whole = pair();

        inLoop(() -> {
            // Of no pool, which would give it to the next one.
            ByteBuf gone = Unpooled.directBuffer().writeZero(4);
            broken.write(gone);
            broken.flush();
            gone.release();
            whole.write(direct("one"));
            whole.flush();
            return null;
        });

        assertThat(whole.read(3)).asString().isEqualTo("one");
        assertThat(broken.channel().closeFuture().await(PATIENCE_MILLIS)).isTrue();
    }

    @Test
    void aHandlerThatIsRemovedKeepsNothingBack() throws Exception {
        Pair pair = pair();

        inLoop(() -> {
            pair.write(direct("old "));
            pair.flush();
            pair.channel().pipeline().remove(RoundWrites.class);
            pair.write(direct("new"));
            pair.flush();
            return null;
        });

        assertThat(pair.read(7)).asString().isEqualTo("old new");
    }

    @Test
    void aThreadThatEndsClosesItsRing() throws Exception {
        assumeRing();
        pair();
        long before = rings();

        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();

        assertThat(rings()).isEqualTo(before - 1);
    }

    private static long rings() throws IOException {
        try (var descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(RoundWritesTest::isRing).count();
        }
    }

    private static boolean isRing(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("io_uring");
        } catch (IOException e) {
            // Closed meanwhile.
            return false;
        }
    }

    private static void assumeRing() {
        try (SendRing ring = SendRing.open()) {
            assumeTrue(ring != null, "this kernel has no io_uring, or does not allow it");
        }
    }

    private List<Pair> pairs(int count) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            pairs.add(pair());
        }
        return pairs;
    }

    private Pair pair() throws Exception {
        EpollSocketChannel channel = new EpollSocketChannel();
        channel.pipeline().addLast(new RoundWrites());
        assertThat(loop.register(channel).await(PATIENCE_MILLIS)).isTrue();
        channel.connect(listener.getLocalSocketAddress()).sync();
        Socket peer = listener.accept();
        peer.setSoTimeout(PATIENCE_MILLIS);
        opened.add(peer);
        return new Pair(channel, peer);
    }

    private static ByteBuf direct(String text) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(text.length());
        buffer.writeCharSequence(text, StandardCharsets.US_ASCII);
        return buffer;
    }

    /** Of one in which anything that was asked of the loop before is over. */
    private void awaitEndOfRound() throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        inLoop(() -> {
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(() -> ended.complete(null));
            return null;
        });
        ended.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private <T> T inLoop(Callable<T> task) throws ExecutionException, InterruptedException {
        return loop.submit(task).get();
    }
}
