package dev.sluice.http.handler;

import dev.sluice.http.Exchange;
import dev.sluice.http.Handler;
import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import dev.sluice.http.Response;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Files that are bundled on the class path, for a route that ends in {@code **}. A folder is its
 * {@code index.html}. A path is made of plain names only, so that none leads out of the folder.
 */
public final class StaticFiles implements Handler {
    private static final String INDEX = "index.html";
    private static final Pattern PLAIN =
            Pattern.compile("([A-Za-z0-9_@-][A-Za-z0-9._@-]*/)*[A-Za-z0-9_@-][A-Za-z0-9._@-]*");
    private static final Map<String, String> CONTENT_TYPES =
            Map.ofEntries(
                    Map.entry("html", "text/html; charset=utf-8"),
                    Map.entry("css", "text/css; charset=utf-8"),
                    Map.entry("js", "text/javascript; charset=utf-8"),
                    Map.entry("mjs", "text/javascript; charset=utf-8"),
                    Map.entry("json", "application/json"),
                    Map.entry("map", "application/json"),
                    Map.entry("yaml", "application/yaml"),
                    Map.entry("yml", "application/yaml"),
                    Map.entry("txt", "text/plain; charset=utf-8"),
                    Map.entry("md", "text/markdown; charset=utf-8"),
                    Map.entry("svg", "image/svg+xml"),
                    Map.entry("png", "image/png"),
                    Map.entry("ico", "image/x-icon"),
                    Map.entry("webp", "image/webp"),
                    Map.entry("woff2", "font/woff2"),
                    Map.entry("webmanifest", "application/manifest+json"));

    private final ClassLoader classLoader;
    private final String folder;
    private final boolean oneApplication;
    private final Map<String, File> read = new ConcurrentHashMap<>();

    private record File(String contentType, String etag, String caching, Buffer content) {}

    /**
     * @param folder on the class path, without a slash at either end
     * @param oneApplication whether a path without an extension that is no file is the index too,
     *     so that a browser application may have paths of its own
     */
    public StaticFiles(ClassLoader classLoader, String folder, boolean oneApplication) {
        this.classLoader = classLoader;
        this.folder = folder;
        this.oneApplication = oneApplication;
    }

    @Override
    public void handle(Exchange exchange) {
        String path = exchange.pathParameters().getOrDefault("**", "");
        String name = path.isEmpty() || path.endsWith("/") ? path + INDEX : path;
        File known = read.get(name);
        if (known != null) {
            exchange.respond(answer(exchange, known));
            return;
        }
        exchange.onVirtualThread(() -> find(name))
                .onSuccess(file -> exchange.respond(answer(exchange, file)))
                .onFailure(exchange::fail);
    }

    private static Response answer(Exchange exchange, File file) {
        Headers headers =
                Headers.of(
                        "content-type", file.contentType(),
                        "etag", file.etag(),
                        "cache-control", file.caching(),
                        "x-content-type-options", "nosniff");
        String known = exchange.headers().get("if-none-match");
        return known != null && known.contains(file.etag())
                ? new Response(304, headers, Buffer.buffer())
                : new Response(200, headers, file.content());
    }

    private File find(String name) throws IOException {
        File file = load(name);
        if (file == null && oneApplication && extension(name).isEmpty()) {
            file = load(INDEX);
        }
        if (file == null) {
            throw new HttpFailure(404, "not_found", "There is no such file.");
        }
        return file;
    }

    private @Nullable File load(String name) throws IOException {
        if (!PLAIN.matcher(name).matches()) {
            return null;
        }
        try (InputStream in = classLoader.getResourceAsStream(folder + "/" + name)) {
            if (in == null || isFolder(name)) {
                return null;
            }
            byte[] content = in.readAllBytes();
            String type = CONTENT_TYPES.getOrDefault(extension(name), "application/octet-stream");
            boolean named = name.contains("assets/");
            String caching = named ? "public, max-age=31536000, immutable" : "no-cache";
            File file = new File(type, etag(content), caching, Buffer.buffer(content));
            read.put(name, file);
            return file;
        }
    }

    /** A folder on the class path can be opened too, and lists its files. */
    private boolean isFolder(String name) {
        URL resource = classLoader.getResource(folder + "/" + name);
        if (resource != null && resource.getProtocol().equals("file")) {
            return Files.isDirectory(Path.of(URI.create(resource.toString())));
        }
        return classLoader.getResource(folder + "/" + name + "/") != null;
    }

    private static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot < name.lastIndexOf('/') + 1 ? "" : name.substring(dot + 1);
    }

    private static String etag(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(Arrays.copyOf(digest, 12)) + '"';
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
