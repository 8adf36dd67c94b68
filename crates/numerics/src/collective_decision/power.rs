//! Power indices of weighted voting games, as exact fractions.

use super::DecisionError;

/// Most players: up to here the least common multiple of 1..=n, the common denominator of the Shapley-Shubik index, fits in 128 bits.
pub(super) const MOST_PLAYERS: usize = 80;
/// Most cells of the table of coalitions (times the number of players it holds 128-bit counts).
pub(super) const MOST_CELLS: u128 = 1 << 18;

/// A non-negative fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    /// Numerator.
    pub numerator: u128,
    /// Denominator, at least 1.
    pub denominator: u128,
}

impl Fraction {
    fn new(numerator: u128, denominator: u128) -> Self {
        let divisor = gcd(numerator, denominator).max(1);
        Self { numerator: numerator / divisor, denominator: (denominator / divisor).max(1) }
    }

    /// The nearest double, to within two roundings.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A game in which a coalition wins when it reaches the quota of every criterion (votes, members, population).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedGame {
    /// `weights[criterion][player]`.
    weights: Vec<Vec<u64>>,
    /// Quota of each criterion: a coalition with this weight or more passes it.
    quotas: Vec<u64>,
    players: usize,
    cells: usize,
}

/// The indices of a game; vectors have one entry a player.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PowerIndices {
    /// Winning coalitions.
    pub winning: u128,
    /// Coalitions of the others that lose without the player and win with it.
    pub swings: Vec<u128>,
    /// Banzhaf (Penrose) absolute: swings over coalitions of the others.
    pub banzhaf: Vec<Fraction>,
    /// Banzhaf normalised: share of all swings.
    pub banzhaf_normalised: Vec<Fraction>,
    /// Shapley-Shubik: share of orderings in which the player is pivotal.
    pub shapley_shubik: Vec<Fraction>,
    /// Coleman's power of the collectivity to act: winning coalitions over all.
    pub power_to_act: Fraction,
    /// Coleman's power of a member to prevent action: swings over winning coalitions.
    pub power_to_prevent: Vec<Fraction>,
    /// Coleman's power of a member to initiate action: swings over losing coalitions.
    pub power_to_initiate: Vec<Fraction>,
}

impl WeightedGame {
    /// A game of `weights[criterion][player]` with one quota a criterion.
    ///
    /// # Errors
    /// Lengths that differ, no player, more than 80 players, a quota of 0 or above the sum of its weights, quotas too large for the table.
    pub fn new(weights: Vec<Vec<u64>>, quotas: Vec<u64>) -> Result<Self, DecisionError> {
        let players = weights.first().map_or(0, Vec::len);
        if players == 0 {
            return Err(DecisionError::TooFew(1));
        }
        if players > MOST_PLAYERS {
            return Err(DecisionError::TooManyPlayers(players));
        }
        if quotas.len() != weights.len() {
            return Err(DecisionError::Length { what: "quotas", expected: weights.len(), given: quotas.len() });
        }
        let mut cells = 1_u128;
        for (criterion, (list, &quota)) in weights.iter().zip(&quotas).enumerate() {
            if list.len() != players {
                return Err(DecisionError::Length { what: "weights", expected: players, given: list.len() });
            }
            let sum = list.iter().fold(0_u64, |a, b| a.saturating_add(*b));
            if quota == 0 || quota > sum {
                return Err(DecisionError::Quota { criterion, quota, sum });
            }
            cells = cells.saturating_mul(u128::from(quota) + 1);
        }
        if cells > MOST_CELLS {
            return Err(DecisionError::TooManyCells(cells));
        }
        Ok(Self { weights, quotas, players, cells: cells as usize })
    }

    /// The game of unanimity: every one of `players` members must agree.
    ///
    /// # Errors
    /// No player, or more than 80.
    pub fn consensus(players: usize) -> Result<Self, DecisionError> {
        Self::new(vec![vec![1; players]], vec![players as u64])
    }

    /// All indices, exact: coalitions are counted by size and weight (generating functions, Brams and Affuso 1976), sums held at the quota.
    pub fn indices(&self) -> PowerIndices {
        let n = self.players;
        let all = self.coalitions(None);
        let top = self.cells - 1;
        let winning: u128 = all.iter().map(|row| row[top]).sum();
        let losing = (1_u128 << n) - winning;
        let multiple = least_common_multiple(n as u128);
        let mut found: Vec<(usize, u128, Fraction)> = Vec::with_capacity(n);
        for player in 0..n {
            let twin = (0..player).find(|&other| self.weights.iter().all(|list| list[other] == list[player]));
            let (swings, pivots) = match twin {
                Some(other) => (found[other].1, found[other].2),
                None => self.swings(player, multiple),
            };
            found.push((player, swings, pivots));
        }
        let swings: Vec<u128> = found.iter().map(|f| f.1).collect();
        let total: u128 = swings.iter().sum();
        let over = |denominator: u128| swings.iter().map(|&s| Fraction::new(s, denominator)).collect::<Vec<_>>();
        PowerIndices {
            winning,
            banzhaf: over(1_u128 << (n - 1)),
            banzhaf_normalised: over(total),
            shapley_shubik: found.iter().map(|f| f.2).collect(),
            power_to_act: Fraction::new(winning, 1_u128 << n),
            power_to_prevent: over(winning),
            power_to_initiate: over(losing),
            swings,
        }
    }

    /// Swings of a player, and the share of orderings in which it is pivotal: `sum_k swings_k / (n C(n-1, k))`, over `multiple`.
    fn swings(&self, player: usize, multiple: u128) -> (u128, Fraction) {
        let n = self.players;
        let others = self.coalitions(Some(player));
        let swinging: Vec<bool> = (0..self.cells).map(|cell| cell != self.cells - 1 && self.with(cell, player) == self.cells - 1).collect();
        let (mut swings, mut pivots, mut binomial) = (0, 0, 1_u128);
        for (size, row) in others.iter().enumerate().take(n) {
            let here: u128 = row.iter().zip(&swinging).filter(|(_, s)| **s).map(|(count, _)| count).sum();
            swings += here;
            // n C(n-1, k) divides lcm(1..=n), so nothing is rounded
            pivots += here * (multiple / (n as u128 * binomial));
            binomial = binomial * (n - 1 - size) as u128 / (size as u128 + 1);
        }
        (swings, Fraction::new(pivots, multiple))
    }

    /// Coalitions without `left_out` by size and cell.
    fn coalitions(&self, left_out: Option<usize>) -> Vec<Vec<u128>> {
        let mut counts = vec![vec![0_u128; self.cells]; self.players + 1];
        counts[0][0] = 1;
        for (joined, player) in (0..self.players).filter(|p| Some(*p) != left_out).enumerate() {
            let next: Vec<usize> = (0..self.cells).map(|cell| self.with(cell, player)).collect();
            for size in (0..=joined).rev() {
                let (low, high) = counts.split_at_mut(size + 1);
                for (cell, &count) in low[size].iter().enumerate().filter(|(_, count)| **count > 0) {
                    high[0][next[cell]] += count;
                }
            }
        }
        counts
    }

    /// The cell reached from a cell when a player joins; a sum stops at its quota, so that the last cell is winning.
    fn with(&self, mut cell: usize, player: usize) -> usize {
        let (mut stride, mut reached) = (1, 0);
        for (list, &quota) in self.weights.iter().zip(&self.quotas) {
            let width = quota as usize + 1;
            let sum = (cell % width) as u64;
            reached += stride * sum.saturating_add(list[player]).min(quota) as usize;
            cell /= width;
            stride *= width;
        }
        reached
    }
}

fn least_common_multiple(n: u128) -> u128 {
    (1..=n).fold(1, |multiple, k| multiple / gcd(multiple, k) * k)
}
