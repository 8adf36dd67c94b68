//! One round of the expected-utility model of Bueno de Mesquita, in two published readings.
//!
//! The two public replications of the model disagree with each other and with the tables of the papers; both are given here by name, and
//! nothing more is claimed than agreement with them. The status quo is taken to persist if an actor does not challenge (`Q = 1`).

use oxus_math::pow;

use super::DecisionError;

/// Which reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Scholz, Calbert and Smith (2011): utilities with each actor's risk exponent, every expectation as the perceiving actor sees it; of the
    /// offers, confrontation comes before compromise before capitulation.
    Perceived,
    /// Expectations with each actor's own exponent; an actor answers the challenger that expects most.
    Own,
}

/// How an actor responds to a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Both expect to gain, the challenger more.
    Confrontation,
    /// The actor expects to lose less than the challenger to gain: it gives way in part.
    Compromise,
    /// The actor expects to lose more: it gives way.
    Capitulation,
}

/// One actor's change of position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// Who moves.
    pub actor: usize,
    /// Towards whom.
    pub towards: usize,
    /// Why.
    pub response: Response,
    /// What the mover expects from challenging.
    pub expects: f64,
    /// What the other expects from challenging the mover.
    pub other_expects: f64,
    /// Where it ends.
    pub position: f64,
}

/// What a round gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    /// Positions after the round.
    pub position: Vec<f64>,
    /// Risk exponents, 1/2 (acceptant) to 2 (averse).
    pub risk: Vec<f64>,
    /// Probability that `i` succeeds against `j`, `[i][j]`.
    pub success: Vec<f64>,
    /// Moves, by actor.
    pub moves: Vec<Move>,
}

/// Plays a round from `position`; `range` is the width of the issue at the start of the first round.
///
/// # Errors
/// Fewer than two actors, lengths that differ, numbers that are not finite, capabilities or saliences that are negative, no width.
pub fn expected_utility_round(reading: Reading, position: &[f64], capability: &[f64], salience: &[f64], range: f64) -> Result<Round, DecisionError> {
    let n = position.len();
    if n < 2 {
        return Err(DecisionError::TooFew(2));
    }
    for (what, list) in [("capability", capability), ("salience", salience)] {
        if list.len() != n {
            return Err(DecisionError::Length { what, expected: n, given: list.len() });
        }
        if let Some(actor) = list.iter().position(|x| !(*x >= 0.0 && x.is_finite())) {
            return Err(DecisionError::Domain { what, actor, value: list[actor], domain: "finite and at least 0" });
        }
    }
    if let Some(actor) = position.iter().position(|x| !x.is_finite()) {
        return Err(DecisionError::Domain { what: "position", actor, value: position[actor], domain: "finite" });
    }
    let (low, high) = position.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
    if !(range.is_finite() && range > 0.0) || high <= low {
        return Err(DecisionError::NoDispute);
    }
    // a round keeps positions within their hull; a width below it would leave the domain of the utilities
    let range = range.max(high - low);
    let issue = Issue { position, capability, salience, range };
    Ok(match reading {
        Reading::Perceived => issue.perceived(),
        Reading::Own => issue.own(),
    })
}

struct Issue<'a> {
    position: &'a [f64],
    capability: &'a [f64],
    salience: &'a [f64],
    range: f64,
}

impl Issue<'_> {
    fn n(&self) -> usize {
        self.position.len()
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        (self.position[a] - self.position[b]).abs() / self.range
    }

    /// Support of third parties: a gain in utility of `i`'s position over `j`'s, with each party's exponent; over the sum for all pairs.
    fn success_of_all(&self, risk: &[f64]) -> Vec<f64> {
        let n = self.n();
        let mut support = vec![0.0; n * n];
        let mut total = 0.0;
        for k in 0..n {
            let weight = self.capability[k] * self.salience[k];
            let lost: Vec<f64> = (0..n).map(|a| pow(self.distance(k, a), risk[k])).collect();
            for i in 0..n {
                for j in 0..n {
                    let gain = weight * (lost[j] - lost[i]);
                    support[i * n + j] += gain.max(0.0);
                    total += gain.abs();
                }
            }
        }
        self.between_different(|i, j| support[i * n + j] / total)
    }

    /// Support of third parties for each pair: net support over the sum of all support.
    fn success_of_pairs(&self) -> Vec<f64> {
        let gain = |k: usize, i: usize, j: usize| {
            let (x, w) = (self.position, self.capability[k] * self.salience[k]);
            w * ((x[k] - x[j]).abs() - (x[k] - x[i]).abs())
        };
        self.between_different(|i, j| {
            let (mut net, mut gross) = (0.0, 0.0);
            for k in 0..self.n() {
                net += gain(k, i, j);
                gross += gain(k, i, j).abs();
            }
            if gross > 0.0 { net.max(0.0) / gross } else { 0.0 }
        })
    }

    fn between_different(&self, of: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        let n = self.n();
        (0..n * n).map(|c| if self.position[c / n] == self.position[c % n] { 0.0 } else { of(c / n, c % n) }).collect()
    }

    /// What `i` expects from challenging `j` with exponent `r`: success and failure if `j` resists (salience), success if not, less the
    /// status quo.
    fn expects(&self, i: usize, j: usize, success: f64, r: f64) -> f64 {
        let d = self.distance(i, j);
        let win = 2.0 - 4.0 * pow((0.5 - 0.5 * d).max(0.0), r);
        let lose = 2.0 - 4.0 * pow(0.5 + 0.5 * d, r);
        let stay = 2.0 - 4.0 * pow(0.5, r);
        let s = self.salience[j];
        s * (success * win + (1.0 - success) * lose) + (1.0 - s) * win - stay
    }

    /// Risk exponents from security: how much the others expect from challenging an actor.
    fn exponents(&self, success: &[f64]) -> Vec<f64> {
        let n = self.n();
        let threat = |j: usize| (0..n).filter(|&i| i != j).map(|i| self.expects(i, j, success[i * n + j], 1.0)).sum::<f64>();
        let threats: Vec<f64> = (0..n).map(threat).collect();
        let (low, high) = threats.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &t| (l.min(t), h.max(t)));
        let relative = |t: f64| if high > low { (2.0 * t - high - low) / (high - low) } else { 0.0 };
        threats.iter().map(|&t| (1.0 - relative(t) / 3.0) / (1.0 + relative(t) / 3.0)).collect()
    }

    fn perceived(&self) -> Round {
        let n = self.n();
        let x = self.position;
        let risk = self.exponents(&self.success_of_all(&vec![1.0; n]));
        let success = self.success_of_all(&risk);
        let mut round = Round { position: x.to_vec(), risk, success, moves: Vec::new() };
        for i in 0..n {
            // the best offer of each response: nearest for a move all the way, the smallest weighted middle for a compromise
            let mut best: [Option<(f64, Move)>; 3] = [None; 3];
            for j in (0..n).filter(|&j| x[j] != x[i]) {
                let a = self.expects(i, j, round.success[i * n + j], round.risk[i]);
                let b = self.expects(j, i, round.success[j * n + i], round.risk[i]);
                let Some(response) = perceived_response(a, b) else { continue };
                let (position, key) = match response {
                    Response::Compromise => (x[i] + (x[j] - x[i]) * (a / b).abs(), (a.abs() * x[i] + b.abs() * x[j]) / (a.abs() + b.abs())),
                    Response::Confrontation | Response::Capitulation => (x[j], (x[i] - x[j]).abs()),
                };
                let slot = &mut best[response as usize];
                if slot.is_none_or(|(other, _)| key < other) {
                    *slot = Some((key, Move { actor: i, towards: j, response, expects: a, other_expects: b, position }));
                }
            }
            if let Some((_, chosen)) = best.into_iter().flatten().next() {
                round.position[i] = chosen.position;
                round.moves.push(chosen);
            }
        }
        round
    }

    fn own(&self) -> Round {
        let n = self.n();
        let x = self.position;
        let success = self.success_of_pairs();
        let risk = self.exponents(&success);
        let mut round = Round { position: x.to_vec(), risk, success, moves: Vec::new() };
        let expects = |i: usize, j: usize, round: &Round| if i == j { -1.0 } else { self.expects(i, j, round.success[i * n + j], round.risk[i]) };
        for i in 0..n {
            let mut best: Option<(f64, f64, usize)> = None;
            for j in (0..n).filter(|&j| j != i) {
                let b = expects(j, i, &round);
                let gap = (x[i] - x[j]).abs();
                if b > 0.0 && best.is_none_or(|(top, near, _)| b > top || (b == top && gap < near)) {
                    best = Some((b, gap, j));
                }
            }
            let Some((b, _, j)) = best else { continue };
            let a = expects(i, j, &round);
            let (response, position) = if 0.0 < a && a < b {
                (Response::Confrontation, x[j])
            } else if a < 0.0 && a.abs() < b {
                (Response::Compromise, x[i] + (x[j] - x[i]) * (a / b).abs())
            } else if a < 0.0 && a.abs() > b {
                (Response::Capitulation, x[j])
            } else {
                continue;
            };
            round.position[i] = position;
            round.moves.push(Move { actor: i, towards: j, response, expects: a, other_expects: b, position });
        }
        round
    }
}

/// The response to `b`, what the other expects from challenging, by one who expects `a`. In the published code the condition for
/// capitulation contradicts the one for compromise, so that it never holds; it is left out.
fn perceived_response(a: f64, b: f64) -> Option<Response> {
    if b > a && a > 0.0 {
        Some(Response::Confrontation)
    } else if b > 0.0 && 0.0 > a && b > a.abs() {
        Some(Response::Compromise)
    } else {
        None
    }
}
