//! Those who submit, states or outside powers: their submissions and the entries that came of them.

use oxus_kernel::{Kind, LANES, Own, Param, Ports, Step, Variable};

use super::equations as eq;

/// Names of one side's variables and parameters.
pub(super) struct Names {
    pub axis: &'static str,
    pub submissions: &'static str,
    pub rightful: &'static str,
    pub wrongful: &'static str,
    pub parameter: &'static str,
    pub check: &'static str,
    pub dissent: &'static str,
}

/// Ports of one axis of submitters.
pub(super) struct Side {
    pub submissions: Own,
    pub rightful: Own,
    pub wrongful: Own,
    /// Share of the submissions that are for peaceful dissent.
    pub dissent: Own,
    pub count: usize,
    pub usual: Param,
    pub check: Param,
}

/// What holds for every submitter of one lane in one month.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms {
    pub pass: eq::Pass,
    pub prevalence: f64,
    /// Shares of rightful and wrongful proposals that pass a review before listing.
    pub admitted: (f64, f64),
    /// Shares kept over a quarter and what a yearly inflow of 1 adds, of rightful and of wrongful entries.
    pub quarters: ((f64, f64), (f64, f64)),
    /// Hazards of being struck off, rightful and wrongful, per year.
    pub struck: (f64, f64),
    /// Share of domestic checks that still counts beside the convention.
    pub domestic: f64,
}

impl Side {
    pub fn declare(ports: &mut Ports<'_>, names: &Names) -> Self {
        let persons = |name, about| Variable::new(name, names.axis, "persons", Kind::Stock, about).within(0.0, f64::INFINITY);
        let flow = Variable::new(names.submissions, names.axis, "persons/yr", Kind::Flow, "Persons proposed for the shared list.");
        let share = Variable::new(names.dissent, names.axis, "share", Kind::Share, "Share of the submissions that are for peaceful dissent.");
        let axis = ports.axis(names.axis);
        Self {
            submissions: ports.own(&flow.within(0.0, f64::INFINITY)),
            rightful: ports.own(&persons(names.rightful, "Listed at this side's proposal who are linked to violence.")),
            wrongful: ports.own(&persons(names.wrongful, "Listed at this side's proposal who would fail a review of the evidence.")),
            dissent: ports.own(&share.within(0.0, 1.0)),
            count: ports.world().axis(axis).len(),
            usual: ports.param(names.parameter, names.axis, "persons/yr"),
            check: ports.param(names.check, names.axis, "share"),
        }
    }

    /// New entries a year of one submitter: rightful and wrongful.
    pub fn inflow(&self, step: &Step<'_>, terms: &Terms, entity: usize, lane: usize) -> (f64, f64) {
        let submitted = step.get(&self.submissions, entity, lane);
        let dissent = step.get(&self.dissent, entity, lane);
        let (right, wrong) = eq::listed(submitted, dissent, terms.prevalence, terms.pass);
        let kept = 1.0 - step.get(&self.check, entity, lane).clamp(0.0, 1.0) * terms.domestic;
        (right * terms.admitted.0, wrong * kept * terms.admitted.1)
    }

    /// Advances the entries of one submitter by a quarter; returns what came in, a year.
    pub fn advance(&self, step: &mut Step<'_>, terms: &Terms, entity: usize, lane: usize) -> (f64, f64) {
        let (right, wrong) = self.inflow(step, terms, entity, lane);
        let ((right_kept, right_added), (wrong_kept, wrong_added)) = terms.quarters;
        let rightful = step.get(&self.rightful, entity, lane) * right_kept + right * right_added;
        let wrongful = step.get(&self.wrongful, entity, lane) * wrong_kept + wrong * wrong_added;
        step.set(&self.rightful, entity, lane, rightful);
        step.set(&self.wrongful, entity, lane, wrongful);
        (right, wrong)
    }

    /// Sum of a variable over its entities in one lane.
    pub fn total(step: &Step<'_>, port: &Own, lane: usize) -> f64 {
        step.slice(port)[lane..].iter().step_by(LANES).sum()
    }
}
