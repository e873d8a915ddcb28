package dev.sluice.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is noted of every call is noted without a lock: event loops never wait for each other. */
class LockFreedomTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                Target.class,
                TargetMetrics.class,
                LatencyBuckets.class,
                CircuitBreaker.class,
                QpsBucket.class
            })
    void aCallIsNotedWithoutALock(Class<?> noting) throws Exception {
        List<MethodModel> methods = read(noting).methods();
        assertThat(methods).isNotEmpty();
        assertThat(methods)
                .filteredOn(LockFreedomTest::locks)
                .extracting(method -> method.methodName().stringValue())
                .isEmpty();
    }

    private static ClassModel read(Class<?> type) throws Exception {
        try (InputStream bytes = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassFile.of().parse(bytes.readAllBytes());
        }
    }

    private static boolean locks(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code().stream()
                        .flatMap(code -> code.elementStream())
                        .anyMatch(element ->
                                switch (element) {
                                    case MonitorInstruction monitor ->
                                            monitor.opcode() == Opcode.MONITORENTER;
                                    case InvokeInstruction call ->
                                            call.owner()
                                                    .asInternalName()
                                                    .startsWith("java/util/concurrent/locks/");
                                    default -> false;
                                });
    }
}
