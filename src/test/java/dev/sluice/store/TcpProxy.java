package dev.sluice.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on loopback, and gets in the way when told to. */
public final class TcpProxy implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile boolean refuses;
    private volatile Duration delay = Duration.ZERO;

    public TcpProxy(int target) throws IOException {
        this.target = target;
        Thread.ofPlatform().daemon().name("tcp-proxy").start(this::listen);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** New connections go to that port. */
    public void to(int port) {
        target = port;
    }

    /** Each piece from the server takes so much longer. */
    public void delay(Duration longer) {
        delay = longer;
    }

    /** Cuts all connections, and every new one, or lets them through again. */
    public void refuse(boolean refused) {
        refuses = refused;
        if (refused) {
            open.forEach(TcpProxy::cut);
        }
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refuses) {
                    cut(client);
                    continue;
                }
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                pump(client, server, false);
                pump(server, client, true);
            } catch (IOException _) {
                // The listener is closed, or the server does not listen.
            }
        }
    }

    private void pump(Socket from, Socket to, boolean delays) {
        Thread.ofVirtual()
                .start(() -> {
                    try (from;
                            to) {
                        InputStream in = from.getInputStream();
                        byte[] piece = new byte[8192];
                        for (int n = in.read(piece); n > 0; n = in.read(piece)) {
                            if (delays) {
                                Thread.sleep(delay);
                            }
                            to.getOutputStream().write(piece, 0, n);
                        }
                    } catch (IOException _) {
                        // Cut.
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is closed.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(TcpProxy::cut);
    }
}
