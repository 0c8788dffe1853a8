package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"melek/handlers"
)

// metrics are what Prometheus reads: answers by route, and the state of the process. They name no person.
type metrics struct {
	registry *prometheus.Registry
	answers  *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// offerMetrics opens the listener that the settings name and returns what is to be told of each answer;
// without one both are nil.
func (c *listenSettings) offerMetrics(ctx context.Context) (observe handlers.Observer, err error) {
	if c.Metrics == "" {
		return nil, nil //nolint:nilnil // nobody asks for metrics
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Metrics)
	if err != nil {
		return nil, wrong("MELEK_METRICS (--metrics)", c.Metrics, "a free address such as 127.0.0.1:9100")
	}
	m := newMetrics()
	go m.serve(ctx, listener)
	slog.Info("metrics", "address", listener.Addr().String())
	return m.observe, nil
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "melek_http_answers_total",
			Help: "Requests answered, by method, route and status."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "melek_http_answer_seconds",
			Help:    "Time from a request's first middleware to its answer, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
	}
	m.registry.MustRegister(m.answers, m.seconds, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// observe counts one answer. A route is its pattern, so that the number of series is bounded.
func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.answers.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// serve answers GET /metrics on a listener of its own, which the public does not reach, until the context
// ends.
func (m *metrics) serve(ctx context.Context, listener net.Listener) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadTimeout: stopPatience, WriteTimeout: stopPatience}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		slog.Error("metrics ended", "error", err)
	}
}
