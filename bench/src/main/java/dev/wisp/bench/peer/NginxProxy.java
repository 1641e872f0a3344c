package dev.wisp.bench.peer;

import dev.wisp.bench.process.ProcessCpu;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** nginx with one worker, proxying to the same server outside a sandbox over kept connections. */
public final class NginxProxy implements AutoCloseable {

    private static final int STOP_SECONDS = 5;

    private final Process upstream;
    private final Process nginx;
    private final InetSocketAddress upstreamAddress;
    private final InetSocketAddress address;

    private NginxProxy(Process upstream, Process nginx, InetSocketAddress upstreamAddress, InetSocketAddress address) {
        this.upstream = upstream;
        this.nginx = nginx;
        this.upstreamAddress = upstreamAddress;
        this.address = address;
    }

    public static NginxProxy start(Path folder, Path nginx, Path program) {
        InetSocketAddress upstreamAddress = loopback();
        InetSocketAddress address = loopback();
        try {
            Path config = Files.writeString(folder.resolve("nginx.conf"), config(folder, address, upstreamAddress));
            ProcessBuilder server = quiet(new ProcessBuilder(program.toString()));
            server.environment().put("PORT", Integer.toString(upstreamAddress.getPort()));
            server.environment().put("LOG", "off");
            NginxProxy proxy = new NginxProxy(
                    server.start(),
                    quiet(new ProcessBuilder(
                                    nginx.toString(), "-c", config.toString(), "-p", folder.toString(), "-e", "stderr"))
                            .start(),
                    upstreamAddress,
                    address);
            FirstResponse.awaitFirstByteNanos(upstreamAddress);
            FirstResponse.awaitFirstByteNanos(address);
            return proxy;
        } catch (IOException e) {
            throw new BenchException("cannot start nginx: " + e, e);
        }
    }

    /** Where it proxies. */
    public InetSocketAddress address() {
        return address;
    }

    /** The server behind it. */
    public InetSocketAddress upstreamAddress() {
        return upstreamAddress;
    }

    /** Processor time of nginx, without the server behind it. */
    public long cpuMicros() {
        return ProcessCpu.micros(nginx.pid())
                + nginx.descendants()
                        .mapToLong(worker -> ProcessCpu.micros(worker.pid()))
                        .sum();
    }

    @Override
    public void close() {
        nginx.destroy();
        upstream.destroyForcibly();
        try {
            if (!nginx.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                nginx.descendants().forEach(ProcessHandle::destroyForcibly);
                nginx.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String config(Path folder, InetSocketAddress address, InetSocketAddress upstreamAddress) {
        return """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log stderr error;
                events { worker_connections 1024; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  keepalive_requests 1000000000;
                  upstream server { server 127.0.0.1:%3$d; keepalive 64; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:%2$d;
                    location / {
                      proxy_pass http://server;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header Host $host;
                    }
                  }
                }
                """.formatted(folder, address.getPort(), upstreamAddress.getPort());
    }

    private static ProcessBuilder quiet(ProcessBuilder builder) {
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), BarePeer.freePort());
    }
}
