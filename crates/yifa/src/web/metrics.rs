//! What is counted of a running site, as Prometheus reads it: by address pattern, never by record or person (指标).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::routes::{Method, Route};
use super::site::lock;
use crate::append::Receipts;

/// The upper bounds of the histogram, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// What was seen of one address.
#[derive(Default)]
struct Seen {
    /// By status.
    answers: BTreeMap<u16, u64>,
    /// Within each bound and not within the one before.
    within: [u64; BOUNDS.len()],
    micros: u64,
}

/// The counters of a site.
#[derive(Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(&'static str, &'static str), Seen>>,
    appended: AtomicU64,
    refused: AtomicU64,
}

/// A number that is measured when somebody asks.
pub struct Gauge {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// Now.
    pub value: u64,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, route: &Route, status: u16, micros: u64) {
        let method = if route.method == Method::Get { "GET" } else { "POST" };
        let mut routes = lock(&self.routes);
        let seen = routes.entry((route.path, method)).or_default();
        *seen.answers.entry(status).or_default() += 1;
        seen.micros += micros;
        let seconds = micros as f64 / 1e6;
        if let Some(nth) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            seen.within[nth] += 1;
        }
    }

    /// A job came back from the writer.
    pub fn appended(&self, receipts: &Receipts) {
        match receipts {
            Ok(all) => {
                let added = all.iter().filter(|receipt| !receipt.known).count() as u64;
                self.appended.fetch_add(added, Ordering::Relaxed)
            }
            Err(_) => self.refused.fetch_add(1, Ordering::Relaxed),
        };
    }

    /// All of it in the text format of Prometheus.
    pub fn text(&self, gauges: &[Gauge]) -> String {
        // Writing into a String cannot fail.
        let mut out = String::new();
        let _ = writeln!(out, "# HELP yifa_requests_total Answers by address pattern, method and status.");
        let _ = writeln!(out, "# TYPE yifa_requests_total counter");
        let routes = lock(&self.routes);
        for ((path, method), seen) in routes.iter() {
            for (status, count) in &seen.answers {
                let labels = format!("route=\"{path}\",method=\"{method}\",status=\"{status}\"");
                let _ = writeln!(out, "yifa_requests_total{{{labels}}} {count}");
            }
        }
        let _ = writeln!(out, "# HELP yifa_request_seconds Time from the head of a request to its answer.");
        let _ = writeln!(out, "# TYPE yifa_request_seconds histogram");
        for ((path, method), seen) in routes.iter() {
            let labels = format!("route=\"{path}\",method=\"{method}\"");
            let mut within = 0;
            for (bound, count) in BOUNDS.iter().zip(seen.within) {
                within += count;
                let _ = writeln!(out, "yifa_request_seconds_bucket{{{labels},le=\"{bound}\"}} {within}");
            }
            let all: u64 = seen.answers.values().sum();
            let _ = writeln!(out, "yifa_request_seconds_bucket{{{labels},le=\"+Inf\"}} {all}");
            let _ = writeln!(out, "yifa_request_seconds_sum{{{labels}}} {}", seen.micros as f64 / 1e6);
            let _ = writeln!(out, "yifa_request_seconds_count{{{labels}}} {all}");
        }
        for (name, help, value) in [
            ("yifa_entries_appended_total", "Entries added since the start.", &self.appended),
            ("yifa_appends_refused_total", "Jobs the writer refused since the start.", &self.refused),
        ] {
            let value = value.load(Ordering::Relaxed);
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}");
        }
        for Gauge { name, help, value } in gauges {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
        out
    }
}
