//! Ways of opiates: states that touch one another, and an end that the last of them touches.

use oxus_diag::{Diagnostic, codes};

use super::Check;
use crate::region::{Name, Route};
use crate::walk::Kind;

pub(super) fn check(check: &mut Check<'_>) {
    let region = check.region;
    for route in region.routes.values() {
        route.states.iter().for_each(|state| check.exists(Kind::State, state));
        route.power.iter().for_each(|power| check.exists(Kind::Power, power));
        route.province.iter().for_each(|province| check.exists(Kind::Province, province));
        route.sources.iter().for_each(|cited| check.exists(Kind::Work, &cited.work));
        steps(check, route);
        end(check, route);
    }
}

/// Each state stands once and touches the next, the last one the power at the end.
fn steps(check: &mut Check<'_>, route: &Route) {
    let region = check.region;
    for (at, state) in route.states.iter().enumerate() {
        if let Some(first) = route.states[..at].iter().find(|earlier| earlier.id == state.id) {
            check.push(
                Diagnostic::error(codes::P025, format!("route `{}` passes `{state}` twice", route.id))
                    .at(state.span, "again here")
                    .and_at(first.span, "first here")
                    .help("a way does not come back: delete one of them"),
            );
        }
    }
    let way: Vec<&Name> = route.states.iter().chain(&route.power).collect();
    for pair in way.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let known = [a, b].iter().all(|name| region.states.contains_key(&name.id));
        let touch = region.borders.iter().any(|x| (x.a.id == a.id && x.b.id == b.id) || (x.a.id == b.id && x.b.id == a.id));
        if known && !touch && a.id != b.id {
            check.push(
                Diagnostic::error(codes::P026, format!("route `{}` goes from `{a}` to `{b}`, which do not touch", route.id))
                    .at(b.span, "not next to the state before")
                    .help(format!("name the states between them, or add the border of `{a}` and `{b}` to `places/borders.csv`")),
            );
        }
    }
}

/// A province at the end lies in the power at the end.
fn end(check: &mut Check<'_>, route: &Route) {
    let Some(province) = &route.province else { return };
    let Some(found) = check.region.provinces.get(&province.id) else { return };
    let problem = match &route.power {
        Some(power) if power.id == found.state.id => return,
        Some(power) => Diagnostic::error(codes::P039, format!("route `{}` ends in a province of another power", route.id))
            .at(province.span, format!("`{province}` belongs to `{}`", found.state))
            .and_at(power.span, "this is its power"),
        None => Diagnostic::error(codes::P039, format!("route `{}` ends in a province and in no power", route.id))
            .at(province.span, format!("`{province}` belongs to `{}`", found.state)),
    };
    check.push(problem.help("correct the province or the power"));
}
