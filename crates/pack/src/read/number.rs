//! Numbers with their status, wherever they stand.

use oxus_units::Unit;

use super::distribution;
use super::evidence::{self, From};
use super::units::Money;
use crate::region::{Evidence, Number, Status};
use crate::walk::{Table, Value};

/// What a number may leave out because the table around it says it.
#[derive(Clone)]
pub(super) struct Given<'m> {
    pub money: &'m Money,
    pub unit: Option<Unit>,
    /// Whether a unit was stated, even one that cannot be read.
    pub unit_stated: bool,
    pub status: Option<Status>,
    pub evidence: Evidence,
    pub note: Option<String>,
}

impl<'m> Given<'m> {
    /// Nothing but the pack's money.
    pub fn new(money: &'m Money) -> Self {
        Self { money, unit: None, unit_stated: false, status: None, evidence: Evidence::default(), note: None }
    }

    /// The same with a unit for numbers that state none.
    pub fn unit(&self, unit: &Unit) -> Self {
        Self { unit: Some(unit.clone()), ..self.clone() }
    }

    /// What a table says about the numbers inside it, where it leaves nothing out of what is around it.
    pub fn within(&self, table: &Table<'_>) -> Self {
        let (status, evidence) = evidence::read(table, From::Data);
        // A number with another status than the table around it is founded on something else.
        let apart = status.is_some() && self.status.is_some() && status != self.status;
        let unit = table.get("unit").and_then(|v| self.money.unit(&v));
        Self {
            money: self.money,
            unit: unit.or_else(|| self.unit.clone()),
            unit_stated: self.unit_stated || table.has("unit"),
            status: status.or(self.status),
            evidence: if apart { evidence } else { evidence.or(&self.evidence) },
            note: table.get("note").and_then(|v| v.words()).or_else(|| self.note.clone()),
        }
    }
}

/// Reads a number: `{ value = …, unit, status, … }`, or a bare one where the table around it gives the status.
pub(super) fn number(value: &Value<'_>, given: &Given<'_>) -> Option<Number> {
    let what = format!("`{}` of {}", value.key, value.owner);
    let whole = value.is_table().then(|| value.table(what.clone())).flatten().filter(|table| table.has("value"));
    let Some(table) = whole else {
        let distribution = distribution::read(value)?;
        let Some(status) = given.status else {
            evidence::bare(value.cx, &what, value.span);
            return None;
        };
        return finish(&what, value, distribution, status, given.clone());
    };
    let inner = given.within(&table);
    let distribution = table.need("value").and_then(|v| distribution::read(&v));
    table.finish();
    let Some(status) = inner.status else {
        evidence::bare(value.cx, &what, value.span);
        return None;
    };
    finish(&what, value, distribution?, status, inner)
}

fn finish(what: &str, value: &Value<'_>, distribution: oxus_random::Distribution, status: Status, given: Given<'_>) -> Option<Number> {
    evidence::require(value.cx, what, value.span, status, &given.evidence);
    Some(Number {
        value: distribution,
        unit: given.unit.unwrap_or_else(Unit::one),
        status,
        evidence: given.evidence,
        note: given.note,
        span: value.span,
    })
}
