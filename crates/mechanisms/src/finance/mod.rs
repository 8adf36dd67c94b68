//! Growth, prices, remittances, public debt and Chinese loans of each state.
//!
//! Within a month the order is: book last month's published rates into stocks (so that interventions on rates reach them), growth and
//! output, remittances, prices, loans, budget. What links and scenarios change of a rate is booked a month later.

mod books;
pub mod equations;
mod income;
mod loans;
mod output;
mod prices;

#[cfg(test)]
mod tests;

use oxus_kernel::{Definition, Kind, Mechanism, Ports, Step, Variable};

use crate::annual::MonthlyColumn;
use crate::seen::Seen;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Finance>("finance", "Growth, inflation, exchange rate, remittances, public debt and loans from China of each state.");

/// The mechanism.
pub struct Finance {
    output: output::Output,
    income: income::Income,
    prices: prices::Prices,
    loans: loans::Loans,
    books: books::Books,
}

/// Monthly processes, derived from annual parameters.
#[derive(Default)]
pub struct Memory {
    growth: MonthlyColumn,
    inflation: MonthlyColumn,
    /// Parameters that alone decide speeds and shares of a month, as they were.
    seen: Seen,
}

impl Mechanism for Finance {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            output: output::Output::declare(ports),
            income: income::Income::declare(ports),
            prices: prices::Prices::declare(ports),
            loans: loans::Loans::declare(ports),
            books: books::Books::declare(ports),
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        memory.seen.forget();
        self.output.start(step, memory);
        self.income.start(step);
        self.prices.start(step, memory);
        self.loans.start(step, &self.output);
        self.books.start(step, self);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        self.refresh(step, memory);
        self.prices.book(step);
        self.books.book(step, self);
        self.income.hosts(step);
        self.income.demand(step, self);
        self.output.step(step, memory, self);
        self.income.step(step, self);
        self.prices.step(step, memory, &self.income);
        self.loans.step(step, self);
        self.books.step(step, self);
    }
}

impl Finance {
    /// Makes anew what only parameters decide, if one of them has changed.
    fn refresh(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let columns = self.output.timing().into_iter().chain(self.income.timing()).chain(self.prices.timing()).chain(self.loans.timing());
        if memory.seen.changed(step, columns) {
            self.output.refresh(step);
            self.income.refresh(step);
            self.prices.refresh(step);
            self.loans.refresh(step);
        }
    }
}

/// A ratio to GDP that cannot be negative.
const fn ratio(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "1", Kind::Share, about).within(0.0, f64::INFINITY)
}

/// A latent value of a state.
const fn latent(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "1", Kind::Index, about)
}

/// A rate per year.
const fn rate(name: &'static str, about: &'static str) -> Variable {
    Variable::new(name, "state", "1/yr", Kind::Rate, about)
}
