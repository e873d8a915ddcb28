package dev.sluice.admin.price;

import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.Listing;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.proxy.account.Pricing;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/prices}. */
public final class PriceResource {
    private final Prices prices;
    private final Pricing pricing;
    private final Catalogs catalogs;
    private final Clock clock;

    public PriceResource(Prices prices, Pricing pricing, Catalogs catalogs, Clock clock) {
        this.prices = prices;
        this.pricing = pricing;
        this.catalogs = catalogs;
        this.clock = clock;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("POST", "/admin/prices", AdminRule.WRITE, this::create),
                gate.route("GET", "/admin/prices", AdminRule.READ, this::list),
                gate.route("GET", "/admin/prices/shipped", AdminRule.READ, this::listShipped),
                gate.route("GET", "/admin/prices/unpriced", AdminRule.READ, this::listUnpriced),
                gate.route("GET", "/admin/prices/{id}", AdminRule.READ, this::get),
                gate.route("PUT", "/admin/prices/{id}", AdminRule.WRITE, this::update),
                gate.route("DELETE", "/admin/prices/{id}", AdminRule.WRITE, this::delete));
    }

    Response create(AdminRequest request) {
        return Response.json(201, view(prices.create(request.body())).toString());
    }

    Response list(AdminRequest request) {
        Predicate<Price> wanted = wanted(request);
        return Listing.page(
                        prices.all().stream().filter(row -> wanted.test(row.price())).toList(),
                        request.paging())
                .response(PriceResource::view);
    }

    Response listShipped(AdminRequest request) {
        return Listing.page(
                        pricing.fixed().stream().filter(wanted(request)).toList(), request.paging())
                .response(price -> PriceJson.write(price).put("id", price.id().toString()));
    }

    /** Shows which configured models nothing prices: calls of them are recorded without a cost. */
    Response listUnpriced(AdminRequest request) {
        Instant now = clock.instant();
        List<Unpriced> found = new ArrayList<>();
        for (Upstream upstream : catalogs.current().upstreams().values()) {
            if (upstream.active()) {
                for (UpstreamModel model : upstream.models()) {
                    if (pricing.price(upstream, model.id(), now).isEmpty()) {
                        found.add(new Unpriced(upstream, model.id()));
                    }
                }
            }
        }
        found.sort(
                Comparator.<Unpriced, String>comparing(one -> one.upstream().name())
                        .thenComparing(Unpriced::model));
        return Listing.page(found, request.paging()).response(Unpriced::view);
    }

    private record Unpriced(Upstream upstream, String model) {
        ObjectNode view() {
            return AdminJson.object()
                    .put("upstream_id", upstream.id().toString())
                    .put("upstream", upstream.name())
                    .put("provider", upstream.provider())
                    .put("model", model);
        }
    }

    private static Predicate<Price> wanted(AdminRequest request) {
        String part = lower(request.query("search"));
        String provider = request.query("provider");
        UUID upstream = request.queryId("upstream_id");
        return price ->
                lower(price.model()).contains(part)
                        && (provider == null || provider.equalsIgnoreCase(price.provider()))
                        && (upstream == null || upstream.equals(price.upstreamId()));
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
    }

    Response get(AdminRequest request) {
        return Response.json(200, view(prices.get(request.id())).toString());
    }

    Response update(AdminRequest request) {
        return Response.json(200, view(prices.update(request.id(), request.body())).toString());
    }

    Response delete(AdminRequest request) {
        prices.delete(request.id());
        return Response.empty(204);
    }

    private static ObjectNode view(PriceRow row) {
        return PriceJson.write(row.price())
                .put("id", row.id().toString())
                .put("created_at", row.createdAt().toString())
                .put("updated_at", row.updatedAt().toString());
    }
}
