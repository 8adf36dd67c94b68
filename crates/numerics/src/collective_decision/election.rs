//! The probabilistic Condorcet election over the positions that actors hold.

use super::DecisionError;

/// Backing that every option has against every other, so that no ratio is 0/0.
const LEAST_BACKING: f64 = 1e-8;
/// Weight of staying put in the Markov chain of challengers.
const STAYING: f64 = 1e-10;
/// Change of the probabilities at which a Markov chain counts as settled.
const SETTLED: f64 = 1e-14;
/// Steps of a Markov chain at most.
const STEPS: usize = 100_000;
/// Positions nearer than this are one option.
const SAME_POSITION: f64 = 1e-4;

/// How pairwise victories become probabilities of options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Advance {
    /// Probability that an option beats every other, given that one does.
    #[default]
    Conditional,
    /// A favourite meets challengers drawn with equal chances until probabilities settle.
    MarkovUniform,
    /// A favourite meets challengers drawn by what their backers have to gain.
    MarkovIncentive,
}

/// How the backing of two options becomes the probability that one beats the other: `a^k / (a^k + b^k)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Victory {
    /// `k = 1`.
    #[default]
    Linear,
    /// `k = 2`.
    Square,
    /// `k = 4`.
    Quartic,
}

/// Actors in `dimensions`; positions and saliences are `[actor][dimension]` in one slice.
#[derive(Clone, Copy, Debug)]
pub struct Actors<'a> {
    position: &'a [f64],
    salience: &'a [f64],
    capability: &'a [f64],
    dimensions: usize,
}

impl<'a> Actors<'a> {
    /// Actors at `position` in `[0, 1]`, with `salience` in `[0, 1]` (not all 0 for an actor) and `capability` above 0.
    ///
    /// # Errors
    /// Fewer than two actors, lengths that differ, numbers outside their domains.
    pub fn new(position: &'a [f64], salience: &'a [f64], capability: &'a [f64], dimensions: usize) -> Result<Self, DecisionError> {
        if capability.len() < 2 || dimensions == 0 {
            return Err(DecisionError::TooFew(2));
        }
        let expected = capability.len() * dimensions;
        for (what, list) in [("position", position), ("salience", salience)] {
            if list.len() != expected {
                return Err(DecisionError::Length { what, expected, given: list.len() });
            }
            if let Some(i) = list.iter().position(|x| !(0.0..=1.0).contains(x)) {
                return Err(DecisionError::Domain { what, actor: i / dimensions, value: list[i], domain: "from 0 to 1" });
            }
        }
        if let Some(actor) = capability.iter().position(|c| !(*c > 0.0 && c.is_finite())) {
            return Err(DecisionError::Domain { what: "capability", actor, value: capability[actor], domain: "finite and above 0" });
        }
        if let Some(actor) = salience.chunks(dimensions).position(|s| s.iter().all(|x| *x == 0.0)) {
            return Err(DecisionError::Domain { what: "salience", actor, value: 0.0, domain: "above 0 in some dimension" });
        }
        Ok(Self { position, salience, capability, dimensions })
    }

    /// Number of actors.
    pub fn len(&self) -> usize {
        self.capability.len()
    }

    /// Whether there is none; never true of checked actors.
    pub fn is_empty(&self) -> bool {
        self.capability.is_empty()
    }

    /// The first actor at each distinct position.
    pub fn options(&self) -> Vec<usize> {
        let at = |i: usize| &self.position[i * self.dimensions..][..self.dimensions];
        let apart = |i: usize, j: usize| at(i).iter().zip(at(j)).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt() >= SAME_POSITION;
        (0..self.len()).filter(|&i| (0..i).all(|j| apart(i, j))).collect()
    }
}

/// Distances of actors from positions, weighted by salience: `sqrt(sum (s (x_k - x_a))^2 / sum s^2)`, `[actor][position]`.
pub fn distances(actors: &Actors<'_>) -> Vec<f64> {
    let (n, dims) = (actors.len(), actors.dimensions);
    let mut distance = vec![0.0; n * n];
    for k in 0..n {
        let salience = &actors.salience[k * dims..][..dims];
        let norm: f64 = salience.iter().map(|s| s * s).sum();
        for a in 0..n {
            let gap = |d: usize| (actors.position[k * dims + d] - actors.position[a * dims + d]) * salience[d];
            distance[k * n + a] = ((0..dims).map(|d| gap(d) * gap(d)).sum::<f64>() / norm).sqrt();
        }
    }
    distance
}

/// Utility of a position at a distance, for risk attitude `risk` in `[-1, 1]` (KTAB's bilinear-square form): `(1 - d)(1 + d risk)` up to 1,
/// `(1 - d)(1 + risk)` beyond.
fn utility(distance: f64, risk: f64) -> f64 {
    (1.0 - distance) * (1.0 + distance.min(1.0) * risk)
}

/// How the election is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Election {
    /// How pairwise victories become probabilities.
    pub advance: Advance,
    /// How backing becomes a pairwise victory.
    pub victory: Victory,
}

/// What the election gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Risk attitudes of the actors, from how likely their own positions are to win among risk-neutral actors.
    pub risk: Vec<f64>,
    /// The options: the first actor at each distinct position.
    pub options: Vec<usize>,
    /// Probability that each option wins.
    pub probability: Vec<f64>,
    /// The same as each actor sees it, who thinks the others a third as different from itself as they are: `[observer][option]`.
    pub by_observer: Vec<Vec<f64>>,
}

impl Election {
    /// Holds the election: once among risk-neutral actors for the risk attitudes, then over the distinct positions.
    pub fn hold(self, actors: &Actors<'_>) -> Outcome {
        let n = actors.len();
        let distance = distances(actors);
        let everywhere: Vec<usize> = (0..n).collect();
        let neutral = self.over(&everywhere, &distance, actors.capability, &vec![0.0; n]);
        let (high, low) = neutral.iter().fold((f64::NEG_INFINITY, f64::INFINITY), |(h, l), &p| (h.max(p), l.min(p)));
        let attitude = |p: f64| if high > low { (3.0 * p - (high + 2.0 * low)) / (2.0 * (high - low)) } else { 0.0 };
        let risk: Vec<f64> = neutral.iter().map(|&p| attitude(p)).collect();
        let options = actors.options();
        let probability = self.over(&options, &distance, actors.capability, &risk);
        let seen_by = |h: usize| risk.iter().map(|r| (2.0 * risk[h] + r) / 3.0).collect::<Vec<_>>();
        let by_observer = (0..n).map(|h| self.over(&options, &distance, actors.capability, &seen_by(h))).collect();
        Outcome { risk, options, probability, by_observer }
    }

    fn over(self, options: &[usize], distance: &[f64], capability: &[f64], risk: &[f64]) -> Vec<f64> {
        let n = capability.len();
        let mut worth = Vec::with_capacity(n * options.len());
        for k in 0..n {
            worth.extend(options.iter().map(|&a| utility(distance[k * n + a], risk[k])));
        }
        win_probabilities(self, &worth, capability, options.len())
    }
}

/// Probabilities that options win, from `worth[actor][option]` and what each actor weighs; actors back an option in proportion to what it
/// gains them over the other.
pub fn win_probabilities(election: Election, worth: &[f64], capability: &[f64], options: usize) -> Vec<f64> {
    let m = options;
    let mut backing = vec![LEAST_BACKING; m * m];
    for (k, own) in worth.chunks_exact(m).enumerate() {
        for i in 0..m {
            for j in (0..m).filter(|&j| j != i) {
                backing[i * m + j] += (capability[k] * (own[i] - own[j])).max(0.0);
            }
        }
    }
    let mut beats = vec![0.5; m * m];
    for i in 0..m {
        for j in (0..m).filter(|&j| j != i) {
            let (a, b) = (strength(backing[i * m + j], election.victory), strength(backing[j * m + i], election.victory));
            beats[i * m + j] = a / (a + b);
        }
    }
    let mut p = match election.advance {
        Advance::Conditional => (0..m).map(|i| beats[i * m..][..m].iter().product()).collect(),
        Advance::MarkovUniform => settle(m, &beats, |_, _| 1.0 / m as f64),
        Advance::MarkovIncentive => {
            let incentive = |i: usize, j: usize| backing[i * m + j] * beats[i * m + j] + if i == j { STAYING } else { 0.0 };
            let totals: Vec<f64> = (0..m).map(|j| (0..m).map(|i| incentive(i, j)).sum()).collect();
            settle(m, &beats, |challenger, favourite| incentive(challenger, favourite) / totals[favourite])
        }
    };
    let total: f64 = p.iter().sum();
    p.iter_mut().for_each(|x| *x /= total);
    p
}

fn strength(backing: f64, victory: Victory) -> f64 {
    let square = backing * backing;
    match victory {
        Victory::Linear => backing,
        Victory::Square => square,
        Victory::Quartic => square * square,
    }
}

/// Settled probabilities of being the favourite, where `drawn(i, j)` is the chance that `i` challenges the favourite `j`; damped by half.
fn settle(m: usize, beats: &[f64], drawn: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let chances: Vec<f64> = (0..m * m).map(|c| drawn(c / m, c % m)).collect();
    let mut p = vec![1.0 / m as f64; m];
    let mut q = p.clone();
    for _ in 0..STEPS {
        let mut moved = 0.0_f64;
        for i in 0..m {
            q[i] = (0..m).map(|j| beats[i * m + j] * (p[i] * chances[j * m + i] + p[j] * chances[i * m + j])).sum();
            moved = moved.max((q[i] - p[i]).abs());
        }
        p.iter_mut().zip(&q).for_each(|(p, q)| *p = 0.5 * (*p + q));
        if moved < SETTLED {
            break;
        }
    }
    p
}
