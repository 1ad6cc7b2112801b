package dev.referee.verify.sbom;

import dev.referee.api.v1alpha1.SbomFormat;
import dev.referee.oci.ContentReason;
import dev.referee.oci.MalformedContentException;
import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// CycloneDX in XML, read as a stream without DTDs and without entities: nothing in a document
/// makes the reader open anything or grow.
final class CycloneDxXml {
  private static final String NAMESPACE = "http://cyclonedx.org/schema/bom/";
  private static final int MAX_DEPTH = 64;

  private CycloneDxXml() {}

  static Optional<SbomDocument> read(byte[] content) {
    try {
      var reader = factory().createXMLStreamReader(new ByteArrayInputStream(content));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new MalformedContentException(
          ContentReason.FIELD_INVALID, "the document is not well-formed XML without a DTD");
    }
  }

  private static Optional<SbomDocument> read(XMLStreamReader reader) throws XMLStreamException {
    String version = null;
    long components = 0;
    int depth = 0;
    boolean inComponents = false;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          depth++;
          checkDepth(depth);
          if (depth == 1) {
            version = version(reader);
          } else if (depth == 2) {
            inComponents = reader.getLocalName().equals("components");
          } else if (depth == 3 && inComponents && reader.getLocalName().equals("component")) {
            components++;
          }
        }
        case XMLStreamConstants.END_ELEMENT -> depth--;
        case XMLStreamConstants.DTD -> throw new XMLStreamException("a DTD is not read");
        default -> {
          // Text, comments and processing instructions say nothing here.
        }
      }
    }
    return version == null
        ? Optional.empty()
        : Optional.of(new SbomDocument(SbomFormat.CYCLONEDX, version, components));
  }

  private static @Nullable String version(XMLStreamReader root) {
    var namespace = root.getNamespaceURI();
    if (!root.getLocalName().equals("bom")
        || namespace == null
        || !namespace.startsWith(NAMESPACE)) {
      return null;
    }
    var version = namespace.substring(NAMESPACE.length());
    return version.matches("1\\.[0-9]{1,2}") ? version : null;
  }

  private static void checkDepth(int depth) throws XMLStreamException {
    if (depth > MAX_DEPTH) {
      throw new XMLStreamException("nested too deeply");
    }
  }

  private static XMLInputFactory factory() {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    return factory;
  }
}
