package dev.wisp.node.metering;

import dev.wisp.contracts.loop.RoundWrites;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.node.instance.Instance;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Connections to one instance. A socket is made inside the sandbox's network namespace on a thread that may block for that, and then
 * belongs to the event loop of the request it was made for. Thread-safe.
 */
final class InstanceConnections {

    private final Instance instance;
    private final Executor connector;
    private final Map<EventLoop, ConnectionPool> pools = new ConcurrentHashMap<>();

    /** Gets a connection or the reason why there is none; called on the event loop. */
    interface Receiver {

        void connected(ContainerConnection connection);

        void refused(String detail);
    }

    InstanceConnections(Instance instance, Executor connector) {
        this.instance = instance;
        this.connector = connector;
    }

    /** The pool of an event loop. */
    ConnectionPool pool(EventLoop eventLoop) {
        ConnectionPool known = pools.get(eventLoop);
        return known != null ? known : pools.computeIfAbsent(eventLoop, ConnectionPool::new);
    }

    /** Opens a connection for the caller's event loop. */
    void open(EventLoop eventLoop, Receiver receiver) {
        int spare = instance.takeSpareSocket();
        if (spare != Instance.NO_SOCKET) {
            register(spare, eventLoop, receiver);
            return;
        }
        try {
            connector.execute(() -> connect(eventLoop, receiver));
        } catch (RejectedExecutionException e) {
            receiver.refused("too many connections are being opened");
        }
    }

    /** Closes what is idle; for an instance that is gone. */
    void close() {
        pools.values().forEach(pool -> pool.eventLoop().execute(pool::close));
    }

    private void connect(EventLoop eventLoop, Receiver receiver) {
        try {
            int descriptor = instance.sandbox().connect();
            eventLoop.execute(() -> register(descriptor, eventLoop, receiver));
        } catch (ProblemException e) {
            eventLoop.execute(() -> receiver.refused(e.problem().detail()));
        } catch (RuntimeException e) {
            eventLoop.execute(() -> receiver.refused("no connection to instance " + instance.id() + ": " + e));
        }
    }

    private void register(int descriptor, EventLoop eventLoop, Receiver receiver) {
        EpollSocketChannel channel = new EpollSocketChannel(descriptor);
        ResponseDecoder decoder = new ResponseDecoder();
        ContainerConnection connection = new ContainerConnection(channel, decoder);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.pipeline().addLast(new ChannelInitializer<EpollSocketChannel>() {
            @Override
            protected void initChannel(EpollSocketChannel opened) {
                opened.pipeline()
                        .addLast(new RoundWrites(), connection.plain(), new HttpRequestEncoder(), decoder, connection);
            }
        });
        ConnectionPool pool = pool(eventLoop);
        channel.closeFuture().addListener(closed -> pool.forget(connection));
        eventLoop.register(channel).addListener(registered -> {
            if (registered.isSuccess() && channel.isActive()) {
                receiver.connected(connection);
            } else {
                channel.close();
                receiver.refused("instance %s closed the connection".formatted(instance.id()));
            }
        });
    }
}
