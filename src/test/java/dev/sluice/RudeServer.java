package dev.sluice;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A server that does not keep to HTTP, in one way or another. */
final class RudeServer implements AutoCloseable {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private final ServerSocket server;
    private final List<Socket> held = new ArrayList<>();

    private RudeServer(int backlog) throws IOException {
        server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    }

    /** {@return one that closes each connection once it has read something} */
    static RudeServer hangingUp() throws IOException {
        return saying("", false);
    }

    static RudeServer speakingNoHttp() throws IOException {
        return saying("220 mail.example ESMTP\r\n", false);
    }

    /** {@return one whose chunk is longer than what it sends of it} */
    static RudeServer breakingOffInAChunk() throws IOException {
        return saying(HEAD + "Transfer-Encoding: chunked\r\n\r\n1f4\r\n{\"choices\":[", false);
    }

    /** {@return one that ends its side of the connection amid the body and goes on listening} */
    static RudeServer closingItsHalf() throws IOException {
        return saying(HEAD + "Content-Length: 500\r\n\r\n{\"choices\":[", true);
    }

    /** {@return one where connections come to nothing: they are neither accepted nor refused} */
    static RudeServer blackHole() throws IOException {
        RudeServer full = new RudeServer(1);
        for (int i = 0; i < 8; i++) {
            Socket waiting = new Socket();
            full.held.add(waiting);
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            waiting.connect(full.server.getLocalSocketAddress());
                        } catch (IOException _) {
                            // the queue is as full as it gets
                        }
                    });
        }
        return full;
    }

    private static RudeServer saying(String words, boolean halfOnly) throws IOException {
        RudeServer rude = new RudeServer(50);
        Thread.ofVirtual().start(() -> rude.serve(words, halfOnly));
        return rude;
    }

    private void serve(String words, boolean halfOnly) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket, words, halfOnly));
            } catch (IOException _) {
                // closed
            }
        }
    }

    private static void answer(Socket socket, String words, boolean halfOnly) {
        try (socket) {
            InputStream in = socket.getInputStream();
            var _ = in.read(new byte[8_192]);
            socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
            if (halfOnly) {
                socket.shutdownOutput();
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException _) {
            // the gateway has gone
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : held) {
            socket.close();
        }
    }
}
