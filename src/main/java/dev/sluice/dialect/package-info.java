/**
 * A wire protocol ⇄ {@code chat}: pure functions over bytes and records. It knows {@code chat}
 * only: no I/O, no keys, no upstreams.
 *
 * <p>A call whose two ends speak the same {@link Dialect} is peeked at and spliced, never
 * translated. Any other goes through the canonical form:
 *
 * <pre>
 * client.readRequest(body, envelope)            ChatRequest
 * upstream.writeRequest(request, traits)        Written: body, path, losses, and what to remember
 * upstream.readAnswer(body, written.memory())   ChatAnswer      client.writeAnswer(answer, view)
 * upstream.newEventReader(written.memory())     ChatEvents      client.newEventWriter(view)
 * </pre>
 *
 * <p>Every dialect is built alike, with the same names of files, and each package knows only those
 * that follow it here:
 *
 * <pre>
 * answer     whole answers and events ⇄ canonical form: what upstreams answer, what clients are answered
 * request    requests ⇄ canonical form: what clients send, what upstreams are sent
 * peek       what passes through: deciding fields found, usage read, bytes changed in place
 * wire       single things of the protocol that the others share: names, reasons of stopping, errors
 * </pre>
 *
 * <p>Above them stands the dialect itself, which puts them together. Beside that a dialect names
 * what a request refers to that only one upstream keeps ({@link UpstreamReference}), leaves out of
 * a refused body what can be left out, and, where its protocol can, counts tokens without
 * generating ({@link TokenCounting}).
 *
 * <p>Rules for who writes a dialect. Readers accept everything that was ever seen on the wire and
 * are total; of a client's request they refuse what cannot mean anything, naming the place ({@link
 * MalformedRequest}). Writers never throw: what cannot be said becomes a {@code Loss}, whose
 * severity decides later whether the request is refused. A request that a dialect reads, writes and
 * reads again is equal, apart from the paths of its messages. State of event readers and writers
 * does not grow with the stream, except for what the protocol forces them to hold back (a call's
 * arguments where they must come whole). Tool names are renamed by the request's writer and renamed
 * back by the answer's reader, so that nothing between them knows.
 */
@NullMarked
package dev.sluice.dialect;

import dev.sluice.dialect.peek.UpstreamReference;
import org.jspecify.annotations.NullMarked;
