//! The linear form of the likelihood at a fixed decay: intensities are `features x (mu_i, A_i1, ..., A_iD)`.

use super::{Events, traces::Traces};

/// Regressors of every event, grouped by receiver, with their first two derivatives by the decay.
///
/// Row (1, x_1, ..., x_D) of an event has `x_j = beta R_j`; so `dx/dbeta = R - beta S` and `d2x/dbeta2 = -2 S + beta Q`.
/// The compensator of receiver i is `totals x (mu_i, A_i)` with totals (T, N_j - R_j(T)).
/// Memory: 3 x events x (components + 1) numbers.
pub(super) struct Design {
    /// Length of a row, components + 1.
    pub(super) width: usize,
    /// Rows of receiver i are `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    features: Vec<f64>,
    slopes: Vec<f64>,
    curvatures: Vec<f64>,
    pub(super) totals: Vec<f64>,
    pub(super) total_slopes: Vec<f64>,
    pub(super) total_curvatures: Vec<f64>,
}

impl Design {
    pub(super) fn new(events: &Events, decay: f64) -> Self {
        let (n, width) = (events.len(), events.dimension + 1);
        let counts = events.counts();
        let mut starts = vec![0];
        for count in &counts {
            starts.push(starts[starts.len() - 1] + count);
        }
        let mut design = Design {
            width,
            starts: starts.clone(),
            features: vec![0.0; n * width],
            slopes: vec![0.0; n * width],
            curvatures: vec![0.0; n * width],
            totals: vec![events.horizon; width],
            total_slopes: vec![0.0; width],
            total_curvatures: vec![0.0; width],
        };
        let mut traces = Traces::new(events, decay);
        for k in 0..n {
            let at = traces.walk_to(k, |_, _| (), |_| ());
            let row = &mut starts[events.components[k]];
            let base = *row * width;
            *row += 1;
            design.features[base] = 1.0;
            for j in 1..width {
                let past = traces.sums(j - 1, at);
                design.features[base + j] = decay * past.r;
                design.slopes[base + j] = past.r - decay * past.s;
                design.curvatures[base + j] = decay * past.q - 2.0 * past.s;
            }
        }
        let end = traces.walk_to_end();
        for j in 1..width {
            let last = traces.sums(j - 1, end);
            design.totals[j] = counts[j - 1] as f64 - last.r;
            design.total_slopes[j] = last.s;
            design.total_curvatures[j] = -last.q;
        }
        design
    }

    fn rows<'a>(&self, table: &'a [f64], receiver: usize) -> &'a [f64] {
        &table[self.starts[receiver] * self.width..self.starts[receiver + 1] * self.width]
    }

    pub(super) fn features(&self, receiver: usize) -> &[f64] {
        self.rows(&self.features, receiver)
    }

    pub(super) fn slopes(&self, receiver: usize) -> &[f64] {
        self.rows(&self.slopes, receiver)
    }

    pub(super) fn curvatures(&self, receiver: usize) -> &[f64] {
        self.rows(&self.curvatures, receiver)
    }
}
