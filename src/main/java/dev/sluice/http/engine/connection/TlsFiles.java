package dev.sluice.http.engine.connection;

import java.nio.file.Path;

/** The server's certificate chain and private key, both PEM. */
public record TlsFiles(Path certificateChain, Path privateKey) {}
