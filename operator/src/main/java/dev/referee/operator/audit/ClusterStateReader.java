package dev.referee.operator.audit;

import static java.util.Objects.requireNonNull;

import dev.referee.api.v1alpha1.ReportKind;
import dev.referee.oci.MalformedContentException;
import dev.referee.operator.audit.ClusterState.RunningImage;
import dev.referee.operator.audit.ClusterState.RunningWorkload;
import dev.referee.operator.audit.Inventory.Entry;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what runs in a cluster, and what the reports of the audit say of it.
public final class ClusterStateReader {
  private static final long PAGE = 250;

  private static final Comparator<RunningWorkload> ORDER =
      Comparator.<RunningWorkload, String>comparing(running -> running.workload().namespace())
          .thenComparing(running -> running.workload().kind())
          .thenComparing(running -> running.workload().name());

  private final KubernetesClient client;
  private final InstantSource clock;

  /// @param client not closed
  public ClusterStateReader(KubernetesClient client, InstantSource clock) {
    this.client = requireNonNull(client, "client is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /// Reads it.
  ///
  /// @param namespace null for all
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the API server refuses
  public ClusterState read(@Nullable String namespace) {
    var inventory = inventory(namespace);
    var shelf = new ClusterReports(client);
    var format = shelf.find(ReportKind.AUTO);
    var reports = new HashMap<String, WorkloadReport>();
    format
        .map(kind -> shelf.list(namespace, kind))
        .orElse(List.of())
        .forEach(report -> reports.put(report.workload().uid(), report));
    return new ClusterState(
        client.getMasterUrl().toString(),
        namespace,
        clock.instant(),
        format.map(ReportFormat::apiVersion).orElse(""),
        inventory.entries().stream()
            .map(entry -> state(entry, reports.get(entry.workload().uid())))
            .sorted(ORDER)
            .toList());
  }

  private Inventory inventory(@Nullable String namespace) {
    var owners = new Owners(client);
    var inventory = new Inventory();
    String next = null;
    do {
      var options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
      var page =
          namespace == null
              ? client.pods().inAnyNamespace().list(options)
              : client.pods().inNamespace(namespace).list(options);
      for (var pod : page.getItems()) {
        var running = PodReader.read(pod);
        if (!running.images().isEmpty()) {
          inventory.put(running, owners.of(running));
        }
      }
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    return inventory;
  }

  /// What runs, beside what was found about it. What was found about something that runs no more is
  /// left out.
  static RunningWorkload state(Entry entry, @Nullable WorkloadReport report) {
    var results = report == null ? List.<ReportResult>of() : report.results();
    var notListed = report == null ? Tally.NONE : report.notListed();
    var images = new LinkedHashMap<String, RunningImage>();
    for (var use : entry.uses()) {
      var image = image(use.image(), results, notListed.total() > 0);
      images.putIfAbsent(image.image(), image);
    }
    var sorted = new ArrayList<>(images.values());
    sorted.sort(Comparator.comparing(RunningImage::verdict).thenComparing(RunningImage::image));
    return new RunningWorkload(
        entry.workload(),
        entry.size(),
        report == null ? null : report.verifiedAt(),
        notListed,
        sorted);
  }

  private static RunningImage image(PodImage running, List<ReportResult> results, boolean cut) {
    var name = name(running);
    // Where only a tag was known, the digest was found when it was judged.
    var found =
        results.stream()
            .filter(r -> r.image().equals(name) || r.image().startsWith(name + "@"))
            .toList();
    return new RunningImage(
        found.isEmpty() ? name : found.getFirst().image(),
        digest(running, found),
        Verdict.of(found, cut),
        found);
  }

  private static @Nullable String digest(PodImage running, List<ReportResult> found) {
    for (var result : found) {
      if (result.digest() != null) {
        return result.digest();
      }
    }
    return running.running() == null ? null : running.running().toString();
  }

  private static String name(PodImage image) {
    try {
      return image.reference().toString();
    } catch (MalformedContentException e) {
      return Texts.cut(image.image(), 512);
    }
  }
}
