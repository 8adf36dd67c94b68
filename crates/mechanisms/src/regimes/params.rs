//! Parameters: of the whole region, of each state, of each border.

use crate::monthly::{MONTHS, month_of, months_in};

scalar_ports! { EffectPorts;
    constant: "1",
    inverted_u_effect: "1",
    faction_effect: "1",
    income_effect: "1",
    conflict_effect: "1",
    unrest_effect: "1",
    growth_effect: "yr",
    rents_effect: "1",
    patronage_effect: "1",
    capture_effect: "1",
    distress_effect: "1",
    shock_effect: "1",
    shock_probability: "1",
    shock_months: "month",
    conflict_deaths: "deaths",
    death_log_rate_60: "1",
    death_slope: "1/yr",
    successor_age: "yr",
    successor_age_sd: "yr",
    violent_probability: "1",
    contested_after_vote: "1",
    contested_after_death: "1",
    contested_after_overthrow: "1",
    managed_months: "month",
    contested_months: "month",
    violent_months: "month",
    duration_sigma: "1",
    corruption_months: "month",
    criminalisation_months: "month",
    service_months: "month",
    repression_months: "month",
    patronage_months: "month",
    capture_months: "month",
    dispute_months: "month",
    service_energy: "1",
    service_spending: "1",
    repression_unrest: "1",
    patronage_rents: "1",
    capture_growth: "1/yr",
    capture_new: "1",
    dispute_service: "1",
    closure_rate: "1/yr",
    closure_dispute: "1",
    closure_crisis: "1",
    closure_months: "month",
    closure_sigma: "1",
}

entity_ports! { RegimePorts, "state";
    polity: "1", "Polity score, -10 to 10.";
    faction: "1", "1 where parties contend as factions.";
    protests: "1", "Protests a year per million persons at the origin, as `ln(1 + x)`.";
    population_growth: "1/yr", "Growth of the population.";
    base_rents: "1", "Rents from foreign bases as a share of GDP.";
    base_rents_until: "1", "Year, with fraction, in which they end.";
}

per_entity! { Term, TermPorts, "state";
    vote_year: "1", "Year of the next regular end of a term; 0 for none known.";
    vote_month: "1", "Its month, 1 to 12.";
    vote_interval: "yr", "Years between the ends of terms.";
    turnover: "1", "Probability that the incumbent of the origin leaves at the end of the term.";
    turnover_later: "1", "The same for any later leader.";
}

entity_ports! { RuledPorts, "state";
    corruption: "1", "Corruption at the origin.";
    criminalisation: "1", "Hold of organised crime at the origin.";
    service_quality: "1", "Quality of public services at the origin.";
    repression: "1", "Repression at the origin.";
    patronage: "1", "Patronage at the origin.";
}

impl Term {
    /// Month of the next end of a term, counted from January of the year 0, and months between ends of terms.
    pub(super) fn terms(&self) -> (i32, i32) {
        (month_of(self.vote_year, self.vote_month), months_in(self.vote_interval))
    }
}

/// Rents from bases that end with the year `until` (with fraction), in the month counted from January of the year 0.
#[inline(always)]
pub(super) fn base_rents_in(rents: f64, until: f64, month: i32) -> f64 {
    if f64::from(month) < until * MONTHS { rents } else { 0.0 }
}
