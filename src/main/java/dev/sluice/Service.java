package dev.sluice;

/** Something that listens until it is closed. */
public interface Service extends AutoCloseable {

    /** {@return where it listens, as a URL without a path} */
    String url();

    /** Stops in good order; returns when everything is where it must be. */
    @Override
    void close();

    /** {@return both as one: at this one's URL, and closed together} */
    default Service and(Service other) {
        Service first = this;
        return new Service() {
            @Override
            public String url() {
                return first.url();
            }

            @Override
            public void close() {
                try {
                    first.close();
                } finally {
                    other.close();
                }
            }
        };
    }
}
