//! What the source says: claims and figures, events, actors, ties, what it leaves open, organisations and ways of opiates.

use oxus_pack::Region;
use oxus_pack::region::{
    Actor, Bound, Cite, Claim, Entry, EntryKind, Evidence, Figure, Happening, Name, Number, Organisation, Proposal, Quantity, Rule, Tie, TieSign,
    Uncertainty,
};

use super::Context;
use super::items::{ids, place};
use super::sheet::{Sheet, words};
use crate::output::number::plain;

/// Every sheet of this name.
pub fn find(c: &Context<'_>, what: &str) -> Vec<Sheet> {
    let r = c.region;
    let actor = r.actors.get(what).or_else(|| r.actors.values().find(|a| a.number == what));
    let proposal = what.split_once('.').and_then(|(at, id)| Some((r.organisations.get(at)?, r.organisations.get(at)?.proposals.get(id)?)));
    let open = r.uncertainties.get(what);
    let found = [
        r.claims.get(what).map(|x| claim(c, x)),
        r.happenings.get(what).map(|x| event(c, x)),
        r.ties.get(what).map(|x| tie(c, x)),
        actor.map(|x| one_actor(c, x)),
        open.map(|x| uncertainty(c, x)),
        r.organisations.get(what).map(|x| organisation(c, x)),
        proposal.map(|(at, x)| one_proposal(c, at, x)),
        r.routes.get(what).map(|x| route(c, x)),
    ];
    found.into_iter().flatten().collect()
}

/// A claim in a line, for those who name it.
pub fn line(region: &Region, id: &str) -> String {
    region.claims.get(id).map_or_else(|| id.to_owned(), |x| format!("{id}: {}", x.says))
}

fn taken_up(sheet: &mut Sheet, entries: &[Entry], why: Option<&String>) {
    entries.iter().for_each(|entry| sheet.add("taken up by", entry.to_string().replacen(':', " ", 1)));
    sheet.add("why", why.cloned().unwrap_or_default());
}

fn claim(c: &Context<'_>, claim: &Claim) -> Sheet {
    let r = c.region;
    let sort = if claim.quantity.is_some() { "quantity" } else { "claim" };
    let mut sheet = Sheet::new(sort, &claim.id, "").says(&claim.says);
    if let Some(quantity) = &claim.quantity {
        figure(&mut sheet, quantity);
    }
    sheet.add("said by", format!("{}; {}; {} voice; evidence: {}", claim.claimant, words(claim.hedge), words(claim.voice), words(claim.evidence)));
    sheet.add("at", claim.at.join(", "));
    sheet.add("role", words(claim.role));
    taken_up(&mut sheet, &claim.enters, claim.why.as_ref());
    rests(&mut sheet, r, &claim.id);
    let contrary = r.claims.values().filter(|x| x.contradicts.iter().any(|n| n.id == claim.id)).map(|x| x.id.as_str());
    for id in claim.contradicts.iter().map(|n| n.id.as_str()).chain(contrary) {
        sheet.add("contradicted by", line(r, id));
    }
    for x in r.uncertainties.values().filter(|x| x.between.iter().any(|n| n.id == claim.id)) {
        sheet.add("left open", format!("{}: {} (held: {})", x.id, x.says, words(x.held)));
    }
    sheet
}

fn figure(sheet: &mut Sheet, quantity: &Quantity) {
    let unit = quantity.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    let bound = match quantity.bound {
        None => "",
        Some(Bound::About) => "about ",
        Some(Bound::AtLeast) => "at least ",
        Some(Bound::AtMost) => "at most ",
        Some(Bound::Almost) => "almost ",
        Some(Bound::Projected) => "projected: ",
    };
    let value = match quantity.figure {
        Figure::Value(value) => format!("{bound}{}{unit}", plain(value)),
        Figure::Range(low, high) => format!("{bound}{} to {}{unit}", plain(low), plain(high)),
        Figure::Date(date) => format!("{bound}{date}"),
        Figure::Unstated => "not stated".into(),
    };
    sheet.add("of", &quantity.about);
    sheet.add("value", value);
    sheet.add("printed as", quantity.printed.clone().unwrap_or_default());
    sheet.add("date", quantity.date.map_or_else(String::new, |date| date.to_string()));
}

/// What stands on a claim: links, numbers, scenarios, reckonings, events and ties.
fn rests(sheet: &mut Sheet, r: &Region, id: &str) {
    for link in r.links.values().filter(|l| ids(l).iter().any(|x| x == id)) {
        sheet.add("carries", format!("link {} ({} -> {})", link.id, link.from, link.to));
    }
    let cites = |evidence: &Evidence| evidence.cites.iter().any(|cite| matches!(cite, Cite::Claim(name) if name.id == id));
    for parameter in r.parameters.values() {
        let mut names: Vec<&str> = parameter.entities.iter().filter(|(_, n)| cites(&n.evidence)).map(|(entity, _)| entity.as_str()).collect();
        if parameter.default.as_ref().is_some_and(|n: &Number| cites(&n.evidence)) {
            names.clear();
            sheet.add("carries", format!("parameters.{}", parameter.id));
        } else if !names.is_empty() {
            sheet.add("carries", format!("parameters.{} for {}", parameter.id, names.join(", ")));
        }
    }
    for s in r.scenarios.values() {
        let numbers = s.interventions.iter().any(|i| cites(&i.evidence));
        if numbers || s.claims.iter().any(|n| n.id == id) {
            sheet.add("used by", format!("scenario {} {}", s.id, s.title));
        }
    }
    for x in r.reckonings.values() {
        let part = |name: &Name| name.id.split(|ch: char| !ch.is_alphanumeric()).any(|word| word == id);
        if x.values.iter().any(|value| part(&value.formula)) {
            sheet.add("reckoned with", format!("{}: {}", x.id, x.says));
        }
    }
    let takes = |entries: &[Entry]| entries.iter().any(|e| e.kind == EntryKind::Claim && e.id.id == id);
    for x in r.happenings.values().filter(|x| takes(&x.enters)) {
        sheet.add("told of", format!("event {}: {}", x.id, x.what));
    }
    for x in r.ties.values().filter(|x| takes(&x.enters)) {
        sheet.add("told of", format!("tie {}: {}", x.id, x.what));
    }
}

fn event(c: &Context<'_>, x: &Happening) -> Sheet {
    let date = x.date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let mut sheet = Sheet::new("event", &x.id, date).says(&x.what);
    sheet.add("kind", words(x.kind));
    sheet.add("where", x.places.iter().map(|n| named(c.region, &n.id)).collect::<Vec<_>>().join(", "));
    sheet.add("at", &x.at);
    sheet.add("part", words(x.part));
    taken_up(&mut sheet, &x.enters, x.why.as_ref());
    sheet.add("written in", place(c, x.span));
    sheet
}

/// A code with the name of the state, province or actor that it stands for.
fn named(r: &Region, id: &str) -> String {
    let name = r.states.get(id).map(|x| &x.name).or_else(|| r.provinces.get(id).map(|x| &x.name)).or_else(|| r.actors.get(id).map(|x| &x.name));
    name.map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"))
}

fn tie(c: &Context<'_>, x: &Tie) -> Sheet {
    let title = format!("{} and {}", named(c.region, &x.from.id), named(c.region, &x.to.id));
    let mut sheet = Sheet::new("tie", &x.id, title).says(&x.what);
    sheet.add("sign", sign(x.sign));
    sheet.add("dates", x.dates.clone().unwrap_or_default());
    sheet.add("at", &x.at);
    sheet.add("part", words(x.part));
    taken_up(&mut sheet, &x.enters, x.why.as_ref());
    sheet.add("written in", place(c, x.span));
    sheet
}

fn sign(sign: TieSign) -> &'static str {
    match sign {
        TieSign::Plus => "helps",
        TieSign::Minus => "harms",
        TieSign::Mixed => "helps and harms",
        TieSign::Neutral => "neither helps nor harms",
    }
}

fn one_actor(c: &Context<'_>, x: &Actor) -> Sheet {
    let mut sheet = Sheet::new("actor", format!("{} ({})", x.number, x.id), &x.name).says(&x.kind);
    if x.enters.is_empty() {
        sheet.add("in the model", "no");
    }
    taken_up(&mut sheet, &x.enters, x.why.as_ref());
    sheet.add("at", &x.at);
    for t in c.region.ties.values().filter(|t| t.from.id == x.id || t.to.id == x.id) {
        let (to, other) = if t.from.id == x.id { ("to", &t.to.id) } else { ("from", &t.from.id) };
        sheet.add("ties", format!("{} {to} {other}, {}: {}", t.id, sign(t.sign), t.what));
    }
    sheet.add("written in", place(c, x.span));
    sheet
}

fn uncertainty(c: &Context<'_>, x: &Uncertainty) -> Sheet {
    let mut sheet = Sheet::new("uncertainty", &x.id, "").says(&x.says);
    x.between.iter().for_each(|name| sheet.add("between", line(c.region, &name.id)));
    sheet.add("held", words(x.held));
    taken_up(&mut sheet, &x.enters, x.why.as_ref());
    sheet.add("at", x.at.join(", "));
    sheet.add("written in", place(c, x.span));
    sheet
}

fn organisation(c: &Context<'_>, x: &Organisation) -> Sheet {
    let mut sheet = Sheet::new("organisation", &x.id, &x.name).says(x.rule_text.clone().unwrap_or_default());
    let rule = match x.rule {
        Rule::Consensus => "by consensus",
        Rule::Majority => "by majority",
        Rule::Weighted => "by weighted votes",
        Rule::Advisory => "takes none, it advises",
    };
    sheet.add("decisions", rule);
    sheet.add("quota", x.quota.as_ref().map_or_else(String::new, |n| plain(n.value.mean())));
    for member in &x.members {
        let since = member.valid_from.map_or_else(String::new, |month| format!(" since {month}"));
        let until = member.valid_to.map_or_else(String::new, |month| format!(" until {month}"));
        sheet.add(if member.voting { "members" } else { "observers" }, format!("{}{since}{until}", member.id));
    }
    x.proposals.values().for_each(|p| sheet.add("proposals", format!("{}.{}: {}", x.id, p.id, p.title)));
    for e in c.region.entries() {
        if e.1.kind == EntryKind::Organisation && e.1.id.id == x.id {
            sheet.add("named by", e.0.replace('`', ""));
        }
    }
    sheet.add("written in", place(c, x.span));
    sheet
}

fn one_proposal(c: &Context<'_>, at: &Organisation, x: &Proposal) -> Sheet {
    let mut sheet = Sheet::new("proposal", format!("{}.{}", at.id, x.id), &x.title).says(format!("before: {}", at.name));
    for (member, position) in &x.positions {
        let salience = x.salience.get(member).map_or_else(String::new, |n| format!(", weight of the matter {}", plain(n.value.mean())));
        sheet.add("positions", format!("{member} {}{salience} ({})", plain(position.value.mean()), words(position.status)));
    }
    sheet.add("scale", "0 is the status quo, 1 the boldest change");
    let reason = x.positions.values().find_map(|n| n.evidence.reason.clone());
    sheet.add("reason", reason.unwrap_or_default());
    sheet.add("written in", place(c, x.span));
    sheet
}

fn route(c: &Context<'_>, x: &oxus_pack::region::Route) -> Sheet {
    let mut sheet = Sheet::new("route", &x.id, &x.name);
    sheet.add("states", x.states.iter().map(|n| named(c.region, &n.id)).collect::<Vec<_>>().join(", then "));
    sheet.add("ends in", x.province.as_ref().or(x.power.as_ref()).map_or_else(|| "markets elsewhere".into(), |n| named(c.region, &n.id)));
    for work in &x.sources {
        let title = c.region.references.get(&work.work.id).map_or("", |w| w.title.as_str());
        sheet.add("sources", format!("{}: {title}{}", work.work, work.at.as_ref().map_or_else(String::new, |at| format!(", {at}"))));
    }
    sheet.add("written in", place(c, x.span));
    sheet
}
