package dev.sluice.store;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The threads that database work runs on; the caller waits, whoever runs it. */
interface Lane extends AutoCloseable {

    <T> T run(Supplier<T> work);

    @Override
    void close();

    /** {@return work runs on the caller's own thread: for drivers that wait on sockets} */
    static Lane ofCaller() {
        return new Lane() {
            @Override
            public <T> T run(Supplier<T> work) {
                return work.get();
            }

            @Override
            public void close() {}
        };
    }

    /**
     * {@return work runs on a few platform threads} SQLite waits in native code, which would pin
     * the carrier of a virtual thread and freeze its unrelated neighbours.
     */
    static Lane ofPlatformThreads(String name, int threads, Duration patience) {
        return new PlatformLane(name, threads, patience);
    }

    /** A fixed pool with a bounded queue. */
    final class PlatformLane implements Lane {
        private static final int MAX_WAITING = 1_000;

        private final ThreadPoolExecutor executor;
        private final Duration patience;

        PlatformLane(String name, int threads, Duration patience) {
            this.patience = patience;
            this.executor =
                    new ThreadPoolExecutor(
                            threads,
                            threads,
                            0,
                            TimeUnit.SECONDS,
                            new ArrayBlockingQueue<>(MAX_WAITING),
                            work -> new LaneThread(this, work, name));
        }

        @Override
        public <T> T run(Supplier<T> work) {
            if (Thread.currentThread() instanceof LaneThread thread && thread.lane == this) {
                throw new IllegalStateException(
                        "database work cannot wait for further work of its lane");
            }
            Future<T> result;
            try {
                result = executor.submit(work::get);
            } catch (RejectedExecutionException tooMuch) {
                throw new DatabaseUnavailable("too much work is waiting for the database", tooMuch);
            }
            return await(result);
        }

        private <T> T await(Future<T> result) {
            try {
                return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException slow) {
                result.cancel(false);
                throw new DatabaseUnavailable("the database took too long", slow);
            } catch (InterruptedException interrupted) {
                result.cancel(false);
                Thread.currentThread().interrupt();
                throw new DatabaseUnavailable(
                        "interrupted while waiting for the database", interrupted);
            } catch (ExecutionException failed) {
                throw rethrown(failed);
            }
        }

        private static RuntimeException rethrown(ExecutionException failed) {
            return switch (failed.getCause()) {
                case RuntimeException exception -> exception;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(failed);
            };
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    /** A thread that knows its lane, so that a lane never waits for itself. */
    final class LaneThread extends Thread {
        private final Lane lane;

        LaneThread(Lane lane, Runnable work, String name) {
            super(work, name);
            this.lane = lane;
            setDaemon(true);
        }
    }
}
