package dev.sluice.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The versions of the schema that are shipped, by the names of their files alone. */
final class ShippedSteps {
    private static final Pattern NAME = Pattern.compile("(?:.*/)?V(\\d+)__\\w+\\.sql");

    private ShippedSteps() {}

    /**
     * {@return the versions in that folder of resources, which may be one of the disk or of a jar;
     * none where there is no such folder}
     */
    static Set<String> versions(ClassLoader loader, String folder) {
        URL found = loader.getResource(folder);
        try {
            return found == null ? Set.of() : versions(found, folder);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the steps of the schema cannot be read", unreadable);
        }
    }

    private static Set<String> versions(URL found, String folder) throws IOException {
        if (found.openConnection() instanceof JarURLConnection inJar) {
            JarFile jar = inJar.getJarFile();
            return versions(
                    jar.stream()
                            .map(Object::toString)
                            .filter(name -> name.startsWith(folder + "/")));
        }
        try (Stream<Path> files = Files.list(Path.of(URI.create(found.toString())))) {
            return versions(files.map(Path::toString));
        }
    }

    private static Set<String> versions(Stream<String> names) {
        Set<String> versions = new TreeSet<>();
        names.map(NAME::matcher)
                .filter(Matcher::matches)
                .forEach(name -> versions.add(name.group(1)));
        return versions;
    }
}
