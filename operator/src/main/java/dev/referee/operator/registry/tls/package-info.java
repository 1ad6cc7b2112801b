/// The certificates of bundled registries: an authority for each, and the certificate that it
/// serves with. Start reading at [dev.referee.operator.registry.tls.RegistryCertificates].
@NullMarked
package dev.referee.operator.registry.tls;

import org.jspecify.annotations.NullMarked;
