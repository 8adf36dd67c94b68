//! Reckonings computed, compared and put in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use oxus_pack::formula::Formula;
use oxus_pack::region::{Reckoning, Region};
use serde::Serialize;

/// How a reckoning ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// What the source says agrees with its figures.
    Holds,
    /// It does not.
    DoesNotHold,
    /// Nothing is said: a number that follows.
    Follows,
    /// A figure that it needs gives no number.
    CannotBeTold,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::Follows => "follows",
            Self::CannotBeTold => "cannot be told",
        }
    }
}

/// One computed number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value {
    /// Name within the reckoning.
    pub id: String,
    /// Value in the unit.
    pub value: f64,
    /// Unit.
    pub unit: String,
}

/// What one reckoning finds.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// Id of the reckoning.
    pub id: String,
    /// What was checked.
    pub says: String,
    /// How it ended.
    pub verdict: Verdict,
    /// The finding in a sentence.
    pub finding: String,
    /// Its numbers.
    pub values: Vec<Value>,
    /// How equal is equal, and why, where that was asked.
    pub tolerance: Option<String>,
    /// Claims whose figures it rests on.
    pub rests_on: Vec<String>,
    /// Places in the source.
    pub at: Vec<String>,
}

/// All reckonings of a pack, in the order of its file.
pub fn findings(region: &Region) -> Vec<Finding> {
    let mut list: Vec<&Reckoning> = region.reckonings.values().collect();
    list.sort_by_key(|r| r.span.range().start);
    list.into_iter().map(|r| finding(region, r)).collect()
}

fn finding(region: &Region, reckoning: &Reckoning) -> Finding {
    let mut known: BTreeMap<&str, f64> = BTreeMap::new();
    let mut rests_on = Vec::new();
    let mut compute = |text: &str, known: &BTreeMap<&str, f64>| {
        let formula = Formula::parse(text).ok()?;
        for (id, _) in formula.ids() {
            let claim = id.split_once('.').map_or(id, |(claim, _)| claim);
            if region.claims.contains_key(claim) && !rests_on.iter().any(|r| r == claim) {
                rests_on.push(claim.to_owned());
            }
        }
        formula.eval(&|id| known.get(id).copied().or_else(|| region.figure(id))).filter(|x| x.is_finite())
    };
    let mut values = Vec::new();
    for value in &reckoning.values {
        if let Some(based) = compute(&value.formula.id, &known) {
            known.insert(&value.id.id, based);
            values.push(Value { id: value.id.id.clone(), value: based / value.unit.factor(), unit: value.unit.to_string() });
        }
    }
    let shown = |id: &str| values.iter().find(|v| v.id == id).map(|v| v.value);
    let verdict = match &reckoning.expect {
        _ if values.len() < reckoning.values.len() => Verdict::CannotBeTold,
        None => Verdict::Follows,
        Some(expect) => {
            let factor = reckoning.values.iter().find(|v| v.id.id == expect.value.id).map_or(1.0, |v| v.unit.factor());
            match (shown(&expect.value.id), compute(&expect.to.id, &known)) {
                (Some(value), Some(to)) if expect.is.holds(value, to / factor, expect.within) => Verdict::Holds,
                (Some(_), Some(_)) => Verdict::DoesNotHold,
                _ => Verdict::CannotBeTold,
            }
        }
    };
    let text = match verdict {
        Verdict::Holds => &reckoning.holds,
        Verdict::DoesNotHold => &reckoning.fails,
        Verdict::Follows => &reckoning.finds,
        Verdict::CannotBeTold => &None,
    };
    let tolerance = reckoning.expect.as_ref().and_then(|e| Some(format!("within {}: {}", e.within, e.because.as_ref()?)));
    Finding {
        id: reckoning.id.clone(),
        says: reckoning.says.clone(),
        verdict,
        finding: text.as_ref().map_or_else(|| "a figure that it needs gives no number".into(), |t| fill(&t.id, &shown)),
        values,
        tolerance,
        rests_on,
        at: reckoning.at.clone(),
    }
}

/// The sentence with its numbers: `{name}` to three digits that matter, `{name:1}` to one decimal, `{name:0,}` with thousands apart.
fn fill(text: &str, value: &dyn Fn(&str) -> Option<f64>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (inside, after) = after.split_once('}').unwrap_or((after, ""));
        let (name, form) = inside.split_once(':').unwrap_or((inside, ""));
        match value(name) {
            Some(x) => out.push_str(&number(x, form)),
            None => {
                let _ = write!(out, "{{{inside}}}");
            }
        }
        rest = after;
    }
    out + rest
}

fn number(x: f64, form: &str) -> String {
    let plain = form.trim_end_matches(',');
    let decimals = plain.parse::<usize>().unwrap_or_else(|_| {
        let whole = format!("{:.0}", x.abs()).len();
        3_usize.saturating_sub(whole)
    });
    let text = format!("{x:.decimals$}");
    if form.ends_with(',') { apart(&text) } else { text }
}

fn apart(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |d| ("-", d));
    let whole = digits.find('.').unwrap_or(digits.len());
    let mut out = sign.to_owned();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i < whole && (whole - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
