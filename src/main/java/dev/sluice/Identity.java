package dev.sluice;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.audit.AuditResource;
import dev.sluice.admin.openapi.AdminAuthority;
import dev.sluice.admin.session.AdminEntrance;
import dev.sluice.admin.session.LiveSessions;
import dev.sluice.admin.session.SessionResource;
import dev.sluice.admin.session.SessionTokens;
import dev.sluice.admin.session.Sessions;
import dev.sluice.admin.session.SignInThrottle;
import dev.sluice.admin.system.FirstOwner;
import dev.sluice.admin.system.SystemResource;
import dev.sluice.admin.user.Passwords;
import dev.sluice.admin.user.UserResource;
import dev.sluice.admin.user.Users;
import dev.sluice.catalog.Catalogs;
import dev.sluice.http.Route;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.store.DatabaseUnavailable;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** People: their users, sessions and trail, and the way into the control plane. */
final class Identity implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
    private static final int BCRYPT_COST = 12;

    private final Passwords passwords = new Passwords(BCRYPT_COST);
    private final UserResource users;
    private final Sessions sessions;
    private final FirstOwner firstOwner;
    private final AuditResource audit;
    private final AdminAuthority entrance;

    /** Who is signed in, as the data plane knows it too. */
    record Known(SessionTokens tokens, LiveSessions live) {
        static Known under(byte[] signingKey, Catalogs catalogs, Clock clock) {
            SessionTokens tokens = new SessionTokens(signingKey, clock);
            return new Known(tokens, new LiveSessions(tokens, catalogs, clock));
        }
    }

    Identity(
            Known known,
            Storage storage,
            Authenticator authenticator,
            ApiKeys keys,
            Clock clock,
            Supplier<UUID> ids) {
        Users rules = new Users(storage.database(), storage.changes(), passwords, clock, ids);
        this.users = new UserResource(rules);
        this.sessions =
                new Sessions(
                        new Sessions.Parts(
                                storage.database(),
                                storage.changes(),
                                storage.trail(),
                                rules,
                                passwords,
                                known.tokens(),
                                known.live(),
                                new SignInThrottle(System::nanoTime)),
                        clock,
                        ids);
        this.firstOwner =
                new FirstOwner(storage.changes(), keys, passwords, new SecureRandom(), clock, ids);
        this.audit = new AuditResource(storage.database());
        this.entrance =
                new AdminEntrance(authenticator, known.live(), known.tokens(), storage.catalogs());
    }

    AdminAuthority entrance() {
        return entrance;
    }

    List<Route> routes(AdminGate gate) {
        List<Route> routes = new ArrayList<>(users.routes(gate));
        routes.addAll(new SessionResource(sessions).routes(gate));
        routes.addAll(new SystemResource(firstOwner, new SecureRandom()).routes(gate));
        routes.addAll(audit.routes(gate));
        return routes;
    }

    void start() {
        try {
            sessions.recall();
        } catch (DatabaseUnavailable away) {
            LOG.warn("sessions that were ended are not known before the database is back");
        }
    }

    @Override
    public void close() {
        passwords.close();
    }
}
