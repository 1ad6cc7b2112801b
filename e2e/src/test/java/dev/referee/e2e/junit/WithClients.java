package dev.referee.e2e.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class that needs the real clients: its tests, constructors and life-cycle methods may
/// take [dev.referee.e2e.clients.Clients]. Every class gets its own, with a home folder of its own;
/// a test that asks for one which this machine cannot build skips.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({ClientsExtension.class, SkipWhereUnavailable.class})
public @interface WithClients {}
