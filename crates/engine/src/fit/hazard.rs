//! Hazards on a panel: rows of states and years become periods at risk, the pack's own states left out.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};
use oxus_numerics::hazard::{Binary, Link};
use oxus_numerics::linear::{invert_symmetric, symmetric_eigenvalues};
use oxus_pack::region::{Fit, HazardLink, Method, PanelRow, Region, Transform};
use oxus_units::Month;

use super::methods::{Estimate, Estimated, identified};

/// Events for each coefficient, the constant included (Peduzzi and others, J. Clin. Epidemiol. 49, 1996).
const EVENTS: u64 = 10;

/// Runs a fit of the method `hazard`.
pub fn run(region: &Region, fit: &Fit, cut_off: Month) -> Result<Estimated, Box<Diagnostic>> {
    let Method::Hazard { panel: name, exposure, event, link, on } = &fit.method else { return Ok(Estimated::default()) };
    let Some(panel) = region.panels.get(&name.id) else { return Ok(Estimated::default()) };
    let column = |id: &str| panel.columns.keys().position(|column| column == id).unwrap_or(0);
    let (exposure, event) = (column(&exposure.id), column(&event.id));
    let known = |row: &&PanelRow| {
        row.observable_from <= cut_off
            && (fit.years.first().year()..=fit.years.last().year()).contains(&row.year)
            && !region.states.contains_key(&row.state)
    };
    let rows: Vec<&PanelRow> = panel.rows.iter().filter(known).collect();
    let columns = on.len() + 1;
    let (mut design, mut events, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        let count = states.len();
        let group = *states.entry(&row.state).or_insert(count);
        let (at_risk, happened) = (row.values[exposure], row.values[event]);
        if !(at_risk >= happened && happened >= 0.0 && at_risk.fract() == 0.0 && happened.fract() == 0.0 && at_risk <= 1000.0) {
            return Err(Box::new(
                Diagnostic::error(codes::A064, format!("a row of panel `{name}` has no possible exposure"))
                    .at(row.span, "")
                    .found(format!("{happened} events in {at_risk} periods"))
                    .expected("whole numbers, at most one event a period"),
            ));
        }
        let mut line = vec![1.0];
        for covariate in on {
            let value = row.values[column(&covariate.column.id)];
            let transformed = match covariate.transform {
                Transform::Log => oxus_math::ln(value),
                Transform::LogPlusOne => oxus_math::ln_1p(value),
                Transform::Level | Transform::Change | Transform::LogChange => value,
            };
            line.push(transformed - covariate.centre);
        }
        for period in 0..at_risk as usize {
            design.extend_from_slice(&line);
            events.push((period as f64) < happened);
            groups.push(group);
        }
    }
    let happened = events.iter().filter(|event| **event).count();
    if (happened as u64) < EVENTS * columns as u64 {
        return Err(Box::new(
            Diagnostic::error(codes::A063, format!("fit `{}` has more coefficients than its events can bear", fit.id))
                .at(fit.span, "")
                .found(format!("{columns} coefficients, the constant included, and {happened} events observable by {cut_off}"))
                .expected(format!("at least {EVENTS} events for each coefficient"))
                .help("take covariates out of `on`, or more years"),
        ));
    }
    let link = match link {
        HazardLink::Cloglog => Link::ComplementaryLogLog,
        HazardLink::Logit => Link::Logit,
    };
    let names: Vec<String> = std::iter::once("constant".to_owned()).chain(on.iter().map(|x| x.name.clone())).collect();
    let failed = |error: oxus_numerics::hazard::HazardError| {
        Box::new(
            Diagnostic::error(codes::A064, format!("fit `{}` cannot be made", fit.id))
                .at(fit.span, "")
                .found(error.to_string())
                .note(format!("columns: {}", names.join(", "))),
        )
    };
    let problem = Binary { design: &design, columns, events: &events, link, ridge: &[] };
    let found = problem.fit().map_err(failed)?;
    let clustered = problem.cluster_errors(&found.coefficients, &groups).map_err(failed)?;
    let information = problem.information(&found.coefficients).map_err(failed)?;
    let years = (rows.iter().map(|r| r.year).min().unwrap_or(0), rows.iter().map(|r| r.year).max().unwrap_or(0));
    let estimate = |(j, name): (usize, &String)| Estimate {
        name: name.clone(),
        entity: String::new(),
        value: found.coefficients[j],
        // whichever is larger: few events make the clustered ones too small (Cameron and Miller, J. Human Resources 50, 2015)
        error: found.standard_errors[j].max(clustered[j]),
        counted: None,
        observations: events.len(),
        years,
    };
    Ok(Estimated {
        estimates: names.iter().enumerate().map(estimate).collect(),
        observations: events.len(),
        years,
        residuals: None,
        identified: told_apart(&information, &names),
        notes: vec![format!(
            "{happened} events in {} periods of {} states; log-likelihood {:.2}; errors: the larger of expected information and clusters by state",
            events.len(),
            states.len(),
            found.log_likelihood
        )],
    })
}

/// Correlations of the estimates, and the condition of the information with its diagonal scaled to 1.
fn told_apart(information: &[f64], names: &[String]) -> Option<super::Identified> {
    let k = names.len();
    let covariance = invert_symmetric(information, k).ok()?;
    let scaled = |m: &[f64]| -> Vec<f64> { (0..k * k).map(|at| m[at] / (m[at / k * (k + 1)] * m[at % k * (k + 1)]).sqrt()).collect() };
    let eigenvalues = symmetric_eigenvalues(&scaled(information), k).ok()?;
    identified(&scaled(&covariance), Some((eigenvalues[k - 1] / eigenvalues[0]).sqrt()), names)
}
