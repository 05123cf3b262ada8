package io.tributary.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tributary.wire.WireMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/** The node's meters. Names are Prometheus's, under {@code tributary_}. */
public final class NodeMetrics implements WireMetrics, AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Map<ApiKeys, ApiMeters> apis = new EnumMap<>(ApiKeys.class);

  public NodeMetrics() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    for (ApiKeys api : ApiKeys.clientApis()) {
      apis.put(api, ApiMeters.of(registry, api));
    }
  }

  private record ApiMeters(
      Timer latency, DistributionSummary requestBytes, DistributionSummary answerBytes) {
    static ApiMeters of(MeterRegistry registry, ApiKeys api) {
      return new ApiMeters(
          Timer.builder("tributary.request.latency")
              .description("From the last byte of a request to its answer.")
              .tag("api", api.name)
              .register(registry),
          DistributionSummary.builder("tributary.request.bytes")
              .baseUnit("bytes")
              .tag("api", api.name)
              .register(registry),
          DistributionSummary.builder("tributary.answer.bytes")
              .baseUnit("bytes")
              .tag("api", api.name)
              .register(registry));
    }
  }

  /** A figure that is asked for when somebody looks. */
  public void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** In Prometheus's text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void requestDone(ApiKeys api, RequestFigures figures) {
    ApiMeters meters = apis.get(api);
    if (meters != null) {
      meters.latency().record(figures.latencyNanos(), TimeUnit.NANOSECONDS);
      meters.requestBytes().record(figures.requestBytes());
      meters.answerBytes().record(figures.answerBytes());
    }
  }

  @Override
  public void connectionRefused(String reason) {
    Counter.builder("tributary.connections.refused")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  @Override
  public void requestRefused(String reason) {
    Counter.builder("tributary.requests.refused")
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  @Override
  public void close() {
    garbageCollection.close();
    registry.close();
  }
}
