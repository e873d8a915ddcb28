package dev.sluice.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does to each connection what its script says, and counts. */
public final class ScriptedUpstream implements AutoCloseable {
    public final AtomicInteger opened = new AtomicInteger();
    public final AtomicInteger closedByPeer = new AtomicInteger();
    public final List<String> heads = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final Script script;

    @FunctionalInterface
    public interface Script {
        void run(Connection connection) throws Exception;
    }

    public ScriptedUpstream(Script script) {
        this("127.0.0.1", script);
    }

    public ScriptedUpstream(String address, Script script) {
        this.script = script;
        try {
            server = new ServerSocket(0, 1_000, InetAddress.ofLiteral(address));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + target);
    }

    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                opened.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.run(new Connection(socket));
        } catch (SocketException _) {
            closedByPeer.incrementAndGet();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public final class Connection {
        public final Socket socket;
        private final InputStream in;

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
        }

        /** {@return the next request's head, or "" at the end; its body is read and dropped} */
        public String request() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int b = in.read();
                if (b < 0) {
                    return "";
                }
                head.append((char) b);
            }
            heads.add(head.toString());
            for (String line : head.toString().split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    in.readNBytes(Integer.parseInt(line.substring(15).trim()));
                }
            }
            return head.toString();
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        public void answer(String body) throws IOException {
            send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        }

        /** Waits until the peer closes or resets. */
        public void awaitClose() throws IOException {
            try {
                while (in.read() >= 0) {
                    // What still comes is of no interest.
                }
            } catch (SocketException _) {
                // A reset is a close too.
            }
            closedByPeer.incrementAndGet();
        }

        public InputStream in() {
            return in;
        }
    }
}
