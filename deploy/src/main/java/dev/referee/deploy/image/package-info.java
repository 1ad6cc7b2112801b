/// Builds Referee's container image, without a container engine and without another image under it:
/// a Java runtime with the modules that Referee needs, the jars, and of the operating system the C
/// library alone. Start reading at [dev.referee.deploy.image.ImageBuild].
@NullMarked
package dev.referee.deploy.image;

import org.jspecify.annotations.NullMarked;
