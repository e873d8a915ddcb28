/**
 * Sluice, an LLM gateway. A request's journey:
 *
 * <pre>
 * client ─► http ─► authenticate ─► read (dialect) ─► route ─► admit ─► dispatch ─► relay ─► client
 *                      who asks       what is asked    where    may it    try, fail   translate,
 *                                                      (plan)   start     over        stream, count
 *                                                        └────────── settle: usage, cost, record ◄──────┘
 * </pre>
 *
 * <p>{@link dev.sluice.Main} is the command line and {@code Gateway} the composition root. Who may
 * know whom: {@code chat} the JDK and the JSON tree; {@code dialect} chat; {@code catalog} chat;
 * {@code store} and {@code http} nothing of ours; {@code proxy} http, dialect, chat and catalog;
 * {@code journal} catalog and the interfaces of proxy; {@code admin} http, catalog, store and the
 * interfaces of proxy; {@code simulator} http, dialect and chat; {@code ops} http; {@code settings}
 * and {@code logging} nothing of ours; {@code demo} store; {@code configuration} settings and what
 * their values are of; {@code gauge} what it reads; {@code command} and this package all. {@code
 * ArchitectureTest} enforces it.
 */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
