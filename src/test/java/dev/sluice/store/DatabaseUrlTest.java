package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    @Test
    void threeSlashesAreRelativeAndFourAbsolute() {
        assertThat(DatabaseUrl.parse("sqlite:///./data.db"))
                .isEqualTo(new DatabaseUrl.Sqlite(Path.of("data.db").toAbsolutePath()));
        assertThat(DatabaseUrl.parse("sqlite+aiosqlite:////var/lib/data.db"))
                .isEqualTo(new DatabaseUrl.Sqlite(Path.of("/var/lib/data.db")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite://", "sqlite:///:memory:"})
    void aDatabaseWithoutAFileIsTemporary(String url) {
        assertThat(DatabaseUrl.parse(url)).isEqualTo(new DatabaseUrl.Sqlite(null));
    }

    @Test
    void partsOfAPostgresqlUrlAreDecodedAndThePasswordIsNotPrinted() {
        DatabaseUrl url =
                DatabaseUrl.parse(
                        "postgresql+psycopg://us%40er:p%2Fw+d@db.example/gate?sslmode=require");
        assertThat(url).isInstanceOf(DatabaseUrl.Postgresql.class);
        DatabaseUrl.Postgresql postgresql = (DatabaseUrl.Postgresql) url;
        assertThat(postgresql.user()).isEqualTo("us@er");
        assertThat(postgresql.password()).isEqualTo("p/w+d");
        assertThat(postgresql.host()).isEqualTo("db.example");
        assertThat(postgresql.port()).isEqualTo(5432);
        assertThat(postgresql.name()).isEqualTo("gate");
        assertThat(postgresql.properties()).containsEntry("sslmode", "require");
        assertThat(url.toString()).doesNotContain("p/w+d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://u:hunter22@h/db",
                "data.db",
                "sqlite://data.db",
                "postgresql://u:hunter22@",
                "postgresql://u:hunter22 @h/db",
                "postgresql://u:hunter22@h/db?nonsense=1"
            })
    void anUnusableUrlIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter22");
    }
}
