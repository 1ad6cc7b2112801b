package dev.referee.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.e2e.junit.WithClients;
import dev.referee.e2e.junit.WithRegistries;
import dev.referee.e2e.tools.Output;
import dev.referee.e2e.tools.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// skopeo, and with it podman, buildah and CRI-O, which speak to registries by the same library:
/// where Debian's package is installed.
@WithClients
@WithRegistries
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SkopeoE2E extends ImageClientContract {
  private static final ObjectMapper JSON = new ObjectMapper();

  SkopeoE2E() {
    super("skopeo", new Skopeo());
  }

  @Override
  Program program(Clients clients) {
    return clients.skopeo();
  }

  private record Skopeo() implements ImageClient {
    @Override
    public Output login(Program client, String registry, String user, String password) {
      return client.reading(password).run("login", registry, "-u", user, "--password-stdin");
    }

    @Override
    public Output logout(Program client, String registry) {
      return client.run("logout", registry);
    }

    @Override
    public Output push(Program client, Path layout, String reference) {
      return copy(client, "oci:" + layout + ":" + LayoutImage.TAG, "docker://" + reference);
    }

    @Override
    public Output pull(Program client, String reference, Path layout) {
      return copy(client, "docker://" + reference, "oci:" + layout + ":" + LayoutImage.TAG);
    }

    /// The policy would say whose signatures are asked for, and the package alone brings none.
    private static Output copy(Program client, String from, String to) {
      return client.run("--insecure-policy", "copy", "--preserve-digests", from, to);
    }

    @Override
    public Output tags(Program client, String repository) {
      return client.run("list-tags", "docker://" + repository);
    }

    @Override
    public List<String> listed(Output output) {
      try {
        var tags = JSON.readTree(output.orFail().stdout()).path("Tags");
        return StreamSupport.stream(tags.spliterator(), false).map(tag -> tag.asText()).toList();
      } catch (IOException e) {
        throw new IllegalStateException("skopeo wrote no JSON: " + output.stdout(), e);
      }
    }
  }

  @Test
  void copiesBetweenRepositoriesAndRegistries() throws IOException {
    var from = reference(registries().shared(), "original");
    var to = reference(registries().closed(), "copy");
    login(registries().shared());
    login(registries().closed());
    push(from);

    program().succeed("--insecure-policy", "copy", "docker://" + from, "docker://" + to);

    var copied = JSON.readTree(program().succeed("inspect", "docker://" + to).stdout());
    assertThat(copied.path("Digest").asText()).isEqualTo(image().digest().toString());
    assertThat(copied.path("RepoTags")).map(tag -> tag.asText()).containsExactly("v1");
  }
}
