package dev.sluice.admin.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.AdminRule;
import dev.sluice.admin.TestGateway;
import dev.sluice.http.Route;
import dev.sluice.store.Vendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OpenApiTest {
    private final OpenApi description = OpenApi.bundled();

    @Test
    void everyAdminRouteIsDescribedAndEveryAdminDescriptionIsServed() {
        Set<String> served;
        try (TestGateway gateway = new TestGateway(Vendor.SQLITE)) {
            served =
                    gateway.routes().stream()
                            .map(route -> route.method() + " " + route.template())
                            .collect(Collectors.toCollection(TreeSet::new));
        }
        Set<String> described =
                new Contract(description)
                        .operations().stream()
                                .filter(operation -> operation.contains(" /admin/"))
                                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(served).isEqualTo(described).hasSizeGreaterThan(25);
    }

    @Test
    void documentationRoutesAreDescribed() {
        Set<String> described = new Contract(description).operations();
        List<Route> routes = new DocumentationPages(description).routes(AdminRule.READ);
        assertThat(routes)
                .extracting(route -> route.method() + " " + route.template())
                .contains("GET /openapi.json", "GET /docs", "GET /redoc")
                .allMatch(route ->
                        described.contains(route)
                                || route.startsWith("GET /docs/")
                                || route.startsWith("GET /redoc/"));
    }

    @Test
    void aRouteThatIsNotDescribedLetsNothingThrough() {
        Contract contract = new Contract(description);
        contract.prepare("/admin/");
        assertThatThrownBy(() ->
                        contract.check(
                                "GET", "/admin/secrets", Map.of(), _ -> null, Contract.nothing()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/admin/secrets");
    }

    @Test
    void allFilesOfTheDescriptionAreInIt() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs/openapi"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(OpenApi.FILES);
        }
    }

    @Test
    void everyReferenceLeadsSomewhereAndStaysInTheDocument() {
        ObjectNode document = description.document();
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertThat(references).hasSizeGreaterThan(50);
        for (String reference : references) {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.has("$ref")) {
            references.add(node.path("$ref").stringValue());
        }
        node.forEach(child -> collect(child, references));
    }

    @Test
    void everyOperationHasATagASummaryAnIdOfItsOwnAndAnswers() {
        ObjectNode document = description.document();
        Set<String> tags =
                document.path("tags")
                        .valueStream()
                        .map(tag -> tag.path("name").stringValue())
                        .collect(Collectors.toSet());
        List<String> ids = new ArrayList<>();
        for (String operation : new Contract(description).operations()) {
            String[] parts = operation.split(" ", 2);
            JsonNode node =
                    document.path("paths")
                            .path(parts[1])
                            .path(parts[0].toLowerCase(java.util.Locale.ROOT));
            assertThat(node.path("tags").path(0).asString("")).as(operation).isIn(tags);
            assertThat(node.path("summary").asString("")).as(operation).isNotBlank();
            assertThat(node.path("responses").size()).as(operation).isPositive();
            ids.add(node.path("operationId").asString(""));
        }
        assertThat(ids).doesNotHaveDuplicates().doesNotContain("");
    }
}
