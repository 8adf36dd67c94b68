//! The decaying sums that carry the past of a process with exponential kernels.
//!
//! For each source j, with the sum over its events strictly before t: `R = sum e`, `S = sum (t-t_k) e`, `Q = sum (t-t_k)^2 e`, where
//! `e = exp(-beta (t - t_k))`. Instead of decaying all sources at every event, the sums are held relative to an origin o close to t:
//! `R(t) = exp(-beta (t-o)) sum exp(beta (t_k-o))`, so that an event changes one source only, in O(1). The origin moves when the
//! factor has fallen to exp(-REACH).

use oxus_math::exp;

use super::Events;

/// Decay times after which the origin moves; exp(±50) keeps all digits, and (t-o)² loses three of them at most.
const REACH: f64 = 50.0;

oxus_math::dispatch! {
    /// Replaces offsets from the origin by the decay since it.
    fn decays(scale: &mut [f64], offset: &[f64], decay: f64) {
        for (scale, &offset) in scale.iter_mut().zip(offset) {
            *scale = exp(-decay * offset);
        }
    }
}

/// The sums of all sources, walked forward event by event.
pub(super) struct Traces<'a> {
    events: &'a Events<'a>,
    decay: f64,
    /// Time of each event since its origin, and the decay over it.
    offset: Vec<f64>,
    scale: Vec<f64>,
    /// Events that begin a new origin, with the time since the last origin.
    moves: Vec<(usize, f64)>,
    next_move: usize,
    origin: f64,
    /// Events whose excitation is in the sums.
    absorbed: usize,
    /// `sum exp(beta (t_k - o))` of each source.
    pub(super) zeroth: Vec<f64>,
    /// The same with weights `t_k - o`.
    pub(super) first: Vec<f64>,
    /// The same with weights `(t_k - o)^2`.
    pub(super) second: Vec<f64>,
}

/// Where the walk stands: decay and time since the origin.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) scale: f64,
    pub(super) offset: f64,
}

/// R, S and Q of one source.
pub(super) struct Sums {
    pub(super) r: f64,
    pub(super) s: f64,
    pub(super) q: f64,
}

impl<'a> Traces<'a> {
    pub(super) fn new(events: &'a Events<'a>, decay: f64) -> Self {
        let n = events.len();
        let mut offset = Vec::with_capacity(n);
        let mut moves = Vec::new();
        let mut origin = 0.0;
        for (k, &time) in events.times.iter().enumerate() {
            if (time - origin) * decay > REACH {
                moves.push((k, time - origin));
                origin = time;
            }
            offset.push(time - origin);
        }
        let mut scale = vec![0.0; n];
        decays(&mut scale, &offset, decay);
        Traces {
            events,
            decay,
            offset,
            scale,
            moves,
            next_move: 0,
            origin: 0.0,
            absorbed: 0,
            zeroth: vec![0.0; events.dimension],
            first: vec![0.0; events.dimension],
            second: vec![0.0; events.dimension],
        }
    }

    /// Walks to just before event `k`: absorbs all events strictly earlier. `added(source, weight)` is told of each, and `moved(factor)` of
    /// each change of origin, by which all weights so far are multiplied.
    pub(super) fn walk_to(&mut self, k: usize, mut added: impl FnMut(usize, f64), mut moved: impl FnMut(f64)) -> Moment {
        while self.absorbed < k && self.events.times[self.absorbed] < self.events.times[k] {
            let (source, weight) = self.absorb();
            added(source, weight);
        }
        if let Some(&(event, distance)) = self.moves.get(self.next_move)
            && event == k
        {
            self.next_move += 1;
            moved(self.move_origin(distance));
        }
        Moment { scale: self.scale[k], offset: self.offset[k] }
    }

    /// Walks to the end of the window.
    pub(super) fn walk_to_end(&mut self) -> Moment {
        while self.absorbed < self.events.len() {
            self.absorb();
        }
        let offset = self.events.horizon - self.origin;
        Moment { scale: exp(-self.decay * offset), offset }
    }

    #[inline]
    fn absorb(&mut self) -> (usize, f64) {
        let k = self.absorbed;
        self.absorbed += 1;
        let (source, offset, weight) = (self.events.components[k], self.offset[k], 1.0 / self.scale[k]);
        self.zeroth[source] += weight;
        self.first[source] += weight * offset;
        self.second[source] += weight * offset * offset;
        (source, weight)
    }

    fn move_origin(&mut self, distance: f64) -> f64 {
        self.origin += distance;
        let factor = exp(-self.decay * distance);
        for j in 0..self.zeroth.len() {
            let (z, f, s) = (self.zeroth[j], self.first[j], self.second[j]);
            self.zeroth[j] = factor * z;
            self.first[j] = factor * (f - distance * z);
            self.second[j] = factor * (s - 2.0 * distance * f + distance * distance * z);
        }
        factor
    }

    /// R, S and Q of source `j` at a moment.
    #[inline]
    pub(super) fn sums(&self, j: usize, at: Moment) -> Sums {
        let (z, f, s, u) = (self.zeroth[j], self.first[j], self.second[j], at.offset);
        Sums { r: at.scale * z, s: at.scale * (u * z - f), q: at.scale * (u * u * z - 2.0 * u * f + s) }
    }
}
