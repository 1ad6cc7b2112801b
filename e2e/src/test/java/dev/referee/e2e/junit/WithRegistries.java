package dev.referee.e2e.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class that needs bundled registries: its tests, constructors and life-cycle methods may
/// take [dev.referee.e2e.clients.BundledRegistries], which all classes of a run share.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RegistriesExtension.class)
public @interface WithRegistries {}
