//! Exact hat algebra: factor prices that clear all markets after costs and sizes have changed, by Newton's method.

use oxus_math::ln;

use super::equilibrium::{eliminate, evaluate, exp_all, jacobian, put_numeraire, substitution_rows};
use super::lanes::Lanes;
use super::{TradeError, length, positive};

/// What happens to an economy's deficit when prices change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deficits {
    /// The amount stays, in units of the numeraire: `E'_j = y'_j + D_j`.
    Additive,
    /// The ratio of expenditure to output stays, rescaled so that the world spends what it makes.
    Multiplicative,
}

/// Newton steps before giving up; a change of costs by a factor of ten takes about ten.
const MOST_ITERATIONS: usize = 60;
/// Largest change of a log factor price in one step: far steps of Newton's method overshoot.
const LARGEST_STEP: f64 = 0.7;

/// A base of trade and the workspace of its equilibria: nothing is allocated by [`Self::solve`].
///
/// Layouts: flows, cost factors and shares `[group][from][to]`; expenditure shares, price indices `[group][to]`; all else `[economy]`.
#[derive(Clone, Debug)]
pub struct HatAlgebra<V: Lanes> {
    n: usize,
    groups: usize,
    deficits: Deficits,
    largest: usize,
    /// Residual below which a problem counts as solved (relative excess demand).
    pub tolerance: f64,
    base_shares: Vec<f64>,
    spending_shares: Vec<f64>,
    output: Vec<f64>,
    expenditure: Vec<f64>,
    theta: Vec<V>,
    cost_factors: Vec<V>,
    sizes: Vec<V>,
    log_price: Vec<V>,
    work: Work<V>,
}

#[derive(Clone, Debug)]
struct Work<V> {
    exponents: Vec<V>,
    power: Vec<V>,
    factor_price: Vec<V>,
    income: Vec<V>,
    spending: Vec<V>,
    spent: Vec<V>,
    weights: Vec<V>,
    shares: Vec<V>,
    denominators: Vec<V>,
    demand: Vec<V>,
    weighted: Vec<V>,
    inverse: Vec<V>,
    roots: Vec<V>,
    rows: Vec<V>,
    own: Vec<V>,
    common: Vec<V>,
    matrix: Vec<V>,
}

impl<V: Lanes> HatAlgebra<V> {
    /// The problem of `economies` with these base flows, `[group][from][to]`, domestic sales on the diagonal.
    ///
    /// `theta` is the trade elasticity of each group (above 0). Errors: lengths, negative flows, an economy that sells nothing, or buys
    /// nothing of a group.
    pub fn new(economies: usize, theta: &[f64], flows: &[f64], deficits: Deficits) -> Result<Self, TradeError> {
        let (n, groups) = (economies, theta.len());
        if n < 2 || groups == 0 {
            return Err(TradeError::TooSmall { economies, groups });
        }
        length("the list of flows", flows.len(), groups * n * n)?;
        positive("flow", flows, false)?;
        positive("trade elasticity", theta, true)?;
        let cell = |g: usize, i: usize, j: usize| flows[(g * n + i) * n + j];
        let sum = |f: &dyn Fn(usize) -> f64, count: usize| (0..count).map(f).sum::<f64>();
        let output: Vec<f64> = (0..n).map(|i| sum(&|c| cell(c / n, i, c % n), groups * n)).collect();
        let bought: Vec<f64> = (0..groups * n).map(|c| sum(&|i| cell(c / n, i, c % n), n)).collect();
        let expenditure: Vec<f64> = (0..n).map(|j| sum(&|g| bought[g * n + j], groups)).collect();
        if let Some(economy) = output.iter().position(|y| *y <= 0.0) {
            return Err(TradeError::Empty { economy, what: "sells", group: None });
        }
        if let Some(c) = bought.iter().position(|e| *e <= 0.0) {
            return Err(TradeError::Empty { economy: c % n, what: "buys", group: (groups > 1).then_some(c / n) });
        }
        let base_shares = (0..groups * n * n).map(|c| flows[c] / bought[c / (n * n) * n + c % n]).collect();
        let spending_shares = (0..groups * n).map(|c| bought[c] / expenditure[c % n]).collect();
        let list = |length: usize, x: f64| vec![V::splat(x); length];
        let work = Work {
            exponents: list(groups * n, 0.0),
            power: list(groups * n, 1.0),
            factor_price: list(n, 1.0),
            income: list(n, 0.0),
            spending: list(n, 0.0),
            spent: list(groups * n, 0.0),
            weights: list(groups * n * n, 0.0),
            shares: list(groups * n * n, 0.0),
            denominators: list(groups * n, 1.0),
            demand: list(n, 0.0),
            weighted: list(n, 0.0),
            inverse: list(n, 0.0),
            roots: list(groups * n, 0.0),
            rows: list(groups * n * n, 0.0),
            own: list(n, 0.0),
            common: list(n, 0.0),
            matrix: list(n * (n + 1), 0.0),
        };
        Ok(Self {
            n,
            groups,
            deficits,
            largest: (0..n).fold(0, |most, i| if output[i] > output[most] { i } else { most }),
            tolerance: 1e-13,
            base_shares,
            spending_shares,
            output,
            expenditure,
            theta: theta.iter().map(|t| V::splat(*t)).collect(),
            cost_factors: list(groups * n * n, 1.0),
            sizes: list(n, 1.0),
            log_price: list(n, 0.0),
            work,
        })
    }

    /// Trade elasticities, one for each group; above 0.
    pub fn theta_mut(&mut self) -> &mut [V] {
        &mut self.theta
    }

    /// `t'^(-theta) / t^(-theta)` of each group and pair, 1 for no change: what cheaper or dearer trade does to the appeal of a source.
    pub fn cost_factors_mut(&mut self) -> &mut [V] {
        &mut self.cost_factors
    }

    /// Factor supply of each economy relative to the base; above 0.
    pub fn sizes_mut(&mut self) -> &mut [V] {
        &mut self.sizes
    }

    /// Forgets the last solution, so that the next one starts from the base.
    pub fn forget(&mut self) {
        self.log_price.fill(V::splat(0.0));
    }

    /// Finds the factor prices that clear all markets, with the value of the world's factors at base prices as numeraire.
    ///
    /// Starts from the last solution. Returns the largest relative excess demand of each lane: a lane above [`Self::tolerance`] has no
    /// solution (its costs, or a deficit that its output cannot carry). A lane that has converged is left alone while others go on.
    pub fn solve_lanes(&mut self) -> (V, usize) {
        let factors = self.base_shares.iter().zip(&self.cost_factors);
        for (weight, (share, factor)) in self.work.weights.iter_mut().zip(factors) {
            *weight = factor.scaled(*share);
        }
        for x in &mut self.log_price {
            *x = x.map(|x| if x.is_finite() { x } else { 0.0 });
        }
        let mut residual = self.residual();
        for iteration in 0..MOST_ITERATIONS {
            let done = residual.at_most(self.tolerance);
            if done.iter().all(|d| *d) {
                return (residual, iteration);
            }
            self.step(done);
            residual = self.residual();
        }
        (residual, MOST_ITERATIONS)
    }

    /// Incomes, spending, shares and demand at the present factor prices; the largest relative excess demand.
    fn residual(&mut self) -> V {
        let (n, work) = (self.n, &mut self.work);
        for (g, theta) in self.theta.iter().enumerate() {
            for (x, log_price) in work.exponents[g * n..][..n].iter_mut().zip(&self.log_price) {
                *x = V::splat(0.0).less(theta.times(*log_price));
            }
        }
        exp_all(V::flat_mut(&mut work.power), V::flat(&work.exponents));
        exp_all(V::flat_mut(&mut work.factor_price), V::flat(&self.log_price));
        for i in 0..n {
            work.income[i] = work.factor_price[i].times(self.sizes[i]).scaled(self.output[i]);
        }
        self.spend();
        let work = &mut self.work;
        evaluate(
            &work.weights,
            &work.power,
            &self.theta,
            &work.spent,
            &mut work.shares,
            &mut work.denominators,
            &mut work.demand,
            &mut work.weighted,
            &mut work.inverse,
        );
        let excess = work.demand.iter().zip(&work.income).map(|(d, y)| d.over(*y).less(V::splat(1.0)));
        let markets = excess.fold(V::splat(0.0), |most, x| most.or_size_of(x));
        let (made, worth) = (total(&work.income), self.worth());
        markets.or_size_of(made.over(worth).less(V::splat(1.0)))
    }

    /// Value of all factors at base prices.
    fn worth(&self) -> V {
        self.sizes.iter().zip(&self.output).fold(V::splat(0.0), |sum, (size, output)| sum.plus(size.scaled(*output)))
    }

    /// Expenditure of each economy and how it changes with factor prices.
    fn spend(&mut self) {
        let (n, work) = (self.n, &mut self.work);
        match self.deficits {
            Deficits::Additive => {
                for j in 0..n {
                    work.spending[j] = work.income[j].plus(V::splat(self.expenditure[j] - self.output[j]));
                    work.own[j] = work.income[j];
                    work.common[j] = V::splat(0.0);
                }
            }
            Deficits::Multiplicative => {
                for j in 0..n {
                    work.spending[j] = work.income[j].scaled(self.expenditure[j] / self.output[j]);
                }
                let (made, wanted) = (total(&work.income), total(&work.spending));
                let scale = made.over(wanted);
                for j in 0..n {
                    work.common[j] = work.income[j].over(made).less(work.spending[j].over(wanted));
                    work.spending[j] = work.spending[j].times(scale);
                    work.own[j] = work.spending[j];
                }
            }
        }
        for (c, (spent, part)) in work.spent.iter_mut().zip(&self.spending_shares).enumerate() {
            *spent = work.spending[c % n].scaled(*part);
        }
    }

    /// One Newton step of the lanes that are not done.
    fn step(&mut self, done: [bool; 8]) {
        let (n, work) = (self.n, &mut self.work);
        for (c, (root, spent)) in work.roots.iter_mut().zip(&work.spent).enumerate() {
            *root = spent.times(self.theta[c / n]).root();
        }
        substitution_rows(&work.shares, &work.roots, &mut work.rows, n);
        jacobian(
            &work.rows,
            &work.shares,
            &self.spending_shares,
            &work.demand,
            &work.weighted,
            &work.income,
            &work.own,
            &work.common,
            &mut work.matrix,
        );
        let short = total(&work.income).less(self.worth());
        let work = &mut self.work;
        for i in 0..n {
            work.matrix[i * (n + 1) + n] = work.income[i].less(work.demand[i]);
        }
        put_numeraire(&mut work.matrix, &work.income, short, self.largest);
        eliminate(&mut work.matrix, n);
        let answer = |i: usize| &work.matrix[i * (n + 1) + n];
        let changes = || {
            (0..n).map(|i| {
                answer(if i == self.largest {
                    n - 1
                } else if i == n - 1 {
                    self.largest
                } else {
                    i
                })
            })
        };
        let largest = changes().fold(V::splat(0.0), |most, x| most.or_size_of(*x));
        let damping = largest.map(|x| if x > LARGEST_STEP { LARGEST_STEP / x } else { 1.0 });
        for (log_price, change) in self.log_price.iter_mut().zip(changes()) {
            *log_price = log_price.select(log_price.plus(change.times(damping)), done);
        }
    }

    /// Factor prices relative to the base.
    pub fn factor_prices(&self) -> &[V] {
        &self.work.factor_price
    }

    /// Output of each economy, in the unit of the flows.
    pub fn incomes(&self) -> &[V] {
        &self.work.income
    }

    /// Expenditure of each economy, in the unit of the flows.
    pub fn spending(&self) -> &[V] {
        &self.work.spending
    }

    /// What `to` buys from `from` of a group, in the unit of the flows.
    #[inline]
    pub fn flow(&self, group: usize, from: usize, to: usize) -> V {
        self.share(group, from, to).times(self.work.spent[group * self.n + to])
    }

    /// Share of `from` in what `to` spends on a group.
    #[inline]
    pub fn share(&self, group: usize, from: usize, to: usize) -> V {
        self.work.shares[(group * self.n + from) * self.n + to]
    }

    /// Log change of the price index of an economy's purchases.
    pub fn log_price_index(&self, economy: usize) -> V {
        (0..self.groups).fold(V::splat(0.0), |sum, g| {
            let c = g * self.n + economy;
            sum.less(self.work.denominators[c].map(ln).over(self.theta[g]).scaled(self.spending_shares[c]))
        })
    }

    /// Log change of an economy's expenditure at constant prices: its welfare.
    pub fn log_real_spending(&self, economy: usize) -> V {
        self.work.spending[economy].scaled(1.0 / self.expenditure[economy]).map(ln).less(self.log_price_index(economy))
    }

    /// Base expenditure of each economy.
    pub fn base_expenditure(&self) -> &[f64] {
        &self.expenditure
    }

    /// Base share of `from` in what `to` spends on a group.
    pub fn base_share(&self, group: usize, from: usize, to: usize) -> f64 {
        self.base_shares[(group * self.n + from) * self.n + to]
    }
}

impl HatAlgebra<f64> {
    /// [`Self::solve_lanes`] for one problem: the number of iterations, or the error.
    pub fn solve(&mut self) -> Result<usize, TradeError> {
        positive("cost factor", &self.cost_factors, false)?;
        positive("size", &self.sizes, true)?;
        let (residual, iterations) = self.solve_lanes();
        let bankrupt = self.work.spending.iter().any(|e| *e <= 0.0);
        if residual <= self.tolerance && !bankrupt { Ok(iterations) } else { Err(TradeError::NotConverged { iterations, residual }) }
    }
}

fn total<V: Lanes>(values: &[V]) -> V {
    values.iter().fold(V::splat(0.0), |sum, x| sum.plus(*x))
}
