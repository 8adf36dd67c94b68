//! Single items of a pack and its model.

use oxus_diag::Sources;
use oxus_engine::Case;
use oxus_kernel::{Kind, Model};
use oxus_pack::Region;
use oxus_pack::region::{Action, Cite, Claim, Evidence, Link, Number, Scenario, Series, Target};

use crate::args::Explain;
use crate::output::number::plain;
use crate::output::rows::wrap;

/// What there is to explain from.
pub struct Context<'a> {
    /// The region.
    pub region: &'a Region,
    /// Its model.
    pub model: &'a Model,
    /// Its texts, for places.
    pub sources: &'a Sources,
    /// Options.
    pub args: &'a Explain,
}

/// Prints a list of all items of a sort; whether there is such a sort.
pub fn list(c: &Context<'_>, what: &str) -> bool {
    match what {
        "scenarios" => {
            c.region.scenarios.values().for_each(|s| println!("{:<6}{}{}", s.id, s.title, if s.lever.is_some() { " (lever)" } else { "" }))
        }
        "outcomes" => c.region.outcomes.values().for_each(|o| println!("{:<34}{}", o.id, o.title)),
        "links" => c.region.links.values().for_each(|l| println!("{:<44}{} -> {}", l.id, l.from, l.to)),
        "views" => c.region.views.values().for_each(|v| println!("{:<20}{}", v.id, v.title)),
        "series" => c.region.series.values().for_each(|s| println!("{:<34}{}, {}", s.id, s.title, s.unit)),
        "parameters" => c.region.parameters.values().for_each(|p| println!("parameters.{}", p.id)),
        _ => return false,
    }
    true
}

/// Names that can be asked for.
pub fn names(c: &Context<'_>) -> Vec<String> {
    let r = c.region;
    let mut names: Vec<String> = c.model.variable_names().map(str::to_owned).collect();
    names.extend(r.parameters.keys().map(|p| format!("parameters.{p}")));
    names.extend(r.series.keys().map(|p| format!("series.{p}")));
    names.extend(r.claims.keys().chain(r.links.keys()).chain(r.scenarios.keys()).chain(r.outcomes.keys()).chain(r.views.keys()).cloned());
    names
}

/// Prints everything of this name; whether there was anything. A scenario and a claim may share an id.
pub fn one(c: &Context<'_>, what: &str) -> bool {
    let parameter = what.strip_prefix("parameters.").unwrap_or(what);
    let series = what.strip_prefix("series.").unwrap_or(what);
    let found = [
        c.model.variable(what).map(|v| variable(c, v)).is_some(),
        parameter_stack(c, parameter),
        c.region.series.get(series).map(|s| one_series(c, s)).is_some(),
        c.region.claims.get(what).map(|x| claim(c, x)).is_some(),
        c.region.links.get(what).map(|x| link(c, x)).is_some(),
        c.region.scenarios.get(what).map(|x| scenario(c, x)).is_some(),
        c.region
            .outcomes
            .get(what)
            .map(|o| {
                println!("Outcome {}: {}\n", o.id, o.title);
                paragraph(&o.definition);
                println!("\nof {} in {}; observable: {}", o.of, o.unit, if o.observable { "yes" } else { "no" });
            })
            .is_some(),
        c.region
            .views
            .get(what)
            .map(|v| {
                println!("View {}: {}", v.id, v.title);
                v.note.iter().for_each(|n| paragraph(n));
                v.believes.iter().for_each(|(who, b)| println!("  {who}: {b:?}"));
            })
            .is_some(),
    ];
    found.contains(&true)
}

fn paragraph(text: &str) {
    wrap(text, 78).iter().for_each(|l| println!("{l}"));
}

fn place(c: &Context<'_>, span: oxus_diag::Span) -> String {
    let (line, _) = c.sources.line_col(span.source, span.range().start);
    format!("{}:{line}", c.sources.name(span.source))
}

fn variable(c: &Context<'_>, v: usize) {
    let (spec, (owner, about)) = (c.model.spec(v), c.model.owner(v));
    let kind = match spec.kind {
        Kind::Modifier(scale) => format!("modifier on the {} scale", format!("{scale:?}").to_lowercase()),
        other => format!("{other:?}").to_lowercase(),
    };
    println!("{}: {}", spec.name, spec.about);
    println!("{kind}; unit {}; axis {} ({} entities)", spec.unit, spec.axis, c.model.axis_of(v).len());
    if spec.low.is_finite() || spec.high.is_finite() {
        println!("bounds {} to {}", spec.low, spec.high);
    }
    println!("owned by {owner}: {about}");
    for row in c.model.plan_rows() {
        for (what, names) in [("now", &row.now), ("before", &row.prev)] {
            if names.iter().any(|n| n == spec.name) {
                println!("read by {} ({what})", row.mechanism);
            }
        }
    }
    for l in c.model.links().iter().filter(|l| l.from == v || l.to == v) {
        let claims = c.region.links.get(&l.id).map_or_else(String::new, |l| ids(l).join(", "));
        println!("link {}: {} -> {} ({claims})", l.id, c.model.spec(l.from).name, c.model.spec(l.to).name);
    }
    for s in c.region.series.values().filter(|s| s.variable.as_ref().is_some_and(|x| x.id == spec.name)) {
        println!("observed by series.{}", s.id);
    }
    println!();
}

fn ids(link: &Link) -> Vec<String> {
    let contested = link.contested.values().flat_map(|side| &side.claims);
    link.claims.iter().chain(contested).map(|n| n.id.clone()).collect()
}

fn parameter_stack(c: &Context<'_>, id: &str) -> bool {
    let entity = c.args.entity.as_deref();
    let parts = c.args.case.as_deref().and_then(|t| Case::parse(t, c.region).ok()).map(|k| k.parts).unwrap_or_default();
    let scenarios: Vec<&str> = parts.iter().map(|p| p.0.as_str()).collect();
    let layers = c.region.stack(id, entity, c.args.view.as_deref(), &scenarios, None);
    let parameter = c.region.parameters.get(id);
    if layers.is_empty() && parameter.is_none() {
        return false;
    }
    println!("Parameter {id}{}", entity.map_or_else(String::new, |e| format!(" for {e}")));
    println!("precedence, the last wins:");
    for layer in &layers {
        let at = layer.span.map_or_else(String::new, |s| place(c, s));
        println!("  {}: {:?}  {at}", layer.origin, layer.value);
    }
    if let Some(parameter) = parameter {
        parameter.default.iter().for_each(|n| number(c, "all", n));
        for (name, n) in parameter.entities.iter().filter(|(e, _)| entity.is_none_or(|x| x == e.as_str())) {
            number(c, name, n);
        }
    }
    println!();
    true
}

fn number(c: &Context<'_>, name: &str, n: &Number) {
    let (low, high) = (n.value.quantile(0.05), n.value.quantile(0.95));
    let spread = if n.value.is_fixed() { String::new() } else { format!(", 5-95 %: {} to {}", plain(low), plain(high)) };
    println!("  {name}: mean {}{spread} {}; {}", plain(n.value.mean()), n.unit, format!("{:?}", n.status).to_lowercase());
    evidence(c, &n.evidence);
    n.note.iter().for_each(|note| indented(note));
}

fn indented(text: &str) {
    wrap(text, 72).iter().for_each(|l| println!("      {l}"));
}

fn evidence(c: &Context<'_>, e: &Evidence) {
    for cite in &e.cites {
        match cite {
            Cite::Claim(name) => indented(&format!("claim {name}: {}", c.region.claims.get(&name.id).map_or("", |x| x.says.as_str()))),
            Cite::Work(work) => {
                let title = c.region.references.get(&work.work.id).map_or("", |w| w.title.as_str());
                let at = work.at.as_ref().map_or_else(String::new, |a| format!(", {a}"));
                indented(&format!("{}: {title}{at}", work.work));
            }
        }
    }
    if let Some(from) = &e.from {
        let series: Vec<String> = from.series.iter().map(|s| format!("series.{s}")).collect();
        indented(&format!("from {} {}: {}", series.join(", "), from.years.as_deref().unwrap_or(""), from.method));
    }
    e.formula.iter().for_each(|f| indented(&format!("formula: {f}")));
    e.reason.iter().for_each(|r| indented(&format!("reason: {r}")));
}

fn claim(c: &Context<'_>, claim: &Claim) {
    println!("Claim {} ({}; {:?}, {:?} evidence, {:?} voice)", claim.id, claim.claimant, claim.hedge, claim.evidence, claim.voice);
    paragraph(&claim.says);
    println!("at {}; role: {}", claim.at.join(", "), format!("{:?}", claim.role).to_lowercase());
    claim.why.iter().for_each(|w| paragraph(w));
    for link in c.region.links.values().filter(|l| ids(l).contains(&claim.id)) {
        println!("stands behind link {} ({} -> {})", link.id, link.from, link.to);
    }
    for s in c.region.scenarios.values().filter(|s| s.claims.iter().any(|n| n.id == claim.id)) {
        println!("used by {} {}", s.id, s.title);
    }
    println!();
}

fn link(c: &Context<'_>, link: &Link) {
    println!("Link {}: {} -> {}  {}", link.id, link.from, link.to, place(c, link.span));
    for id in ids(link) {
        let says = c.region.claims.get(&id).map_or("", |x| x.says.as_str());
        indented(&format!("{id}: {says}"));
    }
    let claims: Vec<&Claim> = link.claims.iter().filter_map(|n| c.region.claims.get(&n.id)).collect();
    if let Some(prior) = oxus_pack::strength::of_claims(&claims) {
        let sign = link.sign.map_or_else(String::new, |s| format!("{s:?} ").to_lowercase());
        println!(
            "exists with probability {:.2}; if so, median size {} ({sign}sign holds {:.2})",
            prior.exists,
            plain(prior.size.quantile(0.5)),
            prior.sign_holds
        );
    }
    for (who, side) in &link.contested {
        println!("contested: {who} say {:?}", side.sign);
    }
    println!(
        "one typical deviation of the source: {}; delay {} months\n",
        plain(link.scale.value.mean()),
        plain(link.lag.as_ref().map_or(0.0, |l| l.value.mean()))
    );
}

fn scenario(c: &Context<'_>, s: &Scenario) {
    let lever = s.lever.as_ref().map_or_else(String::new, |l| format!(" (lever of {})", l.actor));
    println!("Scenario {}{lever}: {}", s.id, s.title);
    paragraph(&s.narrative);
    for i in &s.interventions {
        let entities: Vec<&str> = i.entities.iter().map(|n| n.id.as_str()).collect();
        let (sort, name) = match &i.target {
            Target::Variable(n) => ("variable", n),
            Target::Parameter(n) => ("parameter", n),
            Target::Link(n) => ("link", n),
            Target::Event(n) => ("event", n),
            Target::Mechanism(n) => ("mechanism", n),
        };
        println!("  {sort} {name} [{}]: {}; {}", entities.join(" "), action(&i.action), format!("{:?}", i.status).to_lowercase());
        evidence(c, &i.evidence);
    }
    println!();
}

fn action(action: &Action) -> String {
    match action {
        Action::Set(v) => format!("set to {v}"),
        Action::Path(points) => format!("set along {}", points.iter().map(|(m, v)| format!("{m}: {v}")).collect::<Vec<_>>().join(", ")),
        Action::Draw(number) => format!("drawn from {:?}", number.value),
        Action::Add(v) => format!("add {v}"),
        Action::Scale(v) => format!("times {v}"),
        Action::Off => "off".into(),
    }
}

fn one_series(c: &Context<'_>, s: &Series) {
    println!("Series {}: {} ({})", s.id, s.title, s.unit);
    paragraph(&s.citation);
    println!("publisher {}; licence {}; vintage {}", s.publisher, s.licence, s.vintage);
    println!("observable {} months after the end of a period; {}", s.lag_months, place(c, s.span));
    s.transform.iter().chain(&s.note).for_each(|t| paragraph(t));
    for (entity, values) in &s.values {
        if let (Some(first), Some(last)) = (values.first(), values.last()) {
            println!(
                "  {entity}: {} values, {:?} to {:?}, last {} (observable from {})",
                values.len(),
                first.period,
                last.period,
                plain(last.value),
                last.observable_from
            );
        }
    }
    println!();
}
