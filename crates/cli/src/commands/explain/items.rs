//! What the model is made of: variables, parameters, links, scenarios, outcomes, views and series.

use oxus_engine::Case;
use oxus_kernel::Kind;
use oxus_pack::region::{Action, Belief, Cite, Claim, Evidence, Link, Number, Outcome, Scenario, Series, Target, View};

use super::Context;
use super::sheet::{Sheet, words};
use super::source::line;
use crate::output::number::plain;

/// Ids and titles of all items of a sort; `None` if there is no such sort.
pub fn list(c: &Context<'_>, what: &str) -> Option<Vec<(String, String)>> {
    let r = c.region;
    let pair = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    Some(match what {
        "scenarios" => {
            r.scenarios.values().map(|s| (s.id.clone(), format!("{}{}", s.title, if s.lever.is_some() { " (lever)" } else { "" }))).collect()
        }
        "outcomes" => r.outcomes.values().map(|o| pair(&o.id, &o.title)).collect(),
        "links" => r.links.values().map(|l| (l.id.clone(), format!("{} -> {}", l.from, l.to))).collect(),
        "views" => r.views.values().map(|v| pair(&v.id, &v.title)).collect(),
        "series" => r.series.values().map(|s| (format!("series.{}", s.id), format!("{}, {}", s.title, s.unit))).collect(),
        "parameters" => r.parameters.keys().map(|p| (format!("parameters.{p}"), String::new())).collect(),
        "claims" => r.claims.values().filter(|x| x.quantity.is_none()).map(|x| pair(&x.id, &x.says)).collect(),
        "quantities" => r.claims.values().filter(|x| x.quantity.is_some()).map(|x| pair(&x.id, &x.says)).collect(),
        "events" => r.happenings.values().map(|x| pair(&x.id, &x.what)).collect(),
        "ties" => r.ties.values().map(|x| pair(&x.id, &x.what)).collect(),
        "actors" => r.actors.values().map(|x| (x.number.clone(), format!("{} ({})", x.name, x.id))).collect(),
        "uncertainties" => r.uncertainties.values().map(|x| pair(&x.id, &x.says)).collect(),
        "organisations" => r.organisations.values().map(|x| pair(&x.id, &x.name)).collect(),
        "proposals" => {
            r.organisations.values().flat_map(|x| x.proposals.values().map(move |p| (format!("{}.{}", x.id, p.id), p.title.clone()))).collect()
        }
        "routes" => r.routes.values().map(|x| pair(&x.id, &x.name)).collect(),
        _ => return None,
    })
}

/// Names that can be asked for.
pub fn names(c: &Context<'_>) -> Vec<String> {
    let r = c.region;
    let mut names: Vec<String> = c.model.variable_names().map(str::to_owned).collect();
    names.extend(r.parameters.keys().map(|p| format!("parameters.{p}")));
    names.extend(r.series.keys().map(|p| format!("series.{p}")));
    names.extend(r.claims.keys().chain(r.links.keys()).chain(r.scenarios.keys()).chain(r.outcomes.keys()).chain(r.views.keys()).cloned());
    names.extend(r.happenings.keys().chain(r.ties.keys()).chain(r.actors.keys()).chain(r.uncertainties.keys()).chain(r.routes.keys()).cloned());
    names.extend(r.actors.values().map(|x| x.number.clone()));
    names.extend(r.organisations.keys().cloned());
    names.extend(r.organisations.values().flat_map(|x| x.proposals.keys().map(move |p| format!("{}.{p}", x.id))));
    names
}

/// Every sheet of this name in the model. A scenario and a claim may share an id.
pub fn find(c: &Context<'_>, what: &str) -> Vec<Sheet> {
    let r = c.region;
    let found = [
        c.model.variable(what).map(|v| variable(c, v)),
        parameter(c, what.strip_prefix("parameters.").unwrap_or(what)),
        r.series.get(what.strip_prefix("series.").unwrap_or(what)).map(|s| series(c, s)),
        r.links.get(what).map(|x| link(c, x)),
        r.scenarios.get(what).map(|x| scenario(c, x)),
        r.outcomes.get(what).map(outcome),
        r.views.get(what).map(view),
    ];
    found.into_iter().flatten().collect()
}

/// File and line of a place in the pack.
pub fn place(c: &Context<'_>, span: oxus_diag::Span) -> String {
    let (line, _) = c.sources.line_col(span.source, span.range().start);
    format!("{}:{line}", c.sources.name(span.source))
}

fn outcome(o: &Outcome) -> Sheet {
    Sheet::new("outcome", &o.id, &o.title)
        .says(&o.definition)
        .with("of", o.of.to_string())
        .with("unit", o.unit.to_string())
        .with("observable", if o.observable { "yes" } else { "no" })
        .with("in the source", o.source_outcome.clone().unwrap_or_default())
}

fn view(v: &View) -> Sheet {
    let mut sheet = Sheet::new("view", &v.id, &v.title).says(v.note.clone().unwrap_or_default());
    let belief = |b: &Belief| match b {
        Belief::Pooled => "by the words of each claim".to_owned(),
        Belief::Exists(p) => format!("each claim with probability {p}"),
    };
    v.believes.iter().for_each(|(who, b)| sheet.add("believes", format!("{who}: {}", belief(b))));
    sheet.add("believes", format!("others: {}", belief(&v.others)));
    v.parameters.keys().for_each(|id| sheet.add("own numbers", format!("parameters.{id}")));
    sheet
}

fn variable(c: &Context<'_>, v: usize) -> Sheet {
    let (spec, (owner, about)) = (c.model.spec(v), c.model.owner(v));
    let kind = match spec.kind {
        Kind::Modifier(scale) => format!("modifier on the {} scale", words(scale)),
        other => words(other),
    };
    let mut sheet = Sheet::new("variable", spec.name, "").says(spec.about);
    sheet.add("kind", kind);
    sheet.add("unit", spec.unit);
    sheet.add("axis", format!("{} ({} entities)", spec.axis, c.model.axis_of(v).len()));
    if spec.low.is_finite() || spec.high.is_finite() {
        sheet.add("bounds", format!("{} to {}", spec.low, spec.high));
    }
    sheet.add("owned by", format!("{owner}: {about}"));
    for row in c.model.plan_rows() {
        for (what, names) in [("now", &row.now), ("before", &row.prev)] {
            if names.iter().any(|n| n == spec.name) {
                sheet.add("read by", format!("{} ({what})", row.mechanism));
            }
        }
    }
    for l in c.model.links().iter().filter(|l| l.from == v || l.to == v) {
        let claims = c.region.links.get(&l.id).map_or_else(String::new, |l| ids(l).join(", "));
        sheet.add("links", format!("{}: {} -> {} ({claims})", l.id, c.model.spec(l.from).name, c.model.spec(l.to).name));
    }
    for s in c.region.series.values().filter(|s| s.variable.as_ref().is_some_and(|x| x.id == spec.name)) {
        sheet.add("observed by", format!("series.{}", s.id));
    }
    for (who, _) in c.region.entries().iter().filter(|(_, e)| e.kind == oxus_pack::region::EntryKind::Variable && e.id.id == spec.name) {
        sheet.add("takes up", who.replace('`', ""));
    }
    sheet
}

/// Claims of a link, those of its sides included.
pub fn ids(link: &Link) -> Vec<String> {
    let contested = link.contested.values().flat_map(|side| &side.claims);
    link.claims.iter().chain(contested).map(|n| n.id.clone()).collect()
}

fn parameter(c: &Context<'_>, id: &str) -> Option<Sheet> {
    let entity = c.args.entity.as_deref();
    let parts = c.args.case.as_deref().and_then(|t| Case::parse(t, c.region).ok()).map(|k| k.parts).unwrap_or_default();
    let scenarios: Vec<&str> = parts.iter().map(|p| p.0.as_str()).collect();
    let layers = c.region.stack(id, entity, c.args.view.as_deref(), &scenarios, None);
    let parameter = c.region.parameters.get(id);
    if layers.is_empty() && parameter.is_none() {
        return None;
    }
    let mut sheet = Sheet::new("parameter", format!("{id}{}", entity.map_or_else(String::new, |e| format!(" for {e}"))), "");
    for layer in &layers {
        let at = layer.span.map_or_else(String::new, |s| place(c, s));
        sheet.add("precedence", format!("{}: {:?}  {at}", layer.origin, layer.value));
    }
    if entity.is_none() {
        sheet.add("precedence", "`--entity NAME` shows which number holds for it, with `--view` and `--case`");
    }
    if layers.len() > 1 {
        sheet.add("precedence", "(the last wins)");
    }
    if let Some(parameter) = parameter {
        parameter.default.iter().for_each(|n| number(c, &mut sheet, "all", n));
        for (name, n) in parameter.entities.iter().filter(|(e, _)| entity.is_none_or(|x| x == e.as_str())) {
            number(c, &mut sheet, name, n);
        }
    }
    Some(sheet)
}

fn number(c: &Context<'_>, sheet: &mut Sheet, name: &str, n: &Number) {
    let (low, high) = (n.value.quantile(0.05), n.value.quantile(0.95));
    let spread = if n.value.is_fixed() { String::new() } else { format!(", 5-95 %: {} to {}", plain(low), plain(high)) };
    sheet.add("values", format!("{name}: mean {}{spread} {}; {}", plain(n.value.mean()), n.unit, words(n.status)));
    evidence(c, sheet, &n.evidence);
    n.note.iter().for_each(|note| sheet.add("note", note));
}

fn evidence(c: &Context<'_>, sheet: &mut Sheet, e: &Evidence) {
    for cite in &e.cites {
        match cite {
            Cite::Claim(name) => sheet.add("evidence", format!("claim {}", line(c.region, &name.id))),
            Cite::Work(work) => {
                let title = c.region.references.get(&work.work.id).map_or("", |w| w.title.as_str());
                let at = work.at.as_ref().map_or_else(String::new, |a| format!(", {a}"));
                sheet.add("evidence", format!("{}: {title}{at}", work.work));
            }
        }
    }
    if let Some(from) = &e.from {
        let series: Vec<String> = from.series.iter().map(|s| format!("series.{s}")).collect();
        sheet.add("evidence", format!("from {} {}: {}", series.join(", "), from.years.as_deref().unwrap_or(""), from.method));
    }
    e.formula.iter().for_each(|f| sheet.add("evidence", format!("formula: {f}")));
    e.reason.iter().for_each(|r| sheet.add("evidence", format!("reason: {r}")));
}

fn link(c: &Context<'_>, link: &Link) -> Sheet {
    let mut sheet = Sheet::new("link", &link.id, format!("{} -> {}", link.from, link.to)).says(link.note.clone().unwrap_or_default());
    ids(link).iter().for_each(|id| sheet.add("claims", line(c.region, id)));
    let claims: Vec<&Claim> = link.claims.iter().filter_map(|n| c.region.claims.get(&n.id)).collect();
    if let Some(prior) = oxus_pack::strength::of_claims(&claims) {
        let sign = link.sign.map_or_else(String::new, |s| format!("{s:?} ").to_lowercase());
        let size = plain(prior.size.quantile(0.5));
        sheet.add(
            "strength",
            format!("exists with probability {:.2}; if so, median size {size} ({sign}sign holds {:.2})", prior.exists, prior.sign_holds),
        );
    }
    for (who, side) in &link.contested {
        sheet.add("contested", format!("{who} say {}", words(side.sign)));
    }
    sheet.add("scale", format!("one typical deviation of the source: {}", plain(link.scale.value.mean())));
    sheet.add("delay", format!("{} months", plain(link.lag.as_ref().map_or(0.0, |l| l.value.mean()))));
    sheet.add("written in", place(c, link.span));
    sheet
}

fn scenario(c: &Context<'_>, s: &Scenario) -> Sheet {
    let mut sheet = Sheet::new("scenario", &s.id, &s.title).says(&s.narrative);
    if let Some(lever) = &s.lever {
        sheet.add("lever of", &lever.actor);
    }
    for i in &s.interventions {
        let entities: Vec<&str> = i.entities.iter().map(|n| n.id.as_str()).collect();
        let (sort, name) = match &i.target {
            Target::Variable(n) => ("variable", n),
            Target::Parameter(n) => ("parameter", n),
            Target::Link(n) => ("link", n),
            Target::Event(n) => ("event", n),
            Target::Mechanism(n) => ("mechanism", n),
        };
        let entities = if entities.is_empty() { String::new() } else { format!(" [{}]", entities.join(" ")) };
        sheet.add("does", format!("{sort} {name}{entities}: {}; {}", action(&i.action), words(i.status)));
        evidence(c, &mut sheet, &i.evidence);
    }
    s.claims.iter().for_each(|name| sheet.add("claims", line(c.region, &name.id)));
    sheet
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

fn series(c: &Context<'_>, s: &Series) -> Sheet {
    let mut sheet = Sheet::new("series", &s.id, format!("{} ({})", s.title, s.unit)).says(&s.citation);
    sheet.add("publisher", &s.publisher);
    sheet.add("licence", &s.licence);
    sheet.add("vintage", &s.vintage);
    sheet.add("observable", format!("{} months after the end of a period", s.lag_months));
    s.transform.iter().for_each(|t| sheet.add("transform", t));
    s.note.iter().for_each(|t| sheet.add("note", t));
    for (entity, values) in &s.values {
        if let (Some(first), Some(last)) = (values.first(), values.last()) {
            let (n, value, from) = (values.len(), plain(last.value), last.observable_from);
            sheet.add("values", format!("{entity}: {n}, {} to {}; last {value}, observable from {from}", first.period, last.period));
        }
    }
    sheet.add("written in", place(c, s.span));
    sheet
}
