package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.referee.api.v1alpha1.ReportKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports as objects of the API server, by server-side apply: what others add to them stays.
final class ClusterReports implements Reports {
  static final String FIELD_MANAGER = "referee-audit";

  /// Reports are large; a page of them must not be.
  private static final long PAGE = 100;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final KubernetesClient client;

  ClusterReports(KubernetesClient client) {
    this.client = requireNonNull(client, "client is null");
  }

  @Override
  public Optional<ReportFormat> find(ReportKind wanted) {
    return switch (wanted) {
      case AUTO -> Arrays.stream(ReportFormat.values()).filter(this::isInstalled).findFirst();
      case OPEN_REPORTS -> Optional.of(ReportFormat.OPEN_REPORTS).filter(this::isInstalled);
      case POLICY_REPORT -> Optional.of(ReportFormat.POLICY_REPORT).filter(this::isInstalled);
      case NONE -> Optional.empty();
    };
  }

  private boolean isInstalled(ReportFormat format) {
    try {
      var resources = client.getApiResources(format.apiVersion());
      return resources != null
          && resources.getResources().stream()
              .anyMatch(resource -> resource.getName().equals(format.plural()));
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public List<WorkloadReport> list(ReportFormat format) {
    var reports = new ArrayList<WorkloadReport>();
    each(null, format, tree -> ReportTree.read(tree).ifPresent(reports::add));
    return reports;
  }

  /// The reports of ours in one namespace.
  ///
  /// @param namespace null for all
  List<WorkloadReport> list(@Nullable String namespace, ReportFormat format) {
    var reports = new ArrayList<WorkloadReport>();
    each(namespace, format, tree -> ReportTree.read(tree).ifPresent(reports::add));
    return reports;
  }

  private void each(@Nullable String namespace, ReportFormat format, Consumer<JsonNode> consumer) {
    String next = null;
    do {
      var options =
          new ListOptionsBuilder()
              .withLabelSelector(ReportTree.MANAGED_BY + "=" + ReportTree.SOURCE)
              .withLimit(PAGE)
              .withContinue(next)
              .build();
      var kind = client.genericKubernetesResources(format.context());
      var page =
          namespace == null
              ? kind.inAnyNamespace().list(options)
              : kind.inNamespace(namespace).list(options);
      page.getItems().forEach(item -> consumer.accept(JSON.valueToTree(item)));
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
  }

  @Override
  public void write(WorkloadReport report, ReportFormat format) {
    var object =
        JSON.convertValue(ReportTree.write(report, format), GenericKubernetesResource.class);
    client
        .genericKubernetesResources(format.context())
        .inNamespace(report.workload().namespace())
        .resource(object)
        .fieldManager(FIELD_MANAGER)
        .forceConflicts()
        .serverSideApply();
  }

  @Override
  public void remove(Workload workload, ReportFormat format) {
    remove(workload.namespace(), ReportTree.name(workload), format);
  }

  private void remove(String namespace, String name, ReportFormat format) {
    client
        .genericKubernetesResources(format.context())
        .inNamespace(namespace)
        .withName(name)
        .delete();
  }

  @Override
  public void removeOthers(Optional<ReportFormat> kept) {
    for (var format : ReportFormat.values()) {
      if (!kept.equals(Optional.of(format)) && isInstalled(format)) {
        each(
            null,
            format,
            tree -> {
              var metadata = tree.path("metadata");
              remove(metadata.path("namespace").asText(), metadata.path("name").asText(), format);
            });
      }
    }
  }
}
