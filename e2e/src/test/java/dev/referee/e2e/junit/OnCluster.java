package dev.referee.e2e.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class that needs a real API server: its tests, constructors and life-cycle methods may
/// take a [dev.referee.e2e.cluster.Cluster]. All classes of a run share one; where there is none,
/// they skip.
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({ClusterExtension.class, SkipWhereUnavailable.class})
public @interface OnCluster {}
