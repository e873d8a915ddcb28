package dev.sluice.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that says byte for byte what it is told, and reads what comes. */
final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = socket.getInputStream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** {@return the next line without its end, or "" at the end of the stream} */
    String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = read();
        while (b >= 0 && b != '\n') {
            if (b != '\r') {
                line.write(b);
            }
            b = read();
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** {@return the next byte; -1 if the server has closed or reset} */
    int read() {
        try {
            return in.read();
        } catch (java.net.SocketTimeoutException failure) {
            throw new AssertionError("The server sent nothing for 20 s", failure);
        } catch (IOException _) {
            return -1;
        }
    }

    /** {@return status line, header lines, and after an empty line the body by Content-Length} */
    Answer answer() {
        String status = line();
        StringBuilder head = new StringBuilder();
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        return new Answer(status, head.toString().toLowerCase(Locale.ROOT), text(length));
    }

    /** Reads up to the body, and no further. */
    void answerHead() {
        while (!line().isEmpty()) {
            // Nobody asks for the head here.
        }
    }

    String text(int length) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < length; i++) {
            body.append((char) read());
        }
        return body.toString();
    }

    /** {@return everything up to the connection's end} */
    String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (int b = read(); b >= 0; b = read()) {
            rest.write(b);
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    boolean isClosedByServer() {
        return read() < 0;
    }

    Socket socket() {
        return socket;
    }

    /** Leaves in an orderly manner. */
    void finish() {
        close();
    }

    /** Leaves without a word, by a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    record Answer(String statusLine, String head, String body) {
        int status() {
            return statusLine.length() < 12 ? 0 : Integer.parseInt(statusLine.substring(9, 12));
        }
    }
}
